/**
 * How unsure the model's estimate of a segment is, as three kinds that are never mixed up: what went in (input), what the
 * recovery left open (recovery), and what came out (prediction). Each is a doubt from 0 (none) to 1 (as large as it can be).
 */
import { EMOTIONS } from '../recording/emotion.js';
import { MODALITIES } from '../recording/modality.js';
import type { ModalityUse, SegmentResult } from '../recovery/estimate.js';

/** The three kinds, in the order in which they are shown and written. */
export const UNCERTAINTY_KINDS = ['input', 'recovery', 'prediction'] as const;
export type UncertaintyKind = (typeof UNCERTAINTY_KINDS)[number];

/** Definitions as the page and the codebook state them. */
export const UNCERTAINTY_MEANINGS: Readonly<Record<UncertaintyKind, string>> = {
  input:
    'Input doubt: mean over text, audio and visual of 1 minus usable share times measured quality; 1 for a modality that is recovered or missing, quality counts as 1 where none was measured',
  recovery:
    'Recovery doubt: the larger of the score’s standard deviation over the samples in sentiment points (1 at most) and the width from 5th to 95th percentile of the label’s probability; missing where nothing was recovered or one sample was drawn',
  prediction:
    'Prediction doubt: 1 minus the calibrated probability of the label, divided by 6/7, its largest value with 7 emotions',
};

/** What the queue sorts by, in words. */
export const UNCERTAINTY_DEFINITION =
  'Uncertainty is the mean of input doubt, recovery doubt and prediction doubt; where nothing was recovered, recovery adds no doubt (0), where its spread is unknown it is left out of the mean. A segment without an estimate has uncertainty 1. Priority is uncertainty times length in seconds.';

export interface Uncertainty {
  /** 0 to 1. */
  readonly input: number;
  /** 0 to 1; undefined where nothing was recovered, or where one sample tells no spread. */
  readonly recovery?: number;
  /** 0 to 1; undefined without an estimate. */
  readonly prediction?: number;
  /** What the queue sorts by, 0 to 1. */
  readonly total: number;
}

/** Sentiment points of sample standard deviation that count as full recovery doubt. */
const FULL_SPREAD = 1;
const LARGEST_RISK = 1 - 1 / EMOTIONS.length;

const clip = (value: number): number => Math.min(1, Math.max(0, value));

function inputDoubt({ state, usableFraction, quality }: ModalityUse): number {
  if (state === 'recovered' || state === 'missing') return 1;
  return clip(1 - usableFraction * (quality ?? 1));
}

function recoveryDoubt({ use, estimate }: SegmentResult): number | undefined {
  const spread = estimate?.scoreSpread;
  if (!estimate || spread === undefined || !MODALITIES.some((modality) => use[modality].state === 'recovered')) {
    return undefined;
  }
  const label = EMOTIONS.indexOf(estimate.label);
  const width = (estimate.probabilityHigh[label] ?? Number.NaN) - (estimate.probabilityLow[label] ?? Number.NaN);
  return clip(Math.max(spread / FULL_SPREAD, Number.isNaN(width) ? 0 : width));
}

/** The uncertainty of one analysed segment; definitions in UNCERTAINTY_MEANINGS and UNCERTAINTY_DEFINITION. */
export function uncertaintyOf(result: SegmentResult): Uncertainty {
  const { use, estimate } = result;
  const input = MODALITIES.reduce((sum, modality) => sum + inputDoubt(use[modality]), 0) / MODALITIES.length;
  if (!estimate) return { input, total: 1 };
  const prediction = clip((1 - estimate.confidence) / LARGEST_RISK);
  const recovery = recoveryDoubt(result);
  const isRecovered = MODALITIES.some((modality) => use[modality].state === 'recovered');
  const parts =
    recovery !== undefined ? [input, prediction, recovery] : isRecovered ? [input, prediction] : [input, prediction, 0];
  const total = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  return { input, ...(recovery === undefined ? {} : { recovery }), prediction, total };
}
