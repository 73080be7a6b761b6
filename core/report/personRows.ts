import type { RaterLabel } from '../labels/label.js';
import { outcomeNow, type ReviewOutcome, type SegmentReview } from '../review/review.js';

/** What one person said of one segment: a label, a decision in the review queue, or both. */
export interface PersonRow {
  readonly raterId: string;
  readonly label?: RaterLabel;
  readonly outcome?: ReviewOutcome;
  readonly reviewedUtc?: string;
}

/** The people of each segment by id; a decision that no longer holds is left out. */
export function personRows(
  labels: readonly RaterLabel[],
  reviews: readonly SegmentReview[],
): ReadonlyMap<string, readonly PersonRow[]> {
  const rows = new Map<string, Map<string, PersonRow>>();
  const put = (segmentId: string, row: PersonRow): void => {
    const people = rows.get(segmentId) ?? new Map<string, PersonRow>();
    rows.set(segmentId, people.set(row.raterId, { ...people.get(row.raterId), ...row }));
  };
  for (const label of labels) put(label.segmentId, { raterId: label.raterId, label });
  for (const review of reviews) {
    const { segmentId, raterId, reviewedUtc } = review;
    const outcome = outcomeNow(review, rows.get(segmentId)?.get(raterId)?.label);
    if (outcome) put(segmentId, { raterId, outcome, reviewedUtc });
  }
  return new Map(
    [...rows].map(([id, people]) => [id, [...people.values()].sort((a, b) => (a.raterId < b.raterId ? -1 : 1))]),
  );
}
