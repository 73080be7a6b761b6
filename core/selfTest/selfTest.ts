/**
 * How far recovery can be trusted in one recording: every modality that was measured in a segment is hidden there,
 * recovered from the others, and compared with what was measured.
 */
import type { AnalysisParameters } from '../analysis/analysis.js';
import type { Problem } from '../problems/problem.js';
import type { Modality } from '../recording/modality.js';
import type { DecodedDescriptor, Estimate } from '../recovery/estimate.js';

/** A readable quantity of a hidden modality beside what recovery made of it. */
interface HiddenDescriptor {
  readonly recovered: DecodedDescriptor;
  readonly measured: number;
}

/** One segment with one modality hidden. */
export interface SelfTestCase {
  readonly segmentId: string;
  readonly modality: Modality;
  /** Pattern of the modalities that it was recovered from, `TA`. */
  readonly from: string;
  /** The estimate with everything that was measured. */
  readonly full: Estimate;
  /** The estimate with the modality hidden and recovered. */
  readonly hidden: Estimate;
  readonly descriptors: readonly HiddenDescriptor[];
}

/** A mean over segments with its 95 % bootstrap interval; without one where there are too few segments. */
export interface Figure {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** How well one quantity came back, in its own unit. */
export interface DescriptorFigures {
  readonly name: string;
  readonly unit: string;
  /** Segments where it was measured. */
  readonly n: number;
  /** Mean absolute difference of recovered and measured. */
  readonly error: Figure;
  /** The same for a constant: the mean measured in the other segments of this recording. */
  readonly constant: Figure;
  /** Share of measured values inside the 5 to 95 % range of the samples. */
  readonly covered: Figure;
}

/** What became of one modality, recovered from one set of others. */
export interface SelfTestPart {
  readonly modality: Modality;
  readonly from: string;
  readonly n: number;
  readonly descriptors: readonly DescriptorFigures[];
  /** Median over the quantities of error divided by the constant's error: below 1 is better than the constant. */
  readonly relativeError?: Figure;
  /** Mean absolute change of the score when the modality is hidden and recovered, sentiment points. */
  readonly scoreChange: Figure;
  /** The same when it is hidden and nothing is recovered. */
  readonly scoreChangeDropped?: Figure;
  /** Share of segments whose label stays. */
  readonly labelStays: Figure;
  readonly labelStaysDropped?: Figure;
  /** Share of segments where the interval of the score holds the score that everything measured gives. */
  readonly scoreCovered: Figure;
}

/** The self-test of a recording, with what it depends on. */
export interface SelfTest {
  readonly bundle: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly parameters: AnalysisParameters;
  /** Execution provider actually used. */
  readonly provider: string;
  /** Nominal level of the score intervals. */
  readonly intervalLevel: number;
  /** Segments of the recording, and those where something could be hidden. */
  readonly segments: number;
  readonly tested: number;
  readonly parts: readonly SelfTestPart[];
  readonly problems: readonly Problem[];
}

/** Fewest segments from which figures are given with intervals; below, they only describe those segments. */
export const FEWEST_FOR_INTERVALS = 10;
/** Fewest segments for a verdict. */
export const FEWEST_FOR_VERDICT = 20;
