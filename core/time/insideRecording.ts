import { formatHms } from './format.js';
import { microseconds, type Microseconds, type TimeRange } from './microseconds.js';
import { clampRange } from './ranges.js';

/** The part of a range inside a recording. @throws RangeError when nothing of it is. */
export function insideRecording(range: TimeRange, duration: Microseconds): TimeRange {
  const inside = clampRange(range, { start: microseconds(0), end: duration });
  if (!inside) {
    throw new RangeError(`${formatHms(range.start)} to ${formatHms(range.end)} holds no time of the recording`);
  }
  return inside;
}
