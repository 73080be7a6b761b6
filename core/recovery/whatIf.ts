import type { Problem } from '../problems/problem.js';
import type { Modality } from '../recording/modality.js';
import type { SegmentResult } from './estimate.js';

/** One modality of one segment that is hidden although it is there. */
export interface Withheld {
  readonly segmentId: string;
  readonly modality: Modality;
}

/** A segment as it is, and with one modality hidden and recovered; both of the same run. */
export interface WhatIfCase extends Withheld {
  readonly original: SegmentResult;
  /** Without an estimate where nothing is left to recover from; a Problem says so. */
  readonly hidden: SegmentResult;
}

export interface WhatIf {
  readonly cases: readonly WhatIfCase[];
  readonly problems: readonly Problem[];
}
