import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { countProposals, reviewInBulk } from '../../../core/marks/bulkReview.js';
import { changeMark, ownKindsOf, setReview } from '../../../core/marks/editMarks.js';
import type { CorruptionMark, MarkKind } from '../../../core/marks/mark.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { mark, range } from '../fixtures.js';

const proposal = (id: string, kind: MarkKind, confidence?: number): CorruptionMark =>
  mark({
    ...{ id, kind, source: 'auto', review: 'proposed', range: range(1, 2) },
    ...(confidence === undefined ? {} : { confidence }),
  });
const MARKS = [
  mark({ id: 'human-audio-0001' }),
  proposal('p1', 'noisy', 0.9),
  proposal('p2', 'noisy', 0.4),
  proposal('p3', 'silence', 0.4),
  proposal('p4', 'silence'),
];
const DOCUMENT = { ...emptyDocument('rec-1', fromSeconds(20), defaultParameters()), marks: MARKS };
const reviews = (document: typeof DOCUMENT) => document.marks.map(({ review }) => review).join(' ');

describe('bulk review of proposals', () => {
  it('counts by kind what lies at or above, below, and what has no confidence', () => {
    expect(countProposals(MARKS, 0.4)).toEqual([
      { kind: 'noisy', above: 2, below: 0, unknown: 0 },
      { kind: 'silence', above: 1, below: 0, unknown: 1 },
    ]);
    expect(countProposals(MARKS, 0.41).map(({ above, below }) => [above, below])).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });

  it('accepts above and rejects below in one edit, says who did, and leaves the rest open', () => {
    const kinds = new Set<MarkKind>(['noisy']);
    const next = reviewInBulk(DOCUMENT, { threshold: 0.5, kinds }, { above: 'confirmed', below: 'rejected' }, 'R2');
    expect(reviews({ ...next, marks: [...next.marks] })).toBe('confirmed confirmed rejected proposed proposed');
    expect(next.marks.map(({ reviewedBy }) => reviewedBy)).toEqual([undefined, 'R2', 'R2', undefined, undefined]);
    assertDocumentInvariants(next);
  });

  it('one without a confidence is never decided by a threshold', () => {
    const all = { threshold: 0, kinds: new Set<MarkKind>(['noisy', 'silence']) };
    const next = reviewInBulk(DOCUMENT, all, { above: 'rejected' }, 'R1');
    expect(next.marks.find(({ id }) => id === 'p4')?.review).toBe('proposed');
    expect(reviewInBulk(DOCUMENT, { ...all, kinds: new Set() }, { above: 'rejected' }, 'R1')).toBe(DOCUMENT);
  });
});

describe('who decided, and own kinds', () => {
  it('reopening a proposal forgets who decided', () => {
    const decided = setReview(DOCUMENT, 'p1', 'rejected', 'R2');
    expect(decided.marks[1]).toMatchObject({ review: 'rejected', reviewedBy: 'R2' });
    expect(setReview(decided, 'p1', 'proposed', 'R1').marks[1]).not.toHaveProperty('reviewedBy');
  });

  it('an own kind is “other” with a name, joins the vocabulary, and goes when a known kind is chosen', () => {
    const own = changeMark(DOCUMENT, 'human-audio-0001', { kind: 'other', ownKind: ' wind ' });
    const changed = own.marks.find(({ id }) => id === 'human-audio-0001');
    expect(changed).toMatchObject({ kind: 'other', ownKind: 'wind' });
    expect(ownKindsOf(own)).toEqual(['wind']);
    const back = changeMark(own, 'human-audio-0001', { kind: 'noisy' });
    expect(back.marks.find(({ id }) => id === 'human-audio-0001')).not.toHaveProperty('ownKind');
    expect(ownKindsOf(back)).toEqual(['wind']);
    assertDocumentInvariants(own);
  });
});
