import type { AnalysisParameters } from '../analysis/analysis.js';
import type { RaterLabel } from '../labels/label.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { Problem } from '../problems/problem.js';
import type { SegmentReview } from '../review/review.js';
import type { Segment, TranscriptCue } from '../segments/segment.js';
import type { Scheme, SchemeChange } from '../tiers/scheme.js';
import type { AnnotationTier, TierAnnotation } from '../tiers/tier.js';
import type { Microseconds } from '../time/microseconds.js';
import type { Trace } from '../traces/trace.js';

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
  /** Rows beside the segments, from top to bottom; absent in documents of earlier versions, as are the fields below. */
  readonly tiers?: readonly AnnotationTier[];
  /** Of all tiers and raters, in order of start. */
  readonly annotations?: readonly TierAnnotation[];
  /** Controlled vocabularies beside the built-in emotion labels. */
  readonly schemes?: readonly Scheme[];
  /** What happened to schemes from their first lock on, oldest first. */
  readonly schemeLog?: readonly SchemeChange[];
  /** Continuous ratings, in order of recording. */
  readonly traces?: readonly Trace[];
  /** Kinds of damage that people added to the vocabulary. */
  readonly markKinds?: readonly string[];
  /** Decisions in the review queue, at most one per segment and rater; absent before the first. */
  readonly reviews?: readonly SegmentReview[];
  /** Uncertainty from which segments are to be reviewed, 0 to 1; the default when absent. Not part of the analysis. */
  readonly reviewThreshold?: number;
}

/** The document of a recording that nobody has worked on. */
export function emptyDocument(
  recordingId: string,
  duration: Microseconds,
  parameters: AnalysisParameters,
): AnnotationDocument {
  return { recordingId, duration, segments: [], marks: [], labels: [], cues: [], transcriptProblems: [], parameters };
}
