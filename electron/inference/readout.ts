import type { Problem } from '../../core/problems/problem.js';
import { EMOTIONS } from '../../core/recording/emotion.js';
import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES, patternOf } from '../../core/recording/modality.js';
import type { DecodedDescriptor } from '../../core/recovery/estimate.js';
import type { LessOutput } from './ablations.js';
import { ablationsOf } from './ablations.js';
import type { BundleManifest } from './bundleSchema.js';
import { calibrated, HIGH_SHARE, LOW_SHARE } from './calibrated.js';
import type { SegmentInput, SegmentOutput } from './segmentTypes.js';
import { mean, quantile, variance } from './statistics.js';

const EMOTION_COUNT = EMOTIONS.length;

interface Readout {
  readonly logits: Float32Array;
  readonly score: Float32Array;
}

/** What the graphs made of a batch: `samples` consecutive rows per segment. */
export interface BatchOutput extends Readout {
  readonly samples: number;
  readonly latents: Float32Array;
  /** Present when something was generated. */
  readonly decoded?: { readonly expression: Float32Array; readonly acoustics: Float32Array };
  /** Read-outs of each segment with less put in. */
  readonly less: readonly (readonly LessOutput[])[];
}

/** The rows of one segment, sample by sample. */
interface Rows {
  readonly latents: readonly Float32Array[];
  readonly logits: readonly Float32Array[];
  readonly scores: readonly number[];
}

/**
 * Calibrated estimate of one segment of a batch, with the same read with less put in. Any output that is not finite
 * gives a Problem and no estimate; where only a read-out with less is not finite, it alone is left out.
 */
export function estimateOf(
  manifest: BundleManifest,
  input: SegmentInput,
  index: number,
  output: BatchOutput,
): SegmentOutput {
  const rows = rowsOf(index, output);
  const missing = MODALITIES.filter((modality) => input.features[modality] === undefined);
  const decoded = output.decoded === undefined ? {} : decodedOf(manifest, index, output, missing);
  const finite =
    [...rows.latents, ...rows.logits, rows.scores].every(allFinite) &&
    Object.values(decoded).every((list) => list.every(({ mean: m, low, high }) => allFinite([m, low, high])));
  if (!finite) return notFinite(input);
  const generated = output.decoded !== undefined;
  const recovered: Partial<Record<Modality, { samples: number; spread?: number }>> = {};
  if (generated) {
    for (const modality of missing) {
      const spread = latentSpread(rows.latents, modality);
      recovered[modality] = { samples: output.samples, ...(Number.isNaN(spread) ? {} : { spread }) };
    }
  }
  const ablations = ablationsOf(manifest, output.less[index] ?? []);
  const spread = generated ? Math.sqrt(variance(rows.scores)) : Number.NaN;
  const withoutRecovery = ablations?.recovery?.score.value;
  return {
    recovered,
    problems: ablations === undefined ? [lessNotFinite(input)] : [],
    estimate: {
      ...calibrated(manifest, measuredPattern(input), rows.logits, rows.scores),
      ...(Number.isNaN(spread) ? {} : { scoreSpread: spread }),
      ...(withoutRecovery === undefined ? {} : { scoreWithoutRecovery: withoutRecovery }),
      ...(generated ? { decoded } : {}),
      ...(ablations === undefined || Object.keys(ablations).length === 0 ? {} : { ablations }),
    },
  };
}

function measuredPattern({ features }: SegmentInput): string {
  const has = (modality: Modality): boolean => features[modality] !== undefined;
  return patternOf({ text: has('text'), audio: has('audio'), visual: has('visual') });
}

/** Root mean square over channels of the standard deviation over samples; NaN for one sample. */
function latentSpread(latents: readonly Float32Array[], modality: Modality): number {
  const size = (latents[0]?.length ?? 0) / MODALITIES.length;
  const offset = MODALITIES.indexOf(modality) * size;
  let sum = 0;
  for (let channel = offset; channel < offset + size; channel++) {
    sum += variance(latents.map((latent) => latent[channel] ?? Number.NaN));
  }
  return Math.sqrt(sum / size);
}

function decodedOf(
  manifest: BundleManifest,
  index: number,
  output: BatchOutput,
  missing: readonly Modality[],
): Partial<Record<Modality, readonly DecodedDescriptor[]>> {
  const { decoded, samples } = output;
  if (decoded === undefined) return {};
  const { acoustics } = manifest.decoded;
  const describe = (name: string, unit: string, data: Float32Array, width: number, column: number) => {
    const values = Array.from(
      { length: samples },
      (_, k) => data[(index * samples + k) * width + column] ?? Number.NaN,
    );
    return { name, unit, mean: mean(values), low: quantile(values, LOW_SHARE), high: quantile(values, HIGH_SHARE) };
  };
  return {
    ...(missing.includes('audio') && acoustics.length > 0
      ? { audio: acoustics.map(({ name, unit }, c) => describe(name, unit, decoded.acoustics, acoustics.length, c)) }
      : {}),
    ...(missing.includes('visual')
      ? { visual: EMOTIONS.map((name, c) => describe(name, 'probability', decoded.expression, EMOTION_COUNT, c)) }
      : {}),
  };
}

function rowsOf(index: number, { samples, latents, logits, score }: BatchOutput): Rows {
  const rowCount = score.length;
  const width = latents.length / rowCount;
  const rows = Array.from({ length: samples }, (_, k) => index * samples + k);
  return {
    latents: rows.map((row) => latents.subarray(row * width, (row + 1) * width)),
    logits: rows.map((row) => logits.subarray(row * EMOTION_COUNT, (row + 1) * EMOTION_COUNT)),
    scores: rows.map((row) => score[row] ?? Number.NaN),
  };
}

function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function notFinite(input: SegmentInput): SegmentOutput {
  return {
    recovered: {},
    problems: [
      {
        code: 'inference.not-finite',
        severity: 'warning',
        message: `The model gave a value that is not a number for segment ${input.segmentId}, so there is no estimate for it.`,
        tip: 'Analyse again with the provider "cpu"; if it stays, report the bundle and its version.',
        range: input.range,
      },
    ],
  };
}

function lessNotFinite(input: SegmentInput): Problem {
  return {
    code: 'inference.ablation-not-finite',
    severity: 'warning',
    message: `The model gave a value that is not a number when it read segment ${input.segmentId} with less put in, so it is not said what recovery or a modality changed there.`,
    tip: 'Analyse again with the provider "cpu"; if it stays, report the bundle and its version.',
    range: input.range,
  };
}
