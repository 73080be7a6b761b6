import type { Analysis } from '../analysis/analysis.js';
import type { RaterLabel } from '../labels/label.js';
import type { Problem } from '../problems/problem.js';
import type { SegmentReview } from '../review/review.js';
import type { Coding } from '../tiers/coding.js';
import type { Microseconds } from '../time/microseconds.js';

/** Everything the tables of a report are made of; the coding beside the segments is absent where there is none. */
export interface ReportInput extends Coding {
  readonly recordingId: string;
  /** SHA-256 of the input file, hex. */
  readonly inputSha256: string;
  readonly duration: Microseconds;
  /** Average frame rate of the picture; absent without one. */
  readonly framesPerSecond?: number;
  readonly appVersion: string;
  readonly analysis: Analysis;
  /** Labels of people; none on the command line. */
  readonly labels: readonly RaterLabel[];
  /** Decisions of people in the review queue; none when absent. */
  readonly reviews?: readonly SegmentReview[];
  /** Uncertainty from which segments were to be reviewed; the default when absent. */
  readonly reviewThreshold?: number;
  /** Problems met before and after the analysis, for example of ingest; those of the analysis are added. */
  readonly problems: readonly Problem[];
  /** Pseudonym of who was recorded, from the project; absent where nobody assigned it and on the command line. */
  readonly participant?: string;
  /** Session of the project that the recording belongs to. */
  readonly session?: string;
  /** Values of the project's conditions by name; numbers as text with a decimal point. A missing one is not known. */
  readonly conditions?: Readonly<Record<string, string>>;
  /** Name of the input file, for reports that may hold names. */
  readonly sourceFile?: string;
  /** Arrays of a feature recording with their widths, `text_cnn (100)`; absent for recordings of sound or picture. */
  readonly featureArrays?: readonly string[];
}

/** What the project says of the recording; only what is known. */
export function placeInProject({
  participant,
  session,
  conditions,
}: Pick<ReportInput, 'participant' | 'session' | 'conditions'>): Pick<
  ReportInput,
  'participant' | 'session' | 'conditions'
> {
  return {
    ...(participant === undefined ? {} : { participant }),
    ...(session === undefined ? {} : { session }),
    ...(conditions === undefined ? {} : { conditions }),
  };
}
