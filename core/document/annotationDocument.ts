import type { AnalysisParameters } from '../analysis/analysis.js';
import type { RaterLabel } from '../labels/label.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { Problem } from '../problems/problem.js';
import type { Segment, TranscriptCue } from '../segments/segment.js';
import type { Microseconds } from '../time/microseconds.js';

/** Everything a person decides about one recording. Immutable: an edit makes a new document. */
export interface AnnotationDocument {
  readonly recordingId: string;
  /** Length of the recording; segments and marks end at it or before. */
  readonly duration: Microseconds;
  /** In order of start. */
  readonly segments: readonly Segment[];
  /** In order of start. */
  readonly marks: readonly CorruptionMark[];
  /** At most one per segment and rater. */
  readonly labels: readonly RaterLabel[];
  readonly cues: readonly TranscriptCue[];
  /** What was wrong with the file that the cues came from; part of the report. */
  readonly transcriptProblems: readonly Problem[];
  readonly parameters: AnalysisParameters;
}

/** The document of a recording that nobody has worked on. */
export function emptyDocument(
  recordingId: string,
  duration: Microseconds,
  parameters: AnalysisParameters,
): AnnotationDocument {
  return { recordingId, duration, segments: [], marks: [], labels: [], cues: [], transcriptProblems: [], parameters };
}
