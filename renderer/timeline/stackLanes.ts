import type { TimeRange } from '../../core/time/microseconds.js';
import { MOST_LANES } from './layout.js';

/** Lanes of items that may overlap. */
export interface Stack {
  /** Lane of every item that is not in the first one, from 0. */
  readonly laneOf: ReadonlyMap<string, number>;
  readonly laneCount: number;
}

/**
 * Puts every item into the first lane that is free at its start, so that overlapping ones stand under each other.
 * Beyond `MOST_LANES` the last lane is shared.
 * @param items in order of start.
 */
export function stackLanes(items: readonly { readonly id: string; readonly range: TimeRange }[]): Stack {
  const laneOf = new Map<string, number>();
  const ends: number[] = [];
  for (const { id, range } of items) {
    const free = ends.findIndex((end) => end <= range.start);
    const lane = free >= 0 ? free : Math.min(ends.length, MOST_LANES - 1);
    ends[lane] = Math.max(ends[lane] ?? 0, range.end);
    if (lane > 0) laneOf.set(id, lane);
  }
  return { laneOf, laneCount: Math.max(1, ends.length) };
}
