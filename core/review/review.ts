import type { RaterLabel } from '../labels/label.js';
import type { Emotion } from '../recording/emotion.js';

/**
 * What a person did with a segment of the queue: `accepted` took the model's label as their own, `corrected` chose a
 * label themselves (which may turn out to be the model's), `skipped` left it open.
 */
export const REVIEW_OUTCOMES = ['accepted', 'corrected', 'skipped'] as const;
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];

/** One decision in the review queue; the label itself is the rater's and stands among the labels. */
export interface SegmentReview {
  readonly segmentId: string;
  /** Pseudonym of who decided. */
  readonly raterId: string;
  readonly outcome: ReviewOutcome;
  /** The model's label at that moment; absent where it gave none. */
  readonly modelLabel?: Emotion;
  /** The model's label and score were hidden. */
  readonly blind?: boolean;
  /** ISO 8601 UTC. */
  readonly reviewedUtc: string;
}

/**
 * Segments at or above this uncertainty are to be reviewed, unless the person sets another threshold. A recovered modality
 * alone gives 0.33 of input doubt, so that such a segment stays below only where label and samples leave little open.
 */
export const DEFAULT_REVIEW_THRESHOLD = 0.25;

/**
 * What a decision is worth now: a label that was changed or taken away afterwards, in whatever view, changes it.
 * @param label the same rater's label of the segment.
 * @returns undefined when the segment is open again.
 */
export function outcomeNow(review: SegmentReview, label: RaterLabel | undefined): ReviewOutcome | undefined {
  if (!label) return review.outcome === 'skipped' ? 'skipped' : undefined;
  return review.outcome === 'accepted' && label.label === review.modelLabel ? 'accepted' : 'corrected';
}
