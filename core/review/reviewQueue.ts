/** The review queue: what is in it, in which order, how far it is. */
import type { RaterLabel } from '../labels/label.js';
import type { Modality } from '../recording/modality.js';
import type { SegmentResult } from '../recovery/estimate.js';
import type { Segment } from '../segments/segment.js';
import { MICROSECONDS_PER_SECOND } from '../time/microseconds.js';
import { durationOf } from '../time/ranges.js';
import { outcomeNow, type ReviewOutcome, type SegmentReview } from './review.js';
import { type Uncertainty, uncertaintyOf } from './uncertainty.js';

/** One analysed segment in the queue. */
export interface QueueItem {
  readonly segment: Segment;
  readonly result: SegmentResult;
  readonly uncertainty: Uncertainty;
  /** Seconds. */
  readonly length: number;
  /** Uncertainty times length in seconds. */
  readonly priority: number;
}

/** All analysed segments, the highest priority first; equal ones in order of start. */
export function reviewQueue(
  segments: readonly Segment[],
  results: ReadonlyMap<string, SegmentResult>,
): readonly QueueItem[] {
  const items = segments.flatMap((segment): QueueItem[] => {
    const result = results.get(segment.id);
    if (!result) return [];
    const uncertainty = uncertaintyOf(result);
    const length = durationOf(segment.range) / MICROSECONDS_PER_SECOND;
    return [{ segment, result, uncertainty, length, priority: uncertainty.total * length }];
  });
  return items.sort((a, b) => b.priority - a.priority || a.segment.range.start - b.segment.range.start);
}

/** What the rater decided about each segment as it stands now, by segment. */
export function outcomesOf(
  reviews: readonly SegmentReview[],
  labels: ReadonlyMap<string, RaterLabel>,
  raterId: string,
): ReadonlyMap<string, ReviewOutcome> {
  const outcomes = new Map<string, ReviewOutcome>();
  for (const review of reviews) {
    if (review.raterId !== raterId) continue;
    const outcome = outcomeNow(review, labels.get(review.segmentId));
    if (outcome) outcomes.set(review.segmentId, outcome);
  }
  return outcomes;
}

/** Which part of the queue is shown. */
export interface QueueFilter {
  /** Only segments in which this modality was not observed; every segment when absent. */
  readonly modality?: Modality;
  /** Only segments that wait for a decision. */
  readonly open: boolean;
}

/** The items that a filter shows; those below the threshold only when everything is shown. */
export function filterQueue(
  queue: readonly QueueItem[],
  { modality, open }: QueueFilter,
  threshold: number,
  outcomes: ReadonlyMap<string, ReviewOutcome>,
): readonly QueueItem[] {
  return queue.filter(({ segment, result, uncertainty }) => {
    if (modality !== undefined && result.use[modality].state === 'observed') return false;
    return !open || (uncertainty.total >= threshold && !outcomes.has(segment.id));
  });
}

export interface QueueCounts {
  /** Segments at or above the threshold. */
  readonly due: number;
  /** Their length together, seconds, and its share of all analysed segments. */
  readonly dueSeconds: number;
  readonly dueShare: number;
  /** Segments below the threshold: they stay as the model read them. */
  readonly below: number;
  /** Decided ones among those that are due, and how. */
  readonly done: number;
  readonly outcomes: Readonly<Record<ReviewOutcome, number>>;
}

export function countQueue(
  queue: readonly QueueItem[],
  threshold: number,
  outcomes: ReadonlyMap<string, ReviewOutcome>,
): QueueCounts {
  const counts: Record<ReviewOutcome, number> = { accepted: 0, corrected: 0, skipped: 0 };
  let [due, dueSeconds, allSeconds] = [0, 0, 0];
  for (const { segment, uncertainty, length } of queue) {
    allSeconds += length;
    if (uncertainty.total < threshold) continue;
    due += 1;
    dueSeconds += length;
    const outcome = outcomes.get(segment.id);
    if (outcome) counts[outcome] += 1;
  }
  const done = counts.accepted + counts.corrected + counts.skipped;
  const dueShare = allSeconds > 0 ? dueSeconds / allSeconds : Number.NaN;
  return { due, dueSeconds, dueShare, below: queue.length - due, done, outcomes: counts };
}

/** How many segments have an uncertainty in each of `bins` equal parts of 0 to 1; the last one includes 1. */
export function uncertaintyHistogram(queue: readonly QueueItem[], bins: number): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const { uncertainty } of queue) {
    const bin = Math.min(bins - 1, Math.floor(uncertainty.total * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** A pause longer than this is not work, ms. */
const LONGEST_STEP = 120_000;
/** Fewest steps that tell a pace. */
const FEWEST_STEPS = 3;

/**
 * Time that one decision takes: the median time from one to the next, pauses of over two minutes left out.
 * @returns milliseconds; undefined while fewer than three steps are known.
 */
export function reviewPace(reviews: readonly Pick<SegmentReview, 'reviewedUtc'>[]): number | undefined {
  const times = reviews.map(({ reviewedUtc }) => Date.parse(reviewedUtc)).sort((a, b) => a - b);
  const steps = times
    .slice(1)
    .map((time, index) => time - (times[index] ?? Number.NaN))
    .filter((step) => step >= 0 && step <= LONGEST_STEP)
    .sort((a, b) => a - b);
  if (steps.length < FEWEST_STEPS) return undefined;
  const middle = Math.floor(steps.length / 2);
  const [low, high] = [steps[steps.length % 2 === 0 ? middle - 1 : middle] ?? 0, steps[middle] ?? 0];
  return (low + high) / 2;
}
