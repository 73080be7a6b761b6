import { DEFAULT_THRESHOLDS } from '../quality/thresholds.js';
import type { AnalysisParameters } from './analysis.js';

/** Bundle that comes with the program. */
export const SHIPPED_BUNDLE = 'speech-face-en';

/**
 * Parameters that nobody has changed, the same in the app and on the command line. The seed is fixed, so that two
 * people get the same numbers from the same input.
 */
export function defaultParameters(bundleId: string = SHIPPED_BUNDLE): AnalysisParameters {
  return { bundleId, seed: 0, samples: 8, provider: 'auto', recover: true, thresholds: DEFAULT_THRESHOLDS };
}
