/**
 * A read-out that was learned from a rater's labels on this machine. It corrects the model's own read-out from the frozen
 * fused representation z (standardised):
 *
 *     p = softmax((log p_model + W z + b) / T)        score = score_model + w z + c
 *
 * Both are ridge penalised towards no correction, so that few labels change little. The model's own output stays beside it.
 */
import { softmax } from '../statistics/softmax.js';
import { EMOTIONS, type Emotion } from '../recording/emotion.js';
import type { Interval } from '../recovery/estimate.js';

/** A figure before and after, with percentile intervals over the draws of whole groups. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  /** Whether a larger value is better. */
  readonly larger: boolean;
  readonly before: Bounded;
  readonly after: Bounded;
  readonly change: Bounded;
}

/** A value; its interval is absent where it could not be drawn. */
export interface Bounded {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** What the cross-validation left out together. */
export type GroupedBy = 'participant' | 'recording' | 'block';

/** Where a learned read-out comes from. */
export interface LearnedProvenance {
  readonly bundle: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly raterId: string;
  readonly seed: number;
  /** Labelled segments, and how many of them have a score. */
  readonly labels: number;
  readonly scores: number;
  readonly recordings: number;
  /** Recordings that took part, sorted; absent in read-outs of earlier versions. */
  readonly recordingIds?: readonly string[];
  readonly groupedBy: GroupedBy;
  readonly groups: number;
  readonly folds: number;
  /** SHA-256 of the labels: recording, segment, label, score, in order. */
  readonly labelsSha256: string;
  readonly createdUtc: string;
}

/** Everything needed to apply it. Numbers are rounded to 6 significant digits. */
export interface LearnedReadout {
  /** `learned-` and 12 hex digits of the hash of what follows. */
  readonly id: string;
  readonly from: LearnedProvenance;
  /** Standardisation of the fused representation. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** Ridge penalty of the labels' read-out, chosen by cross-validation. */
  readonly penalty: number;
  /** In EMOTIONS order: one row of weights each, and its offset. */
  readonly weights: readonly (readonly number[])[];
  readonly offsets: readonly number[];
  readonly temperature: number;
  /** Present where enough scores were given. */
  readonly score?: {
    readonly penalty: number;
    readonly weights: readonly number[];
    readonly offset: number;
    /** Half width of the interval at the analysis' level: quantile of the held-out errors. */
    readonly halfWidth: number;
  };
  readonly comparisons: readonly Comparison[];
}

/** What a learned read-out says of one segment. */
export interface LearnedEstimate {
  /** Id of the read-out. */
  readonly readout: string;
  readonly probabilities: readonly number[];
  readonly label: Emotion;
  readonly confidence: number;
  /** Absent where it learned no scores. */
  readonly score?: Interval;
}

const SMALLEST = 1e-6;

/** Logits of probabilities; one that is 0 counts as a millionth, so that a label can win it back. */
export function logits(probabilities: readonly number[]): number[] {
  return EMOTIONS.map((_, index) => Math.log(Math.max(SMALLEST, probabilities[index] ?? Number.NaN)));
}

const weigh = (weights: readonly number[], z: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * (z[index] ?? Number.NaN), 0);

const clipScore = (value: number): number => Math.min(3, Math.max(-3, value));

/** The fused representation as the read-out takes it. */
export function standardise(
  { mean, scale }: Pick<LearnedReadout, 'mean' | 'scale'>,
  fused: ArrayLike<number>,
): number[] {
  return mean.map((centre, index) => ((fused[index] ?? Number.NaN) - centre) / (scale[index] ?? 1));
}

/**
 * Applies a learned read-out to one segment.
 * @param model the model's own probabilities and score.
 * @returns undefined where a value is not finite.
 */
export function applyLearned(
  readout: LearnedReadout,
  fused: ArrayLike<number>,
  model: { readonly probabilities: readonly number[]; readonly score: number },
): LearnedEstimate | undefined {
  const z = standardise(readout, fused);
  const raw = logits(model.probabilities).map(
    (logit, index) => logit + weigh(readout.weights[index] ?? [], z) + (readout.offsets[index] ?? 0),
  );
  const probabilities = softmax(raw, readout.temperature);
  const confidence = Math.max(...probabilities);
  const label = EMOTIONS[probabilities.indexOf(confidence)];
  if (label === undefined || !probabilities.every(Number.isFinite)) return undefined;
  const { score } = readout;
  const value = score && clipScore(model.score + weigh(score.weights, z) + score.offset);
  return {
    readout: readout.id,
    probabilities,
    label,
    confidence,
    ...(score && value !== undefined && Number.isFinite(value)
      ? { score: { value, low: clipScore(value - score.halfWidth), high: clipScore(value + score.halfWidth) } }
      : {}),
  };
}
