import type { AnalysisParameters } from '../analysis/analysis.js';
import type { AnnotationDocument } from '../document/annotationDocument.js';
import type { RaterLabel } from '../labels/label.js';
import type { LearnedReadout } from './learnedReadout.js';

/** Parameters with a learned read-out switched on, or off. */
export function switchLearned(parameters: AnalysisParameters, readout: LearnedReadout | undefined): AnalysisParameters {
  const next: { -readonly [K in keyof AnalysisParameters]: AnalysisParameters[K] } = { ...parameters };
  delete next.learned;
  return readout ? { ...next, learned: readout } : next;
}

/** Labels of one rater for segments that exist. */
export function labelsToLearn({ segments, labels }: AnnotationDocument, raterId: string): readonly RaterLabel[] {
  const ids = new Set(segments.map(({ id }) => id));
  return labels.filter((label) => label.raterId === raterId && ids.has(label.segmentId));
}
