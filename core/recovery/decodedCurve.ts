import type { Modality, PerModality } from '../recording/modality.js';
import type { Microseconds, TimeRange } from '../time/microseconds.js';

/**
 * A readable quantity over the time of a segment, decoded from a recovered modality: one value for each of `points`
 * equally long parts of the segment, in order; a value belongs to the centre of its part.
 */
export interface DecodedCurve {
  /** Same name and unit as the measured curve of this quantity. */
  readonly name: string;
  readonly unit: string;
  /** Mean over the recovery samples. */
  readonly mean: readonly number[];
  /** 5th and 95th percentile of samples and decoder error together: holds the measured value in about 90 % of the cases. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /**
   * What the first samples, at most 8, give one by one, without decoder error: [samples][points]. Absent where an analysis
   * has many recovered segments.
   */
  readonly samples?: readonly (readonly number[])[];
}

/** All curves decoded from one modality. */
export interface DecodedCurves {
  /** Number of equally long parts of the segment. */
  readonly points: number;
  readonly curves: readonly DecodedCurve[];
}

/** A quantity as it was measured over a stretch of a recording, at the times of its track. */
export interface MeasuredCurve {
  readonly name: string;
  readonly unit: string;
  /** Times on the recording's clock, ascending. */
  readonly times: readonly Microseconds[];
  /** One per time; undefined where nothing was measured (no face, nothing voiced), never 0 for that. */
  readonly values: readonly (number | undefined)[];
}

/** One number measured over the whole stretch; the value is undefined where it could not be. */
export interface MeasuredDescriptor {
  /** Same name and unit as the decoded descriptor of this quantity. */
  readonly name: string;
  readonly unit: string;
  readonly value: number | undefined;
}

/** Points of the measured face over time, for a schematic face. */
export interface MeasuredFace {
  readonly times: readonly Microseconds[];
  /** One per time: x and y of every point of `FACE_POINTS`, interleaved; undefined without a usable face. */
  readonly points: readonly (readonly number[] | undefined)[];
}

/** What was measured in a stretch of a recording, in the quantities that recovered modalities are decoded to. */
export interface MeasuredCurves {
  readonly range: TimeRange;
  /** Absent for a modality that the recording does not have. */
  readonly curves: Partial<Record<Modality, readonly MeasuredCurve[]>>;
  readonly descriptors: Partial<Record<Modality, readonly MeasuredDescriptor[]>>;
  readonly face?: MeasuredFace;
  readonly faceZero?: FaceZero;
}

/**
 * What proxies of action units are differences to: this face where it is read as neutral, the same definition that recovered
 * ones have; or, where it never is for long enough, its median over the recording.
 */
export type FaceZero = 'neutral' | 'median';

/**
 * How far a decoded quantity was from the measured one on speakers that nothing was fitted on, beside two controls:
 * mean absolute errors in the unit of the quantity.
 */
export interface DecoderError {
  readonly modality: Modality;
  readonly kind: 'curve' | 'descriptor';
  /** Name of the curve or descriptor. */
  readonly name: string;
  readonly unit: string;
  /**
   * What it was recovered from: availability patterns by their keys, `TA`; `own` for decoding the measured modality itself;
   * `expression` for proxies of action units read from measured expressions of other faces.
   */
  readonly from: string;
  /** Error of what is decoded after recovery (mean of the samples). */
  readonly mae: number;
  /** Error of the best constant, the median of the training speakers. */
  readonly constant: number;
  /** Error of a ridge regression from the features of the available modalities; absent where there are none. */
  readonly conditionalMean?: number;
  /** Share of measured values inside the decoded 90 % band, 0 to 1. */
  readonly coverage?: number;
}

/** A phrase of the phrase bank that lies near a recovered text. */
export interface NearPhrase {
  readonly text: string;
  /** Cosine similarity to the recovered text in the bundle's space, -1 to 1, mean over samples. */
  readonly similarity: number;
  /** Share of the samples for which it is among the nearest, 0 to 1. */
  readonly share: number;
}

/** A recovered text as words that lie near it. It is never a transcript. */
export interface RecoveredText {
  /** Nearest first. */
  readonly phrases: readonly NearPhrase[];
  /** Sentiment score of the samples, 5th, 25th, 50th, 75th and 95th percentile, -3 to 3. */
  readonly scoreQuantiles: readonly number[];
}

/** Curves by modality, for those that were recovered. */
export type DecodedByModality = Partial<PerModality<DecodedCurves>>;
