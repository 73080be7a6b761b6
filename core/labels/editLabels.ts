/** Pure edits of the labels of people: at most one per segment and rater. */
import type { RaterLabel } from './label.js';

const isSame = (label: RaterLabel, segmentId: string, raterId: string): boolean =>
  label.segmentId === segmentId && label.raterId === raterId;

/**
 * Sets a rater's label of a segment in place of the one before.
 * @throws RangeError when a score lies outside [-3, 3].
 */
export function setLabel(labels: readonly RaterLabel[], label: RaterLabel): RaterLabel[] {
  if (label.score !== undefined && !(label.score >= -3 && label.score <= 3)) {
    throw new RangeError(`score ${label.score} is outside -3 to 3`);
  }
  return [...clearLabel(labels, label.segmentId, label.raterId), label];
}

/** Takes a rater's label of a segment away; the same list when there is none. */
export function clearLabel(labels: readonly RaterLabel[], segmentId: string, raterId: string): RaterLabel[] {
  return labels.filter((label) => !isSame(label, segmentId, raterId));
}
