/** Feature recordings (npz or CSV with the vectors of one video) as something that can be analysed like any other. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FeatureColumns } from '../../../core/perception/featureRows.js';
import { durationOfFeatures, orderFeatures } from '../../../core/perception/featureRows.js';
import type { Perception } from '../../../core/perception/perception.js';
import { FEATURE_CONTAINER } from '../../../core/recording/mediaInfo.js';
import { sha256File } from '../../media/fingerprint.js';
import type { ProbeResult } from '../../media/probe.js';
import { probeMedia } from '../../media/probe.js';
import type { PerceiveOptions } from '../perceiveWith.js';
import { readFeatureCsv } from './readFeatureCsv.js';
import { readFeatureNpz } from './readFeatureNpz.js';

const READERS: Readonly<Record<string, (file: string) => Promise<FeatureColumns>>> = {
  '.npz': readFeatureNpz,
  '.csv': readFeatureCsv,
};

/** Whether a file is read as ready-made features, by its ending. */
export function isFeatureFile(file: string): boolean {
  return Object.hasOwn(READERS, path.extname(file).toLowerCase());
}

/**
 * Reads and checks a feature recording.
 * @throws ProblemError `features.*` naming what does not fit; the signal's reason when aborted.
 */
export async function perceiveFeatures(file: string, options: Partial<PerceiveOptions> = {}): Promise<Perception> {
  const { signal, onProgress } = options;
  const reader = READERS[path.extname(file).toLowerCase()];
  if (reader === undefined) throw new Error(`${file} is no feature recording`);
  const columns = await reader(file);
  signal?.throwIfAborted();
  const { features, problems } = orderFeatures(columns);
  const { size } = await stat(file);
  const inputSha256 = await sha256File(file, { signal });
  onProgress?.(1, 'Features read');
  const info = { container: FEATURE_CONTAINER, sizeBytes: size, duration: durationOfFeatures(features) };
  return { info, inputSha256, features, speech: [], problems };
}

/** What a recording of either kind holds. */
export async function probeRecording(
  file: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ProbeResult> {
  if (!isFeatureFile(file)) return probeMedia(file, options);
  const { info, problems } = await perceiveFeatures(file, options);
  return { info, problems };
}
