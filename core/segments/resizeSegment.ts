import type { AnnotationDocument } from '../document/annotationDocument.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { orderByStart } from '../time/orderByStart.js';
import type { Segment } from './segment.js';

/**
 * Moves the boundaries of a segment; its origin becomes `human`. It stays inside the recording, at least `minimum` long
 * and clear of its neighbours, so that no instant belongs to two segments because of a slip of the hand; neighbours that
 * already overlap keep their overlap.
 * @throws RangeError when there is no such segment.
 */
export function resizeSegment(
  document: AnnotationDocument,
  id: string,
  range: TimeRange,
  minimum: Microseconds,
): AnnotationDocument {
  const index = document.segments.findIndex((entry) => entry.id === id);
  const segment = document.segments[index];
  if (!segment) throw new RangeError(`no segment ${id}`);
  const floor = Math.min(document.segments[index - 1]?.range.end ?? 0, segment.range.start);
  const ceiling = Math.max(document.segments[index + 1]?.range.start ?? document.duration, segment.range.end);
  const start = Math.max(floor, Math.min(range.start, segment.range.end - minimum));
  const end = Math.min(ceiling, Math.max(range.end, start + minimum));
  const next: Segment = {
    ...segment,
    range: { start: microseconds(start), end: microseconds(end) },
    origin: 'human',
  };
  return { ...document, segments: orderByStart(document.segments.map((entry) => (entry.id === id ? next : entry))) };
}
