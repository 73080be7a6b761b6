import type { AnalysisParameters } from '../../core/analysis/analysis.js';
import type { RaterLabel } from '../../core/labels/label.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import { DEFAULT_THRESHOLDS } from '../../core/quality/thresholds.js';
import type { Segment, TranscriptCue } from '../../core/segments/segment.js';

/** Everything a person decides about one recording. Immutable: an edit makes a new document. */
export interface AnnotationDocument {
  readonly recordingId: string;
  readonly segments: readonly Segment[];
  readonly marks: readonly CorruptionMark[];
  readonly labels: readonly RaterLabel[];
  readonly cues: readonly TranscriptCue[];
  readonly parameters: AnalysisParameters;
}

/** Pseudonym of the person at the keyboard; the first rater of a project. */
export const RATER_ID = 'R1';

/** Parameters of a new document. The seed is fixed, so that two people get the same numbers from the same input. */
export function defaultParameters(bundleId: string): AnalysisParameters {
  return { bundleId, seed: 17, samples: 8, provider: 'auto', recover: true, thresholds: DEFAULT_THRESHOLDS };
}

export function emptyDocument(recordingId: string, parameters: AnalysisParameters): AnnotationDocument {
  return { recordingId, segments: [], marks: [], labels: [], cues: [], parameters };
}

/**
 * Names what an analysis depends on: segments, marks that count, parameters. Labels and notes are not part of it. Two
 * documents with the same fingerprint have the same results.
 */
export function analysisFingerprint(document: AnnotationDocument): string {
  // Sorted: finding marks again brings the same marks in another order.
  const sorted = document.marks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const marks = sorted.map((mark) => [
    mark.id,
    mark.modality,
    mark.range.start,
    mark.range.end,
    mark.kind,
    mark.severity,
    mark.review,
  ]);
  const segments = document.segments.map((segment) => [
    segment.id,
    segment.range.start,
    segment.range.end,
    segment.text,
  ]);
  return JSON.stringify([segments, marks, document.parameters]);
}
