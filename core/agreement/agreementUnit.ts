import type { ModalityState, PerModality } from '../recording/modality.js';
import type { TimeRange } from '../time/microseconds.js';

/** What all compared raters said of one stretch; the material of every statistic. */
export interface AgreementUnit {
  readonly recordingId: string;
  /** Where to look: the matched segment, or the run of time units. */
  readonly range: TimeRange;
  /** Number of units it stands for: 1 for a segment, the count of time units of a run. */
  readonly weight: number;
  /** Units with the same number are drawn together by the bootstrap. */
  readonly cluster: number;
  /** Index into the labels, by rater; undefined where the rater gave none. */
  readonly labels: readonly (number | undefined)[];
  readonly scores: readonly (number | undefined)[];
  readonly states?: PerModality<ModalityState>;
  /** The labels differ, but within the tolerance: half an agreement on each of them. */
  readonly tolerated?: boolean;
}

/** Whether at least `least` raters gave the measure. */
export function isRatedBy(values: readonly (number | undefined)[], least: number): boolean {
  let given = 0;
  for (const value of values) if (value !== undefined) given += 1;
  return given >= least;
}
