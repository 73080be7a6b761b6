import { EMOTIONS } from '../../core/recording/emotion.js';
import type { Estimate, Interval } from '../../core/recovery/estimate.js';
import type { BundleManifest } from './bundleSchema.js';
import { quantile } from '../../core/statistics/quantile.js';
import { softmax } from '../../core/statistics/softmax.js';
import { clip, mean } from './statistics.js';

/** Ends of the range of the score. */
export const SCORE_LIMIT = 3;
/** Range of the samples that is reported for probabilities and decoded descriptors. */
export const LOW_SHARE = 0.05;
export const HIGH_SHARE = 0.95;

/** What a read-out says after calibration, in the words of an estimate. */
type Calibrated = Pick<
  Estimate,
  'score' | 'probabilities' | 'probabilityLow' | 'probabilityHigh' | 'label' | 'confidence'
>;

/**
 * Calibrates a read-out: p is the mean over samples of softmax(logits / T), T by the number of available modalities;
 * the score is the clipped mean with the half width of the availability pattern.
 * @param pattern keys of the measured modalities, `TA`.
 * @param logits one row per sample.
 * @param scores one per sample.
 */
export function calibrated(
  manifest: BundleManifest,
  pattern: string,
  logits: readonly Float32Array[],
  scores: readonly number[],
): Calibrated {
  const { temperature, half_width: halfWidths } = manifest.calibration;
  const perSample = logits.map((row) => softmax(row, temperature[pattern.length as 1 | 2 | 3]));
  const ofEmotion = (emotion: number): number[] => perSample.map((p) => p[emotion] ?? Number.NaN);
  const probabilities = EMOTIONS.map((_, emotion) => mean(ofEmotion(emotion)));
  const best = probabilities.indexOf(Math.max(...probabilities));
  return {
    score: scoreInterval(mean(scores), halfWidths[pattern as keyof typeof halfWidths]),
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
