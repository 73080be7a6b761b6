import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { analysisFingerprint } from '../../../core/document/analysisFingerprint.js';
import { type AnnotationDocument, emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { changeLabel, clearLabel, type LabelKey, setLabel } from '../../../core/labels/editLabels.js';
import { addMark, changeMark, mergeProposals, removeMark, setReview } from '../../../core/marks/editMarks.js';
import { nextProposal } from '../../../core/marks/nextProposal.js';
import { resizeSegment } from '../../../core/segments/resizeSegment.js';
import { fromSeconds, microseconds, type TimeRange } from '../../../core/time/microseconds.js';
import { mark, range, segment } from '../fixtures.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const FRAME = microseconds(40_000);
const human = mark({ id: 'human-audio-0001', range: range(1, 2) });
const proposal = mark({ id: 'auto-audio-noisy-0001', source: 'auto', review: 'proposed', range: range(2, 4) });
const label = { segmentId: 's0001', raterId: 'R1', label: 'fear', modifiedUtc: '2026-01-01T00:00:00Z' } as const;
const OWN: LabelKey = { segmentId: 's0001', raterId: 'R1' };
const DOCUMENT: AnnotationDocument = {
  ...emptyDocument('rec-1', fromSeconds(20), defaultParameters()),
  segments: [segment('s0001', 0, 4, 'words'), segment('s0002', 4, 9), segment('s0003', 12, 15)],
  marks: [human, proposal],
  labels: [label],
};

const markOf = (document: AnnotationDocument, id: string) => document.marks.find((item) => item.id === id)!;
const ids = (document: AnnotationDocument) => document.marks.map((item) => item.id);
const labelOf = (document: AnnotationDocument, { segmentId, raterId }: LabelKey) =>
  document.labels.find((item) => item.segmentId === segmentId && item.raterId === raterId)!;

describe('editing marks', () => {
  it('a new mark is human, confirmed and unusable, cut to the recording, with an id of its own', () => {
    const added = addMark(DOCUMENT, 'audio', range(18, 30));
    expect(added.mark).toMatchObject({ source: 'human', review: 'confirmed', severity: 3, range: range(18, 20) });
    expect(ids(added.document)).toEqual([human.id, proposal.id, added.mark.id]);
    expect(new Set(ids(added.document)).size).toBe(3);
  });

  it('marks stay in order of start', () => {
    const { document, mark: first } = addMark(DOCUMENT, 'visual', range(0, 1));
    expect(ids(document)).toEqual([first.id, human.id, proposal.id]);
    expect(ids(changeMark(document, first.id, { range: range(9, 10) }))).toEqual([human.id, proposal.id, first.id]);
  });

  it('leaves the old document as it was', () => {
    const before = JSON.stringify(DOCUMENT);
    const { document, mark: added } = addMark(DOCUMENT, 'visual', range(1, 2));
    setLabel(changeMark(document, added.id, { severity: 1 }), OWN, 'sadness', NOW);
    removeMark(document, added.id);
    expect(JSON.stringify(DOCUMENT)).toBe(before);
  });

  it('refuses a mark outside the recording and an id that does not exist', () => {
    expect(() => addMark(DOCUMENT, 'audio', range(20, 21))).toThrow(/holds no time of the recording/);
    expect(() => changeMark(DOCUMENT, human.id, { range: range(3, 3) })).toThrow(/holds no time of the recording/);
    expect(() => removeMark(DOCUMENT, 'gone')).toThrow(/no mark gone/);
  });

  it('a proposal becomes confirmed by a decision or a change of a person, and can be reopened', () => {
    const review = (document: AnnotationDocument) => markOf(document, proposal.id).review;
    expect(review(setReview(DOCUMENT, proposal.id, 'rejected'))).toBe('rejected');
    expect(review(changeMark(DOCUMENT, proposal.id, { range: range(2, 3) }))).toBe('confirmed');
    expect(review(changeMark(DOCUMENT, proposal.id, { kind: 'silence' }))).toBe('confirmed');
    const changed = changeMark(DOCUMENT, proposal.id, { severity: 3 });
    expect(review(changed)).toBe('confirmed');
    expect(review(setReview(changed, proposal.id, 'proposed'))).toBe('proposed');
    expect(() => setReview(DOCUMENT, human.id, 'rejected')).toThrow(/made by a person/);
  });

  it('a note on a proposal does not decide about it', () => {
    const noted = changeMark(DOCUMENT, proposal.id, { note: 'ask Kim' });
    expect(markOf(noted, proposal.id)).toMatchObject({ review: 'proposed', note: 'ask Kim' });
  });

  it('new proposals replace the undecided ones and leave every decision as it is', () => {
    const again = [
      { ...proposal, id: 'auto-audio-noisy-0002', range: range(3, 5) },
      { ...proposal, id: 'auto-audio-noisy-0003', range: range(10, 12) },
    ];
    const rejected = setReview(DOCUMENT, proposal.id, 'rejected');
    expect(ids(mergeProposals(rejected, again))).toEqual([human.id, proposal.id, 'auto-audio-noisy-0003']);
    expect(ids(mergeProposals(DOCUMENT, again))).toEqual([human.id, 'auto-audio-noisy-0002', 'auto-audio-noisy-0003']);
  });

  it('a proposal elsewhere that got the id of a decided one is kept under another id', () => {
    const decided = setReview(DOCUMENT, proposal.id, 'confirmed');
    const merged = mergeProposals(decided, [{ ...proposal, range: range(15, 16) }]);
    expect(merged.marks).toHaveLength(3);
    expect(new Set(ids(merged)).size).toBe(3);
    expect(merged.marks.at(-1)).toMatchObject({ review: 'proposed', range: range(15, 16) });
  });

  it('the next proposal goes round in order of time', () => {
    const at = (id: string, start: number) => ({ ...proposal, id, range: range(start, start + 1) });
    const { marks } = mergeProposals(DOCUMENT, [at('late', 9), at('early', 1)]);
    expect(nextProposal(marks, 0)?.id).toBe('early');
    expect(nextProposal(marks, fromSeconds(5))?.id).toBe('late');
    expect(nextProposal(marks, 0, 'early')?.id).toBe('late');
    expect(nextProposal(marks, 0, 'late')?.id).toBe('early');
    expect(nextProposal([], 0)).toBeUndefined();
  });
});

describe('editing segments', () => {
  const resized = (wanted: TimeRange, id = 's0002') =>
    resizeSegment(DOCUMENT, id, wanted, FRAME).segments.find((item) => item.id === id)!;

  it('a resized segment keeps id and text and is human from then on', () => {
    expect(resized(range(0, 3), 's0001')).toEqual({
      id: 's0001',
      range: range(0, 3),
      origin: 'human',
      text: 'words',
    });
  });

  it('a segment never grows into its neighbours or out of the recording, nor shrinks below a frame', () => {
    expect(resized(range(0.5, 19)).range).toEqual(range(4, 12));
    expect(resized(range(12, 99), 's0003').range).toEqual(range(12, 20));
    const thin = resized(range(8.99999, 9)).range;
    expect(thin.end - thin.start).toBe(FRAME);
  });
});

describe('editing labels', () => {
  it('a rater has one label per segment; a second one replaces it, another rater’s stays', () => {
    const two = setLabel(DOCUMENT, { ...OWN, raterId: 'R2' }, 'fear', NOW);
    const changed = setLabel(two, OWN, 'anger', NOW);
    expect(changed.labels.map((item) => [item.raterId, item.label, item.modifiedUtc])).toEqual([
      ['R2', 'fear', NOW.toISOString()],
      ['R1', 'anger', NOW.toISOString()],
    ]);
    expect(clearLabel(changed, OWN).labels.map((item) => item.raterId)).toEqual(['R2']);
  });

  it('an emptied note or score is absent, never an empty text or 0', () => {
    const rated = changeLabel(DOCUMENT, OWN, { note: 'x', score: -1 }, NOW);
    expect(labelOf(rated, OWN)).toMatchObject({ note: 'x', score: -1 });
    const emptied = labelOf(changeLabel(rated, OWN, { note: '', score: undefined }, NOW), OWN);
    expect(emptied).not.toHaveProperty('note');
    expect(emptied).not.toHaveProperty('score');
  });

  it('changing the label keeps note and score', () => {
    const rated = changeLabel(DOCUMENT, OWN, { note: 'x', score: 2 }, NOW);
    expect(labelOf(setLabel(rated, OWN, 'anger', NOW), OWN)).toMatchObject({ label: 'anger', note: 'x', score: 2 });
  });

  it('refuses a score outside -3 to 3', () => {
    expect(() => changeLabel(DOCUMENT, OWN, { score: 4 }, NOW)).toThrow(/outside -3 to 3/);
    expect(() => changeLabel(DOCUMENT, OWN, { score: Number.NaN }, NOW)).toThrow(/outside -3 to 3/);
  });
});

describe('the fingerprint of an analysis', () => {
  it('changes with marks, segments and parameters, not with labels and notes', () => {
    const before = analysisFingerprint(DOCUMENT);
    expect(analysisFingerprint(setLabel(DOCUMENT, OWN, 'anger', NOW))).toBe(before);
    expect(analysisFingerprint(changeMark(DOCUMENT, human.id, { note: 'x' }))).toBe(before);
    expect(analysisFingerprint(changeMark(DOCUMENT, human.id, { severity: 1 }))).not.toBe(before);
    expect(analysisFingerprint(changeMark(DOCUMENT, human.id, { range: range(1, 2.000001) }))).not.toBe(before);
    expect(analysisFingerprint(resizeSegment(DOCUMENT, 's0001', range(0, 3), FRAME))).not.toBe(before);
    const { parameters } = DOCUMENT;
    expect(analysisFingerprint({ ...DOCUMENT, parameters: { ...parameters, seed: 18 } })).not.toBe(before);
  });

  it('is the same when the same marks are found again, in whatever order', () => {
    const found = [proposal, { ...proposal, id: 'auto-audio-noisy-0002', range: range(10, 12) }];
    const once = mergeProposals(DOCUMENT, found);
    expect(analysisFingerprint(mergeProposals(once, [...found].reverse()))).toBe(analysisFingerprint(once));
  });
});

describe('the invariants of a document', () => {
  it('hold for a sound document', () => {
    expect(() => assertDocumentInvariants(DOCUMENT)).not.toThrow();
  });

  it.each<[string, Partial<AnnotationDocument>]>([
    ['exists twice', { segments: [segment('s0001', 0, 1), segment('s0001', 2, 3)] }],
    ['is empty', { marks: [mark({ range: range(1, 1) })] }],
    ['outside the recording', { segments: [segment('s0001', 19, 21)] }],
    ['out of order', { segments: [segment('s0002', 5, 6), segment('s0001', 0, 1)] }],
    ['no integers', { marks: [mark({ range: { start: 0.5, end: 2 } as unknown as TimeRange })] }],
    ['human but proposed', { marks: [mark({ review: 'proposed' })] }],
    ['empty text', { segments: [segment('s0001', 0, 1, ' ')] }],
    ['confidence', { marks: [mark({ source: 'auto', confidence: Number.NaN })] }],
    ['twice', { labels: [label, { ...label, label: 'anger' }] }],
    ['the score', { labels: [{ ...label, score: 4 }] }],
  ])('name what is broken: %s', (words, change) => {
    expect(() => assertDocumentInvariants({ ...DOCUMENT, ...change })).toThrow(words);
  });

  it('survive any sequence of edits, whether an edit is refused or not', () => {
    const time = fc.integer({ min: -5_000_000, max: 25_000_000 }).map(microseconds);
    const span = fc.tuple(time, time).map(([start, end]): TimeRange => ({ start, end }));
    const index = fc.nat(5);
    type Edit = (document: AnnotationDocument) => AnnotationDocument;
    const idOf = (items: readonly { readonly id: string }[], i: number) => items[i]?.id ?? '?';
    const edit = fc.oneof(
      span.map(
        (part): Edit =>
          (old) =>
            addMark(old, 'audio', part).document,
      ),
      fc.tuple(index, span).map(
        ([i, part]): Edit =>
          (old) =>
            changeMark(old, idOf(old.marks, i), { range: part }),
      ),
      fc.tuple(index, fc.constantFrom('proposed', 'confirmed', 'rejected')).map(
        ([i, review]): Edit =>
          (old) =>
            setReview(old, idOf(old.marks, i), review),
      ),
      index.map(
        (i): Edit =>
          (old) =>
            removeMark(old, idOf(old.marks, i)),
      ),
      fc.array(fc.tuple(fc.nat(18), fc.nat(3)), { maxLength: 4 }).map((found): Edit => (old) => {
        const proposals = found.map(([start, id]) => ({
          ...proposal,
          id: `auto-${id}`,
          range: range(start, start + 1),
        }));
        return mergeProposals(old, [...new Map(proposals.map((item) => [item.id, item])).values()]);
      }),
      fc.tuple(index, span).map(
        ([i, part]): Edit =>
          (old) =>
            resizeSegment(old, idOf(old.segments, i), part, FRAME),
      ),
      index.map(
        (i): Edit =>
          (old) =>
            setLabel(old, { ...OWN, segmentId: `s000${i}` }, 'anger', NOW),
      ),
      fc.double({ min: -5, max: 5 }).map(
        (score): Edit =>
          (old) =>
            changeLabel(old, OWN, { score }, NOW),
      ),
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        let document = DOCUMENT;
        for (const apply of edits) {
          try {
            document = apply(document);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
          assertDocumentInvariants(document);
        }
      }),
    );
  });
});
