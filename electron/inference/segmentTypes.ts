/** What goes into the model and comes out of it, per segment. */
import type { Problem } from '../../core/problems/problem.js';
import { MODALITIES, type Modality, type PerModality } from '../../core/recording/modality.js';
import type { Estimate } from '../../core/recovery/estimate.js';
import type { TimeRange } from '../../core/time/microseconds.js';

/** The features of one segment; a modality that is not available is undefined. Undefined numbers are NaN. */
export interface SegmentInput {
  readonly segmentId: string;
  readonly range: TimeRange;
  readonly features: PerModality<Float32Array | undefined>;
  /** Modalities that are left missing where they are not available, instead of generated. */
  readonly notRecovered?: readonly Modality[];
}

/** Modalities of a segment that recovery generates: not available, and not to be left missing. */
export function toGenerate({ features, notRecovered = [] }: SegmentInput): readonly Modality[] {
  return MODALITIES.filter((modality) => features[modality] === undefined && !notRecovered.includes(modality));
}

/** What the model makes of one segment. */
export interface SegmentOutput {
  readonly estimate?: Estimate;
  /** Fused representation, mean over the samples; for read-outs learned from labels, never stored. */
  readonly fused?: readonly number[];
  /** Modalities that were generated, with the spread of their latent over the samples. */
  readonly recovered: Partial<Record<Modality, { readonly samples: number; readonly spread?: number }>>;
  readonly problems: readonly Problem[];
}
