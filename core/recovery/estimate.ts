import type { LearnedEstimate } from '../learn/learnedReadout.js';
import type { Emotion } from '../recording/emotion.js';
import { MODALITIES, type Modality, type ModalityState, type PerModality } from '../recording/modality.js';
import type { DecodedByModality, RecoveredText } from './decodedCurve.js';

/** What was used of one modality in one segment, and why. */
export interface ModalityUse {
  readonly state: ModalityState;
  /** Why the state is what it is, in words for the report, for example `no face in 95 % of frames`. */
  readonly reason: string;
  /** Share of the segment's time with usable input, 0 to 1. */
  readonly usableFraction: number;
  /** Measured input quality, 0 (unusable) to 1; undefined where nothing was measured. */
  readonly quality?: number;
  /** Number of samples drawn when recovered. */
  readonly samples?: number;
  /** Spread of the recovered latent: root mean square of its standard deviation over samples, training units. */
  readonly spread?: number;
}

/** A value with its interval at the level stated in the analysis parameters. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What can be left out of a read-out: everything that was recovered, or one modality. */
export const ABLATIONS = ['recovery', ...MODALITIES] as const;
export type AblationName = (typeof ABLATIONS)[number];

/** What the model says of a segment with something left out, from measured modalities only. */
export interface Ablation {
  /** Pattern of the modalities it was read from, `TA`; the interval is calibrated for it. */
  readonly from: string;
  readonly score: Interval;
  /** In EMOTIONS order; sums to 1. */
  readonly probabilities: readonly number[];
  readonly label: Emotion;
  readonly confidence: number;
}

/** The model's estimate for one segment. */
export interface Estimate {
  /** Sentiment score in [-3, 3] with its calibrated interval. */
  readonly score: Interval;
  /** Probability of each emotion in EMOTIONS order; sums to 1. */
  readonly probabilities: readonly number[];
  /** 5th and 95th percentile of each probability over the recovery samples; equal to the value when nothing was recovered. */
  readonly probabilityLow: readonly number[];
  readonly probabilityHigh: readonly number[];
  readonly label: Emotion;
  /** Calibrated probability of the label, 0 to 1. */
  readonly confidence: number;
  /** Standard deviation of the score over the recovery samples; undefined when nothing was recovered. */
  readonly scoreSpread?: number;
  /** Score read out without recovery (missing modalities dropped); undefined when nothing was recovered. */
  readonly scoreWithoutRecovery?: number;
  /**
   * What the model says with less put in. `recovery` only where something was recovered; a modality only where it took
   * part and something measured is left without it. Absent in analyses stored by versions before 0.2.
   */
  readonly ablations?: Partial<Readonly<Record<AblationName, Ablation>>>;
  /** Descriptors decoded from recovered modalities. */
  readonly decoded?: Partial<Record<Modality, readonly DecodedDescriptor[]>>;
  /** Curves decoded from recovered modalities; absent with bundles that have no temporal decoders. */
  readonly curves?: DecodedByModality;
  /** Phrases near a recovered text; absent with bundles that have no phrase bank. */
  readonly recoveredText?: RecoveredText;
}

/** One readable quantity decoded from a recovered modality: mean and spread over the samples. */
export interface DecodedDescriptor {
  readonly name: string;
  readonly unit: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The analysis of one segment. No estimate where no modality was usable. */
export interface SegmentResult {
  readonly segmentId: string;
  readonly use: PerModality<ModalityUse>;
  readonly estimate?: Estimate;
  /** What a read-out learned from labels says; only where one is switched on. The model's own estimate stays. */
  readonly learned?: LearnedEstimate;
}
