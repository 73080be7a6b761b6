import { agreementOf, type Agreement } from './agreement.js';
import { DEFAULT_AGREEMENT_OPTIONS, drawsFor } from './agreementOptions.js';
import { type RatedWork, statesOfWork, tracksOfWork } from './ratingsOfWork.js';

/** Agreement of the model and all people on a recording, as a report tells it. */
export function agreementOfWork(work: RatedWork): Agreement {
  const tracks = tracksOfWork(work);
  const draws = drawsFor(Math.max(0, ...tracks.map((track) => track.ratings.length)));
  return agreementOf({ tracks, states: statesOfWork(work), options: { ...DEFAULT_AGREEMENT_OPTIONS, draws } });
}
