import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnnotationDocument, emptyDocument } from '../../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../../core/document/assertDocumentInvariants.js';
import { analysisFingerprint } from '../../../core/document/analysisFingerprint.js';
import { setLabel } from '../../../core/labels/editLabels.js';
import type { SegmentResult } from '../../../core/recovery/estimate.js';
import {
  acceptSegment,
  correctSegment,
  type ReviewMoment,
  reopenSegment,
  setReviewThreshold,
  skipSegment,
} from '../../../core/review/editReview.js';
import { outcomeNow } from '../../../core/review/review.js';
import {
  countQueue,
  filterQueue,
  outcomesOf,
  reviewPace,
  reviewQueue,
  uncertaintyHistogram,
} from '../../../core/review/reviewQueue.js';
import { uncertaintyOf } from '../../../core/review/uncertainty.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { analysis, estimate, processorTime, RUNAWAY_MILLISECONDS, segment, use } from '../fixtures.js';

const observed = { text: use(), audio: use(), visual: use() };
const lostFace = { ...observed, visual: use({ state: 'recovered', usableFraction: 0.1, samples: 8 }) };
const result = (segmentId: string, change: Partial<SegmentResult> = {}): SegmentResult => ({
  segmentId,
  use: observed,
  estimate: estimate(),
  ...change,
});
const byId = (...results: SegmentResult[]) => new Map(results.map((entry) => [entry.segmentId, entry]));

describe('uncertainty', () => {
  it('keeps three kinds apart and is their mean', () => {
    const found = uncertaintyOf(
      result('a', {
        use: { ...lostFace, audio: use({ state: 'degraded', usableFraction: 0.8, quality: 0.5 }) },
        estimate: estimate({
          confidence: 0.4,
          scoreSpread: 0.25,
          probabilityLow: [0.3, 0, 0, 0, 0, 0, 0],
          probabilityHigh: [0.42, 0, 0, 0, 0, 0, 0],
        }),
      }),
    );
    expect(found.input).toBeCloseTo((0 + 0.6 + 1) / 3);
    expect(found.recovery).toBeCloseTo(0.25);
    expect(found.prediction).toBeCloseTo(0.6 / (6 / 7));
    expect(found.total).toBeCloseTo((found.input + 0.25 + 0.7) / 3);
  });

  it('takes the width of the label’s probability where the score hardly moves', () => {
    const moved = estimate({ scoreSpread: 0.01, probabilityLow: [0.1], probabilityHigh: [0.7] });
    expect(uncertaintyOf(result('a', { use: lostFace, estimate: moved })).recovery).toBeCloseTo(0.6);
  });

  it('has no recovery doubt where nothing was recovered, and none that is made up from one sample', () => {
    const quiet = uncertaintyOf(result('a'));
    expect(quiet.recovery).toBeUndefined();
    expect(quiet.total).toBeCloseTo((0 + 0.7 + 0) / 3);
    const single = uncertaintyOf(result('a', { use: lostFace }));
    expect(single.recovery).toBeUndefined();
    expect(single.total).toBeCloseTo((1 / 3 + 0.7) / 2);
  });

  it('is 1 without an estimate, and prediction doubt is missing, not 0', () => {
    const nothing = use({ state: 'missing', usableFraction: 0 });
    const found = uncertaintyOf({ segmentId: 'a', use: { text: nothing, audio: nothing, visual: nothing } });
    expect(found).toEqual({ input: 1, total: 1 });
  });

  it('lies between 0 and 1 for any result', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, fc.double({ min: 0, max: 50, noNaN: true }), (usable, quality, sure, spread) => {
        const found = uncertaintyOf(
          result('a', {
            use: { ...lostFace, text: use({ usableFraction: usable, quality }) },
            estimate: estimate({ confidence: sure, scoreSpread: spread }),
          }),
        );
        for (const value of Object.values(found)) expect(value >= 0 && value <= 1).toBe(true);
      }),
    );
  });
});

const SEGMENTS = [segment('a', 0, 2), segment('b', 2, 12), segment('c', 12, 13), segment('d', 13, 15)];
const QUEUE = reviewQueue(SEGMENTS, byId(result('a', { use: lostFace }), result('b'), result('d', { use: lostFace })));

describe('the queue', () => {
  it('sorts by uncertainty times length, equal ones by time, and leaves out what was not analysed', () => {
    expect(QUEUE.map((item) => item.segment.id)).toEqual(['b', 'a', 'd']);
    expect(QUEUE[0]!.priority).toBeCloseTo(QUEUE[0]!.uncertainty.total * 10);
  });

  it('counts what is due from the threshold on, and what stays as the model read it', () => {
    const outcomes = new Map([['a', 'accepted'] as const]);
    const counts = countQueue(QUEUE, 0.4, outcomes);
    expect(counts).toMatchObject({ due: 2, dueSeconds: 4, below: 1, done: 1, outcomes: { accepted: 1, skipped: 0 } });
    expect(counts.dueShare).toBeCloseTo(4 / 14);
    expect(countQueue([], 0.4, outcomes).dueShare).toBeNaN();
  });

  it('shows what is open, or everything; and only what lacks a modality', () => {
    const outcomes = new Map([['a', 'skipped'] as const]);
    const ids = (filter: Parameters<typeof filterQueue>[1]) =>
      filterQueue(QUEUE, filter, 0.4, outcomes).map((item) => item.segment.id);
    expect(ids({ open: true })).toEqual(['d']);
    expect(ids({ open: false })).toEqual(['b', 'a', 'd']);
    expect(ids({ open: false, modality: 'visual' })).toEqual(['a', 'd']);
    expect(ids({ open: false, modality: 'audio' })).toEqual([]);
  });

  it('puts an uncertainty of exactly 1 into the last bar of the histogram', () => {
    const none = use({ state: 'missing', usableFraction: 0 });
    const lost = reviewQueue(SEGMENTS, byId({ segmentId: 'a', use: { text: none, audio: none, visual: none } }));
    expect(uncertaintyHistogram(lost, 10)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('tells a pace from four decisions on, as a median without pauses', () => {
    const at = (...seconds: number[]) =>
      seconds.map((second) => ({ reviewedUtc: new Date(1_700_000_000_000 + second * 1000).toISOString() }));
    expect(reviewPace(at(0, 4, 8))).toBeUndefined();
    expect(reviewPace(at(0, 4, 10, 900, 905))).toBe(5_000);
  });

  it('sorts, filters and counts 10 000 segments without a change of order', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => segment(`s${index}`, index * 2, index * 2 + 1.5));
    const results = new Map(many.map(({ id }, index) => [id, result(id, index % 3 ? {} : { use: lostFace })]));
    const took = processorTime(() => {
      const queue = reviewQueue(many, results);
      expect(countQueue(queue, 0.4, new Map()).due).toBe(3_334);
      expect(filterQueue(queue, { open: true }, 0.4, new Map())).toHaveLength(3_334);
    });
    expect(took).toBeLessThan(RUNAWAY_MILLISECONDS);
  });
});

const DOCUMENT: AnnotationDocument = {
  ...emptyDocument('rec-0123456789ab', fromSeconds(20), analysis().parameters),
  segments: SEGMENTS,
};
const NOW = new Date('2026-01-01T00:00:00.000Z');
const moment = (change: Partial<ReviewMoment> = {}): ReviewMoment => ({
  segmentId: 'a',
  raterId: 'R1',
  modelLabel: 'anger',
  blind: false,
  now: NOW,
  ...change,
});
const outcomes = (document: AnnotationDocument) =>
  outcomesOf(
    document.reviews ?? [],
    new Map(document.labels.filter((l) => l.raterId === 'R1').map((l) => [l.segmentId, l])),
    'R1',
  );

describe('decisions', () => {
  it('accepting makes the model’s label the rater’s own, and says that it was accepted', () => {
    const next = acceptSegment(DOCUMENT, moment());
    expect(next.labels).toEqual([
      { segmentId: 'a', raterId: 'R1', label: 'anger', modifiedUtc: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(next.reviews?.[0]).toMatchObject({ outcome: 'accepted', modelLabel: 'anger' });
    expect(outcomes(next).get('a')).toBe('accepted');
    assertDocumentInvariants(next);
  });

  it('nothing is accepted in blind mode or where the model gave no label', () => {
    expect(acceptSegment(DOCUMENT, moment({ blind: true }))).toBe(DOCUMENT);
    expect(acceptSegment(DOCUMENT, moment({ modelLabel: undefined }))).toBe(DOCUMENT);
  });

  it('a label of their own is a correction, also where it equals the model’s', () => {
    const next = correctSegment(DOCUMENT, moment({ blind: true }), 'anger');
    expect(next.reviews?.[0]).toMatchObject({ outcome: 'corrected', blind: true });
    expect(outcomes(next).get('a')).toBe('corrected');
  });

  it('a second decision replaces the first of the same rater only', () => {
    const other = skipSegment(DOCUMENT, moment({ raterId: 'R2' }));
    const next = correctSegment(acceptSegment(other, moment()), moment(), 'fear');
    expect(next.reviews?.map(({ raterId, outcome }) => [raterId, outcome])).toEqual([
      ['R2', 'skipped'],
      ['R1', 'corrected'],
    ]);
    expect(next.labels.map(({ label }) => label)).toEqual(['fear']);
    assertDocumentInvariants(next);
  });

  it('skipping gives no label, and clearing takes label and decision away', () => {
    expect(skipSegment(DOCUMENT, moment()).labels).toEqual([]);
    const cleared = reopenSegment(acceptSegment(DOCUMENT, moment()), moment());
    expect([cleared.labels, cleared.reviews]).toEqual([[], []]);
    expect(reopenSegment(DOCUMENT, moment())).toBe(DOCUMENT);
  });

  it('a label changed or cleared later, in any view, changes what the decision is worth', () => {
    const accepted = acceptSegment(DOCUMENT, moment());
    const [review] = accepted.reviews!;
    const changed = setLabel(accepted, moment(), 'fear', NOW);
    expect(outcomeNow(review!, changed.labels[0])).toBe('corrected');
    expect(outcomeNow(review!, undefined)).toBeUndefined();
  });

  it('the threshold is kept in the document, is no reason to analyse again and stays between 0 and 1', () => {
    const next = setReviewThreshold(DOCUMENT, 0.6);
    expect(next.reviewThreshold).toBe(0.6);
    expect(analysisFingerprint(next)).toBe(analysisFingerprint(DOCUMENT));
    expect(setReviewThreshold(next, 0.6)).toBe(next);
    expect(() => setReviewThreshold(DOCUMENT, Number.NaN)).toThrow(RangeError);
  });
});
