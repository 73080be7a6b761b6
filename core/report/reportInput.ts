import type { Analysis } from '../analysis/analysis.js';
import type { RaterLabel } from '../labels/label.js';
import type { Problem } from '../problems/problem.js';
import type { Microseconds } from '../time/microseconds.js';

/** Everything the CSV files of a report are made of. Holds no paths and no names of people. */
export interface ReportInput {
  readonly recordingId: string;
  /** SHA-256 of the input file, hex. */
  readonly inputSha256: string;
  readonly duration: Microseconds;
  readonly appVersion: string;
  readonly analysis: Analysis;
  /** Labels of people; none on the command line. */
  readonly labels: readonly RaterLabel[];
  /** Problems met before and after the analysis, for example of ingest; those of the analysis are added. */
  readonly problems: readonly Problem[];
}
