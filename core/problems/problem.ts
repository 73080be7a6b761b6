import type { Modality } from '../recording/modality.js';
import type { TimeRange } from '../time/microseconds.js';

export type ProblemSeverity = 'error' | 'warning' | 'note';

/** Expected trouble in the data. It travels with the results; exceptions are for bugs. */
export interface Problem {
  /** Stable machine-readable code, `area.what`, for example `media.truncated`. */
  readonly code: string;
  readonly severity: ProblemSeverity;
  /** What happened and where, in one sentence. */
  readonly message: string;
  /** What the person can do about it. */
  readonly tip: string;
  readonly modality?: Modality;
  readonly range?: TimeRange;
}

/** Thrown where no result at all is possible; carries the Problem that says why. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
