import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BundleFacts } from '../../core/analysis/analysis.js';
import type { DecoderError } from '../../core/recovery/decodedCurve.js';
import { bundleCalibration } from './bundleCalibration.js';
import type { BundleManifest } from './bundleSchema.js';

const CARD = 'CARD.md';
const LIMITS_HEADING = /^##\s+.*\blimits\b/i;

/**
 * The limits that a bundle's card states: the list under its heading on limits, without Markdown emphasis. Empty when
 * there is no card or no such list; words are never a reason to refuse a bundle.
 */
function limitsOfCard(card: string): string[] {
  const lines = card.split(/\r?\n/);
  const start = lines.findIndex((line) => LIMITS_HEADING.test(line));
  if (start < 0) return [];
  const limits: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('#')) break;
    if (/^[-*] /.test(line)) limits.push(line.slice(2));
    else if (line.trim() !== '' && limits.length > 0) limits.push(`${limits.pop()} ${line.trim()}`);
  }
  return limits.map((limit) => limit.replaceAll('**', '').trim());
}

/** What a bundle says of itself. */
export async function bundleFacts(folder: string, manifest: BundleManifest): Promise<BundleFacts> {
  const card = await readFile(path.join(folder, CARD), 'utf8').catch(() => '');
  const { title, licence, intended_use: intendedUse, sampler, calibration, training } = manifest;
  return {
    title,
    licence,
    intendedUse,
    sampler: { kind: sampler.kind, steps: sampler.steps },
    ...(calibration.fitted_on === undefined ? {} : { calibratedOn: calibration.fitted_on }),
    calibration: bundleCalibration(manifest),
    trainingData: training?.data ?? [],
    limits: limitsOfCard(card),
    ...(manifest.decoded.errors === undefined ? {} : { decoderErrors: manifest.decoded.errors.map(errorOf) }),
  };
}

function errorOf(error: NonNullable<BundleManifest['decoded']['errors']>[number]): DecoderError {
  const { conditional_mean: conditionalMean, coverage, ...same } = error;
  return {
    ...same,
    ...(conditionalMean === undefined ? {} : { conditionalMean }),
    ...(coverage === undefined ? {} : { coverage }),
  };
}
