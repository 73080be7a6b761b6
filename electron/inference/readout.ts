import { EMOTIONS } from '../../core/recording/emotion.js';
import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES, patternOf } from '../../core/recording/modality.js';
import type { DecodedDescriptor, Estimate, Interval } from '../../core/recovery/estimate.js';
import type { BundleManifest } from './bundleSchema.js';
import type { SegmentInput, SegmentOutput } from './segmentTypes.js';
import { clip, mean, quantile, softmax, variance } from './statistics.js';

const EMOTION_COUNT = EMOTIONS.length;
const SCORE_LIMIT = 3;
/** Range of the samples that is reported for probabilities and decoded descriptors. */
const LOW_SHARE = 0.05;
const HIGH_SHARE = 0.95;

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
  /** Read-out with the missing modalities dropped, one row per segment; present when something was generated. */
  readonly dropped?: Readout;
}

/** The rows of one segment, sample by sample. */
interface Rows {
  readonly latents: readonly Float32Array[];
  readonly logits: readonly Float32Array[];
  readonly scores: readonly number[];
}

/**
 * Calibrated estimate of one segment of a batch: p is the mean over samples of softmax(logits / T), T by the number
 * of available modalities; the score is the clipped mean with the half width of the availability pattern.
 * Any output that is not finite gives a Problem and no estimate.
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
  return {
    recovered,
    problems: [],
    estimate: {
      ...calibrated(manifest, input, rows),
      ...(generated ? recoveryFigures(rows, output.dropped?.score[index] ?? Number.NaN) : {}),
      ...(generated ? { decoded } : {}),
    },
  };
}

function calibrated(manifest: BundleManifest, input: SegmentInput, rows: Rows): Estimate {
  const has = (modality: Modality): boolean => input.features[modality] !== undefined;
  const pattern = patternOf({ text: has('text'), audio: has('audio'), visual: has('visual') });
  const { temperature, half_width: halfWidths } = manifest.calibration;
  const perSample = rows.logits.map((logits) => softmax(logits, temperature[pattern.length as 1 | 2 | 3]));
  const ofEmotion = (emotion: number): number[] => perSample.map((p) => p[emotion] ?? Number.NaN);
  const probabilities = EMOTIONS.map((_, emotion) => mean(ofEmotion(emotion)));
  const best = probabilities.indexOf(Math.max(...probabilities));
  return {
    score: scoreInterval(mean(rows.scores), halfWidths[pattern as keyof typeof halfWidths]),
    probabilities,
    probabilityLow: EMOTIONS.map((_, emotion) => quantile(ofEmotion(emotion), LOW_SHARE)),
    probabilityHigh: EMOTIONS.map((_, emotion) => quantile(ofEmotion(emotion), HIGH_SHARE)),
    label: EMOTIONS[best] ?? EMOTIONS[0],
    confidence: probabilities[best] ?? Number.NaN,
  };
}

function scoreInterval(score: number, halfWidth: number): Interval {
  const value = clip(score, -SCORE_LIMIT, SCORE_LIMIT);
  return {
    value,
    low: clip(value - halfWidth, -SCORE_LIMIT, SCORE_LIMIT),
    high: clip(value + halfWidth, -SCORE_LIMIT, SCORE_LIMIT),
  };
}

function recoveryFigures(rows: Rows, droppedScore: number): Pick<Estimate, 'scoreSpread' | 'scoreWithoutRecovery'> {
  const spread = Math.sqrt(variance(rows.scores));
  return {
    ...(Number.isNaN(spread) ? {} : { scoreSpread: spread }),
    ...(Number.isFinite(droppedScore) ? { scoreWithoutRecovery: clip(droppedScore, -SCORE_LIMIT, SCORE_LIMIT) } : {}),
  };
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
