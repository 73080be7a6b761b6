import type { Microseconds, TimeRange } from '../time/microseconds.js';
import type { AnnotationDocument } from './annotationDocument.js';

function fail(what: string): never {
  throw new RangeError(`document is broken: ${what}`);
}

function checkRange(range: TimeRange, duration: Microseconds, what: string): void {
  if (!Number.isSafeInteger(range.start) || !Number.isSafeInteger(range.end))
    fail(`${what} has times that are no integers`);
  if (range.start >= range.end) fail(`${what} is empty`);
  if (range.start < 0 || range.end > duration) fail(`${what} reaches outside the recording`);
}

function checkList(
  items: readonly { readonly id: string; readonly range: TimeRange }[],
  duration: Microseconds,
  what: string,
): void {
  const ids = new Set<string>();
  let previous = -Infinity;
  for (const { id, range } of items) {
    if (ids.has(id)) fail(`${what} ${id} exists twice`);
    ids.add(id);
    checkRange(range, duration, `${what} ${id}`);
    if (range.start < previous) fail(`${what} ${id} is out of order`);
    previous = range.start;
  }
}

/**
 * Checks what every edit must keep: ids unique; ranges not empty, inside the recording and in order of start; human
 * marks confirmed; confidences and scores in range; at most one label per segment and rater. Labels may outlive their
 * segment, so that undoing its removal brings them back.
 * @throws RangeError that names the first violation; one is a bug in an edit or damage in a stored document.
 */
export function assertDocumentInvariants(document: AnnotationDocument): void {
  checkList(document.segments, document.duration, 'segment');
  checkList(document.marks, document.duration, 'mark');
  for (const segment of document.segments) {
    if (segment.text?.trim() === '') fail(`segment ${segment.id} has an empty text instead of none`);
  }
  for (const mark of document.marks) {
    if (mark.source === 'human' && mark.review !== 'confirmed') fail(`mark ${mark.id} is human but ${mark.review}`);
    if (mark.confidence !== undefined && !(mark.confidence >= 0 && mark.confidence <= 1)) {
      fail(`mark ${mark.id} has a confidence of ${mark.confidence}`);
    }
  }
  const seen = new Set<string>();
  for (const label of document.labels) {
    const key = JSON.stringify([label.segmentId, label.raterId]);
    if (seen.has(key)) fail(`rater ${label.raterId} labelled segment ${label.segmentId} twice`);
    seen.add(key);
    if (label.score !== undefined && !(label.score >= -3 && label.score <= 3)) {
      fail(`the score of rater ${label.raterId} for segment ${label.segmentId} is ${label.score}`);
    }
  }
}
