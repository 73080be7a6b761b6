import type { LabelKey } from '../../core/labels/editLabels.js';

/** Pseudonym of the person at the keyboard; the first rater of a project. */
export const RATER_ID = 'R1';

/** The label of a segment by the person at the keyboard. */
export function ownLabel(segmentId: string): LabelKey {
  return { segmentId, raterId: RATER_ID };
}
