import type { AnnotationDocument } from './annotationDocument.js';

/**
 * Names what an analysis depends on: segments, marks that count, parameters. Labels and notes are not part of it. Two
 * documents with the same fingerprint have the same results.
 */
export function analysisFingerprint(document: AnnotationDocument): string {
  const marks = document.marks.map((mark) => [
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
    // absent from what was fingerprinted before there was such a thing
    ...(segment.notRecovered === undefined ? [] : [segment.notRecovered]),
  ]);
  return JSON.stringify([segments, marks, document.parameters]);
}
