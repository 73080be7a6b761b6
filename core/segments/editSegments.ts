/** Pure edits of the list of segments. Every function returns a new list in order of start. */
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { clampRange } from '../time/ranges.js';
import { hasWords } from '../transcript/cueText.js';
import type { Segment } from './segment.js';

/** Order of every list of segments. */
export function sortSegments(segments: readonly Segment[]): Segment[] {
  return [...segments].sort(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.id < b.id ? -1 : 1),
  );
}

function requireSegment(segments: readonly Segment[], id: string): Segment {
  const found = segments.find((segment) => segment.id === id);
  if (!found) throw new RangeError(`no segment ${id}`);
  return found;
}

/** The next free id; ids of removed segments are not given out again while a higher one is in use. */
function freeId(segments: readonly Segment[]): string {
  const highest = segments.reduce((max, { id }) => Math.max(max, Number(/^s(\d+)$/.exec(id)?.[1] ?? 0)), 0);
  return `s${String(highest + 1).padStart(4, '0')}`;
}

function insideRecording(range: TimeRange, duration: Microseconds): TimeRange {
  const inside = clampRange(range, { start: microseconds(0), end: duration });
  if (!inside) throw new RangeError('the segment would hold no time of the recording');
  return inside;
}

/** Adds a segment without text, cut to the recording. @throws RangeError when nothing of it lies in the recording. */
export function addSegment(
  segments: readonly Segment[],
  range: TimeRange,
  duration: Microseconds,
): { segments: Segment[]; segment: Segment } {
  const segment: Segment = {
    id: freeId(segments),
    range: insideRecording(range, duration),
    origin: 'human',
  };
  return { segments: sortSegments([...segments, segment]), segment };
}

/** Removes a segment. @throws RangeError when there is none of this id. */
export function removeSegment(segments: readonly Segment[], id: string): Segment[] {
  requireSegment(segments, id);
  return segments.filter((segment) => segment.id !== id);
}

/**
 * Moves the boundaries of a segment, cut to the recording; its origin becomes `human`.
 * @throws RangeError when there is no such segment or nothing of the range lies in the recording.
 */
export function resizeSegment(
  segments: readonly Segment[],
  id: string,
  range: TimeRange,
  duration: Microseconds,
): Segment[] {
  const changed: Segment = {
    ...requireSegment(segments, id),
    range: insideRecording(range, duration),
    origin: 'human',
  };
  return sortSegments(segments.map((segment) => (segment.id === id ? changed : segment)));
}

/** Sets the words of a segment; text without words takes the text away, so that text is missing there. */
export function setSegmentText(segments: readonly Segment[], id: string, text: string): Segment[] {
  const { range, origin } = requireSegment(segments, id);
  const changed: Segment = hasWords(text) ? { id, range, origin, text: text.trim() } : { id, range, origin };
  return segments.map((segment) => (segment.id === id ? changed : segment));
}
