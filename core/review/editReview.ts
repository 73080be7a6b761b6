/** Edits of the review: each gives a new document, and changes label and decision in one step. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { clearLabel, setLabel } from '../labels/editLabels.js';
import type { Emotion } from '../recording/emotion.js';
import type { SegmentReview } from './review.js';

/** Who decides about which segment, when, and what the model said. */
export interface ReviewMoment {
  readonly segmentId: string;
  readonly raterId: string;
  readonly modelLabel: Emotion | undefined;
  readonly blind: boolean;
  readonly now: Date;
}

function isOf({ segmentId, raterId }: Pick<SegmentReview, 'segmentId' | 'raterId'>) {
  return (review: SegmentReview) => review.segmentId === segmentId && review.raterId === raterId;
}

function withReview(
  document: AnnotationDocument,
  { segmentId, raterId, modelLabel, blind, now }: ReviewMoment,
  outcome: SegmentReview['outcome'],
): AnnotationDocument {
  const review: SegmentReview = {
    segmentId,
    raterId,
    outcome,
    ...(modelLabel === undefined ? {} : { modelLabel }),
    ...(blind ? { blind } : {}),
    reviewedUtc: now.toISOString(),
  };
  const others = (document.reviews ?? []).filter((entry) => !isOf(review)(entry));
  return { ...document, reviews: [...others, review] };
}

/** Takes the model's label as the rater's; the same document where the model gave none or it is hidden. */
export function acceptSegment(document: AnnotationDocument, moment: ReviewMoment): AnnotationDocument {
  if (moment.modelLabel === undefined || moment.blind) return document;
  return withReview(setLabel(document, moment, moment.modelLabel, moment.now), moment, 'accepted');
}

/** Gives the segment the rater's own label; the model's stays beside it. */
export function correctSegment(document: AnnotationDocument, moment: ReviewMoment, label: Emotion): AnnotationDocument {
  return withReview(setLabel(document, moment, label, moment.now), moment, 'corrected');
}

/** Leaves the segment open; a label that it has stays. */
export function skipSegment(document: AnnotationDocument, moment: ReviewMoment): AnnotationDocument {
  return withReview(document, moment, 'skipped');
}

/** Takes the rater's label and decision away; the same document when there is neither. */
export function reopenSegment(
  document: AnnotationDocument,
  key: Pick<SegmentReview, 'segmentId' | 'raterId'>,
): AnnotationDocument {
  const cleared = clearLabel(document, key);
  const reviews = document.reviews ?? [];
  if (!reviews.some(isOf(key))) return cleared;
  return { ...cleared, reviews: reviews.filter((review) => !isOf(key)(review)) };
}

/**
 * Sets from which uncertainty on segments are to be reviewed.
 * @throws RangeError outside [0, 1].
 */
export function setReviewThreshold(document: AnnotationDocument, threshold: number): AnnotationDocument {
  if (!(threshold >= 0 && threshold <= 1)) throw new RangeError(`review threshold ${threshold} is outside 0 to 1`);
  return document.reviewThreshold === threshold ? document : { ...document, reviewThreshold: threshold };
}
