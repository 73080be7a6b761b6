/** Set arithmetic on half-open intervals [start, end). An empty interval (start = end) holds no instant. */
import { microseconds, type Microseconds, type TimeRange } from './microseconds.js';

/** Length of a range. */
export function durationOf(range: TimeRange): Microseconds {
  return microseconds(range.end - range.start);
}

/** Time that two ranges share; 0 where they only touch. */
export function overlap(a: TimeRange, b: TimeRange): Microseconds {
  return microseconds(Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start)));
}

/** The part of a range that lies inside the bounds; undefined where no instant is left. */
export function clampRange(range: TimeRange, bounds: TimeRange): TimeRange | undefined {
  const start = Math.max(range.start, bounds.start);
  const end = Math.min(range.end, bounds.end);
  return start < end ? { start: microseconds(start), end: microseconds(end) } : undefined;
}

/** Sorted, disjoint, non-touching ranges that hold the same instants; empty ranges vanish. */
export function unionRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const sorted = ranges.filter((range) => range.start < range.end).sort((a, b) => a.start - b.start || a.end - b.end);
  const merged: { start: Microseconds; end: Microseconds }[] = [];
  for (const { start, end } of sorted) {
    const last = merged.at(-1);
    if (last && start <= last.end) {
      if (end > last.end) last.end = end;
    } else {
      merged.push({ start, end });
    }
  }
  return merged;
}

/** Instants of `ranges` that are not in `removed`, as sorted disjoint ranges. */
export function subtractRanges(ranges: readonly TimeRange[], removed: readonly TimeRange[]): TimeRange[] {
  const holes = unionRanges(removed);
  const kept: TimeRange[] = [];
  let first = 0;
  for (const range of unionRanges(ranges)) {
    let start = range.start;
    while (first < holes.length && (holes[first]?.end ?? Infinity) <= range.start) first += 1;
    for (let index = first; index < holes.length; index += 1) {
      const hole = holes[index];
      if (!hole || hole.start >= range.end) break;
      if (hole.start > start) kept.push({ start, end: hole.start });
      if (hole.end > start) start = hole.end;
    }
    if (start < range.end) kept.push({ start, end: range.end });
  }
  return kept;
}

/** Instants that are in both lists, as sorted disjoint ranges. */
export function intersectRanges(a: readonly TimeRange[], b: readonly TimeRange[]): TimeRange[] {
  const left = unionRanges(a);
  const right = unionRanges(b);
  const shared: TimeRange[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const one = left[i];
    const other = right[j];
    if (!one || !other) break;
    const part = clampRange(one, other);
    if (part) shared.push(part);
    if (one.end < other.end) i += 1;
    else j += 1;
  }
  return shared;
}

/** Time covered by the ranges together; an instant in several of them counts once. */
export function totalDuration(ranges: readonly TimeRange[]): Microseconds {
  return microseconds(unionRanges(ranges).reduce((sum, range) => sum + (range.end - range.start), 0));
}

/** Share of `range` that `ranges` cover, 0 to 1; NaN for an empty range, which has no share. */
export function coverage(range: TimeRange, ranges: readonly TimeRange[]): number {
  if (range.end <= range.start) return Number.NaN;
  return totalDuration(intersectRanges([range], ranges)) / (range.end - range.start);
}
