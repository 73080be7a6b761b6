import type { LearnedReadout } from '../learn/learnedReadout.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { ExcludedStretch } from '../quality/findExcluded.js';
import type { Problem } from '../problems/problem.js';
import type { DecoderError } from '../recovery/decodedCurve.js';
import type { SegmentResult } from '../recovery/estimate.js';
import type { Segment } from '../segments/segment.js';

/** Thresholds of the automatic corruption proposals and of the state rules; all visible and reported. */
export interface QualityThresholds {
  /** Level below which a stretch is silence, dBFS. */
  readonly silenceDbfs: number;
  /** Shortest silence worth proposing, seconds. */
  readonly silenceMinSeconds: number;
  /** Shortest run of digital zero that counts as a dropout, seconds. */
  readonly dropoutMinSeconds: number;
  /** Share of full-scale samples in a 10 ms row above which it is clipped, 0 to 1. */
  readonly clippedShare: number;
  /** Signal-to-noise ratio below which speech is noisy, dB. */
  readonly snrMinDb: number;
  /** Face detector score below which there is no face, 0 to 1. */
  readonly faceScoreMin: number;
  /** Landmark presence score below which the face is occluded, 0 to 1. */
  readonly landmarkScoreMin: number;
  /** Sharpness below which a face is blurred, grey levels squared. */
  readonly sharpnessMin: number;
  /** Luminance below which a face is dark, 0 to 255. */
  readonly luminanceMin: number;
  /** Frame difference below which the picture is frozen, grey levels. */
  readonly frozenChangeMax: number;
  /** Shortest stretch of any visual proposal, seconds. */
  readonly visualMinSeconds: number;
  /** Share of a segment that must be usable for a modality to count as available, 0 to 1. */
  readonly usableFractionMin: number;
}

/** Most recovery samples per missing modality. */
export const MAX_SAMPLES = 64;

/** Everything a person can set for an analysis; all of it is in provenance. */
export interface AnalysisParameters {
  readonly bundleId: string;
  readonly seed: number;
  /** Recovery samples per missing modality, 1 to `MAX_SAMPLES`. */
  readonly samples: number;
  readonly provider: string;
  /** Off: missing modalities stay missing. */
  readonly recover: boolean;
  readonly thresholds: QualityThresholds;
  /** Read-out learned from labels, used beside the model's own; absent while none is switched on. */
  readonly learned?: LearnedReadout;
}

/** How often labels were right that were stated with about one probability. */
export interface ReliabilityPoint {
  /** Mean stated probability of the bin, 0 to 1. */
  readonly stated: number;
  /** Share of labels found right, 0 to 1. */
  readonly found: number;
  readonly n: number;
}

/** Calibration of one availability pattern, and what was found on held-out material. */
export interface PatternCalibration {
  /** Keys of the measured modalities, `TA`. */
  readonly pattern: string;
  /** Half of the score's interval, sentiment points. */
  readonly halfWidth: number;
  /** Share of held-out segments whose score fell inside the interval, 0 to 1; absent where it was not measured. */
  readonly coverage?: number;
  /** Share of held-out segments whose label was right. */
  readonly accuracy?: number;
  /** Expected calibration error of the label's probability, 0 to 1. */
  readonly ece?: number;
  readonly reliability?: readonly ReliabilityPoint[];
}

export interface BundleCalibration {
  /** Stated level of the intervals. */
  readonly level: number;
  /** Held-out segments per pattern; absent where the bundle does not say. */
  readonly n?: number;
  readonly patterns: readonly PatternCalibration[];
}

/** What a bundle says of itself, for the methods section of a report. */
export interface BundleFacts {
  readonly title: string;
  readonly licence: string;
  readonly intendedUse: string;
  /** Sampler, `edm-dpmpp2m`, and its network evaluations per sample. */
  readonly sampler: { readonly kind: string; readonly steps: number };
  /** What the calibration was fitted on, in words. */
  readonly calibratedOn?: string;
  /** Data that it was trained on, in words. */
  readonly trainingData: readonly string[];
  /** Calibration by availability pattern; absent in analyses stored by versions before 0.2. */
  readonly calibration?: BundleCalibration;
  /** Limits as its card states them, one sentence or two each. */
  readonly limits: readonly string[];
  /** Errors of its decoders on held-out speakers; absent with bundles that state none. */
  readonly decoderErrors?: readonly DecoderError[];
}

/** The result of one analysis run. */
export interface Analysis {
  readonly parameters: AnalysisParameters;
  readonly bundle: {
    readonly id: string;
    readonly version: string;
    readonly sha256: string;
    /** Absent in analyses stored by versions before 0.2. */
    readonly facts?: BundleFacts;
  };
  /** Execution provider actually used. */
  readonly provider: string;
  readonly segments: readonly Segment[];
  readonly marks: readonly CorruptionMark[];
  readonly results: readonly SegmentResult[];
  readonly problems: readonly Problem[];
  /** Nominal level of the score intervals, for example 0.9. */
  readonly intervalLevel: number;
  /** Picture and sound that could not be used by measurement; absent in analyses stored by versions before 0.2. */
  readonly excluded?: readonly ExcludedStretch[];
}
