import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertDocumentInvariants, type RecordingDocument } from '../../../core/document/assertDocumentInvariants.js';
import { clearLabel, setLabel } from '../../../core/labels/editLabels.js';
import {
  addMark,
  changeMark,
  mergeProposals,
  removeMark,
  resizeMark,
  setReview,
} from '../../../core/marks/editMarks.js';
import { addSegment, removeSegment, resizeSegment, setSegmentText } from '../../../core/segments/editSegments.js';
import { fromSeconds, microseconds, type TimeRange } from '../../../core/time/microseconds.js';
import { mark, range, segment } from '../fixtures.js';

const DURATION = fromSeconds(20);
const proposal = mark({ id: 'auto-audio-noisy-0001', source: 'auto', review: 'proposed', range: range(2, 4) });
const label = { segmentId: 's0001', raterId: 'R1', label: 'fear', modifiedUtc: '2026-01-01T00:00:00Z' } as const;
const DOCUMENT: RecordingDocument = {
  duration: DURATION,
  segments: [segment('s0001', 0, 4, 'words'), segment('s0002', 5, 9)],
  marks: [mark({ id: 'human-audio-0001', range: range(1, 2) }), proposal],
  labels: [label],
};

describe('editing marks', () => {
  it('a new mark is human and confirmed, cut to the recording, with an id of its own', () => {
    const added = addMark(
      DOCUMENT.marks,
      { modality: 'visual', range: range(18, 30), kind: 'dark', severity: 3 },
      DURATION,
    );
    expect(added.mark).toMatchObject({ source: 'human', review: 'confirmed', range: range(18, 20), note: '' });
    expect(added.marks).toHaveLength(3);
    expect(DOCUMENT.marks).toHaveLength(2);
  });

  it('refuses a mark outside the recording and an id that does not exist', () => {
    const outside = { modality: 'audio', range: range(20, 21), kind: 'noisy', severity: 1 } as const;
    expect(() => addMark([], outside, DURATION)).toThrow(/holds no time of the recording/);
    expect(() => removeMark(DOCUMENT.marks, 'gone')).toThrow(/no mark gone/);
  });

  it('a proposal becomes confirmed by a decision or a change of a person, and can be reopened', () => {
    const reviewOf = (marks: readonly { id: string; review: string }[]) =>
      marks.find(({ id }) => id === proposal.id)!.review;
    expect(reviewOf(setReview(DOCUMENT.marks, proposal.id, 'rejected'))).toBe('rejected');
    expect(reviewOf(resizeMark(DOCUMENT.marks, proposal.id, range(2, 3), DURATION))).toBe('confirmed');
    const changed = changeMark(DOCUMENT.marks, proposal.id, { severity: 3 });
    expect(reviewOf(changed)).toBe('confirmed');
    expect(reviewOf(setReview(changed, proposal.id, 'proposed'))).toBe('proposed');
    expect(() => setReview(DOCUMENT.marks, 'human-audio-0001', 'rejected')).toThrow(/made by a person/);
  });

  it('new proposals replace the undecided ones and leave every decision as it is', () => {
    const rejected = setReview(DOCUMENT.marks, proposal.id, 'rejected');
    const again = [
      { ...proposal, id: 'auto-audio-noisy-0002', range: range(3, 5) },
      { ...proposal, id: 'auto-audio-noisy-0003', range: range(10, 12) },
    ];
    expect(mergeProposals(rejected, again).map((item) => item.id)).toEqual([
      'human-audio-0001',
      proposal.id,
      'auto-audio-noisy-0003',
    ]);
    expect(mergeProposals(DOCUMENT.marks, again).map((item) => item.id)).toEqual([
      'human-audio-0001',
      'auto-audio-noisy-0002',
      'auto-audio-noisy-0003',
    ]);
  });
});

describe('editing segments and labels', () => {
  it('a resized segment keeps id and text and is human from then on', () => {
    const [first] = resizeSegment(DOCUMENT.segments, 's0001', range(0, 3), DURATION);
    expect(first).toEqual({ id: 's0001', range: range(0, 3), origin: 'human', text: 'words' });
  });

  it('text without words is no text', () => {
    const [first] = setSegmentText(DOCUMENT.segments, 's0001', ' [music] ');
    expect('text' in first!).toBe(false);
    expect(setSegmentText(DOCUMENT.segments, 's0002', ' hi ')[1]?.text).toBe('hi');
  });

  it('a rater has one label per segment; a second one replaces it, another rater’s stays', () => {
    const two = setLabel(DOCUMENT.labels, { ...label, raterId: 'R2' });
    const changed = setLabel(two, { ...label, label: 'anger' });
    expect(changed.map((item) => [item.raterId, item.label])).toEqual([
      ['R2', 'fear'],
      ['R1', 'anger'],
    ]);
    expect(clearLabel(changed, 's0001', 'R1')).toHaveLength(1);
    expect(() => setLabel([], { ...label, score: 4 })).toThrow(/outside -3 to 3/);
  });
});

describe('the invariants of a document', () => {
  it('hold for a sound document', () => {
    expect(() => assertDocumentInvariants(DOCUMENT)).not.toThrow();
  });

  it.each<[string, Partial<RecordingDocument>]>([
    ['exists twice', { segments: [segment('s0001', 0, 1), segment('s0001', 2, 3)] }],
    ['is empty', { marks: [mark({ range: range(1, 1) })] }],
    ['outside the recording', { segments: [segment('s0001', 19, 21)] }],
    ['out of order', { segments: [segment('s0002', 5, 6), segment('s0001', 0, 1)] }],
    ['no integers', { marks: [mark({ range: { start: 0.5, end: 2 } as unknown as TimeRange })] }],
    ['human but proposed', { marks: [mark({ review: 'proposed' })] }],
    ['empty text', { segments: [segment('s0001', 0, 1, ' ')] }],
    ['confidence', { marks: [mark({ source: 'auto', confidence: Number.NaN })] }],
    ['twice', { labels: [label, { ...label, label: 'anger' }] }],
  ])('name what is broken: %s', (words, change) => {
    expect(() => assertDocumentInvariants({ ...DOCUMENT, ...change })).toThrow(words);
  });

  it('survive any sequence of edits, whether an edit is refused or not', () => {
    const time = fc.integer({ min: -5_000_000, max: 25_000_000 }).map(microseconds);
    const span = fc.tuple(time, time).map(([start, end]): TimeRange => ({ start, end }));
    const index = fc.nat(5);
    type Edit = (document: RecordingDocument) => Partial<RecordingDocument>;
    const edit = fc.oneof(
      span.map((part): Edit => ({ marks }) => {
        return {
          marks: addMark(marks, { modality: 'audio', range: part, kind: 'noisy', severity: 1 }, DURATION).marks,
        };
      }),
      fc.tuple(index, span).map(([i, part]): Edit => ({ marks }) => {
        return { marks: resizeMark(marks, marks[i]?.id ?? '?', part, DURATION) };
      }),
      fc.tuple(index, fc.constantFrom('proposed', 'confirmed', 'rejected')).map(([i, review]): Edit => ({ marks }) => {
        return { marks: setReview(marks, marks[i]?.id ?? '?', review) };
      }),
      index.map((i): Edit => ({ marks }) => ({ marks: removeMark(marks, marks[i]?.id ?? '?') })),
      span.map((part): Edit => ({ segments }) => ({ segments: addSegment(segments, part, DURATION).segments })),
      fc.tuple(index, span).map(([i, part]): Edit => ({ segments }) => {
        return { segments: resizeSegment(segments, segments[i]?.id ?? '?', part, DURATION) };
      }),
      index.map((i): Edit => ({ segments }) => ({ segments: removeSegment(segments, segments[i]?.id ?? '?') })),
      fc.tuple(index, fc.string()).map(([i, text]): Edit => ({ segments }) => {
        return { segments: setSegmentText(segments, segments[i]?.id ?? '?', text) };
      }),
      index.map((i): Edit => ({ labels }) => ({ labels: setLabel(labels, { ...label, segmentId: `s000${i}` }) })),
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        let document = DOCUMENT;
        for (const apply of edits) {
          try {
            document = { ...document, ...apply(document) };
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
          assertDocumentInvariants(document);
        }
      }),
    );
  });
});
