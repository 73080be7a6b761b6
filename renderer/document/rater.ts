import type { LabelKey } from '../../core/labels/editLabels.js';

/** Pseudonym of the person at the keyboard as long as nobody chose another one. */
export const FIRST_RATER = 'R1';

const RATER_ID = /^[A-Za-z0-9._-]{1,40}$/;

/** Why a pseudonym cannot be used; '' when it can. `model` is the model's own name in all tables. */
export function raterProblem(id: string): string {
  if (id.toLowerCase() === 'model') return 'Tables use “model” for the model. Choose another pseudonym.';
  return RATER_ID.test(id) ? '' : 'Use 1 to 40 letters, digits, dots, hyphens or underscores, such as R2.';
}

/** The label of a segment by a rater. */
export function ownLabel(segmentId: string, raterId: string): LabelKey {
  return { segmentId, raterId };
}
