/** Agreement of raters as tasks of the analysis host. */
import path from 'node:path';
import { computeAgreement } from '../../core/agreement/agreement.js';
import { agreementResult, type AgreementResult } from '../../core/agreement/agreementResult.js';
import type { RatingSource } from '../contract/types.js';
import { inSlices } from '../host/inSlices.js';
import type { AgreementArgument, RatingsArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { readRatingFile, stemOf } from './readRatingFile.js';

/** Compares raters. @throws ProblemError `agreement.too_many_units` when the times cannot be those of a recording. */
export async function compareRaters(
  { tracks, states, options }: AgreementArgument,
  { signal, onProgress }: TaskContext,
): Promise<AgreementResult> {
  const step = { step: 'Compare the raters', stepNumber: 1, stepCount: 1 };
  onProgress(step);
  const agreement = await inSlices(computeAgreement({ tracks, states, options }), {
    signal,
    onProgress: (fraction) => {
      onProgress({ ...step, fraction });
    },
  });
  return agreementResult(agreement, tracks);
}

/** Reads raters from files. @throws ProblemError `ratings.*`, `import.*` when one of them cannot be read. */
export async function readRatings(
  { recordingId, files }: RatingsArgument,
  { signal, onProgress }: TaskContext,
): Promise<readonly RatingSource[]> {
  const sources: RatingSource[] = [];
  for (const [place, file] of files.entries()) {
    signal.throwIfAborted();
    onProgress({ step: 'Read the ratings', stepNumber: 1, stepCount: 1, fraction: place / files.length });
    const read = await readRatingFile(file, { tiers: [], recordingId });
    sources.push({ fileName: path.basename(file), name: stemOf(file), ...read });
  }
  return sources;
}
