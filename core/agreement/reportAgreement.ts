import { agreementOf, type Agreement } from './agreement.js';
import { DEFAULT_AGREEMENT_OPTIONS } from './agreementOptions.js';
import { type RatedWork, statesOfWork, tracksOfWork } from './ratingsOfWork.js';

/** Agreement of the model and all people on a recording, as a report tells it. */
export function agreementOfWork(work: RatedWork): Agreement {
  return agreementOf({ tracks: tracksOfWork(work), states: statesOfWork(work), options: DEFAULT_AGREEMENT_OPTIONS });
}
