import type { Microseconds, TimeRange } from '../../core/time/microseconds.js';

/** A point of a plot in pixels; undefined where there is no value. */
export type PlotPoint = readonly [x: number, y: number] | undefined;

const at = ([x, y]: readonly [number, number]): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Path of a line; it stops where a value is missing and is never drawn across. A lone point is a short dash. */
export function linePath(points: readonly PlotPoint[]): string {
  let path = '';
  points.forEach((point, index) => {
    if (point === undefined) return;
    const joins = index > 0 && points[index - 1] !== undefined;
    const alone = !joins && points[index + 1] === undefined;
    path += joins ? `L${at(point)}` : alone ? `M${at([point[0] - 2, point[1]])}h4` : `M${at(point)}`;
  });
  return path;
}

/** Path of the area between two lines of the same length. */
export function bandPath(
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
): string {
  if (upper.length === 0) return '';
  return `M${upper.map(at).join('L')}L${[...lower].reverse().map(at).join('L')}Z`;
}

/** Times of the centres of equally long parts of a stretch. */
export function centresOf({ start, end }: TimeRange, parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, part) => start + ((part + 0.5) / parts) * (end - start));
}

/**
 * Stretches without a value that are worth telling, by time.
 * @param shortest shorter ones belong to the thing itself, as pauses of the voice do to pitch.
 */
export function gapsOf(
  range: TimeRange,
  times: readonly Microseconds[],
  values: readonly (number | undefined)[],
  shortest: number,
): readonly { readonly start: number; readonly end: number }[] {
  const known = times.filter((_, index) => values[index] !== undefined);
  const edges = [range.start, ...known, range.end];
  return edges.slice(1).flatMap((end, index) => {
    const start = edges[index]!;
    return end - start >= shortest ? [{ start, end }] : [];
  });
}
