import type { TimeRange } from './microseconds.js';

/** A copy in order of start, then end, then id: the order of every list of segments or marks. */
export function orderByStart<T extends { readonly id: string; readonly range: TimeRange }>(items: readonly T[]): T[] {
  return [...items].sort(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}
