import type { TimeRange } from '../time/microseconds.js';
import type { MeasuredCurve } from './decodedCurve.js';

/**
 * A measured curve at the resolution of a decoded one: the mean of what was measured in each of `points` equally long
 * parts of `range`, undefined in a part where nothing was.
 */
export function valuesInParts(curve: MeasuredCurve, range: TimeRange, points: number): (number | undefined)[] {
  const sums = new Float64Array(points);
  const counts = new Uint32Array(points);
  const length = range.end - range.start;
  curve.times.forEach((time, index) => {
    const value = curve.values[index];
    const part = Math.floor(((time - range.start) / length) * points);
    if (value === undefined || !(part >= 0 && part < points)) return;
    sums[part] = sums[part]! + value;
    counts[part] = counts[part]! + 1;
  });
  return Array.from(counts, (count, part) => (count === 0 ? undefined : sums[part]! / count));
}
