/** Tiers without overlaps, for formats that allow none: what overlaps moves to a tier of the same name with `#2`. */
import { microseconds, type TimeRange } from '../time/microseconds.js';
import type { Tier, TierItem } from './annotationSet.js';
import { sortItems } from './reading.js';

const LANE = /^(.+) #([2-9]|[1-9]\d+)$/;

function laneName(name: string, lane: number): string {
  return lane === 0 ? name : `${name} #${lane + 1}`;
}

const rangeKey = (range: TimeRange): string => `${range.start}-${range.end}`;

/** Distributes items over lanes, each into the first one that is free; points never overlap. */
function lanesOf(items: readonly TierItem[]): number[] {
  const ends: number[] = [];
  return items.map(({ range }) => {
    let lane = ends.findIndex((end) => end <= range.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = Math.max(range.end, range.start);
    return lane;
  });
}

/** Lanes of a dependent tier: those of the parent's items of the same times; undefined when one has no such parent. */
function lanesLikeParent(items: readonly TierItem[], parent: ReadonlyMap<string, number[]>): number[] | undefined {
  const used = new Map<string, number>();
  const lanes: number[] = [];
  for (const { range } of items) {
    const key = rangeKey(range);
    const turn = used.get(key) ?? 0;
    const lane = parent.get(key)?.[turn];
    if (lane === undefined) return undefined;
    used.set(key, turn + 1);
    lanes.push(lane);
  }
  return lanes;
}

/** Times on a grid, rounded, at least `minimum` long. */
function onGrid(range: TimeRange, grid: number, minimum: number): TimeRange {
  const start = Math.round(range.start / grid) * grid;
  const end = Math.max(Math.round(range.end / grid) * grid, start + minimum);
  return { start: microseconds(start), end: microseconds(end) };
}

export interface LaneOptions {
  /** Times are rounded to multiples of this, µs. */
  readonly grid: number;
  /** Shortest annotation the format can hold, µs; shorter ones are lengthened. */
  readonly minimum: number;
}

/**
 * Splits every tier so that nothing on a tier overlaps. Dependent tiers follow the lanes of their parents; a tier with an
 * item that is about no item of its parent becomes independent.
 */
export function splitOverlaps(tiers: readonly Tier[], { grid, minimum }: LaneOptions): Tier[] {
  const lanesByTier = new Map<string, Map<string, number[]>>();
  const split = new Map<string, Tier[]>();
  const pending = [...tiers];
  const names = new Set(tiers.map((tier) => tier.name));
  for (let rounds = 0; pending.length > 0; rounds += 1) {
    const tier = pending.shift();
    if (!tier) break;
    // Parents first; in a circle of parents the first one met counts as independent.
    const waits = tier.parent !== undefined && names.has(tier.parent) && !split.has(tier.parent);
    if (waits && rounds < tiers.length * tiers.length) {
      pending.push(tier);
      continue;
    }
    const items = sortItems(tier.items.map((item) => ({ ...item, range: onGrid(item.range, grid, minimum) })));
    const parentLanes = tier.parent === undefined ? undefined : lanesByTier.get(tier.parent);
    const followed = parentLanes && lanesLikeParent(items, parentLanes);
    const lanes = followed ?? lanesOf(items);
    split.set(tier.name, splitTier(tier, items, lanes, followed !== undefined));
    const byRange = new Map<string, number[]>();
    items.forEach(({ range }, index) => {
      const key = rangeKey(range);
      byRange.set(key, [...(byRange.get(key) ?? []), lanes[index] ?? 0]);
    });
    lanesByTier.set(tier.name, byRange);
  }
  return tiers.flatMap((tier) => split.get(tier.name) ?? []);
}

function splitTier(tier: Tier, items: readonly TierItem[], lanes: readonly number[], isDependent: boolean): Tier[] {
  const { parent, ...independent } = tier;
  const count = lanes.reduce((most, lane) => Math.max(most, lane + 1), 1);
  return Array.from({ length: count }, (_, lane) => ({
    ...independent,
    name: laneName(tier.name, lane),
    ...(isDependent && parent !== undefined ? { parent: laneName(parent, lane) } : {}),
    items: items.filter((_item, index) => lanes[index] === lane),
  }));
}

/** A tier from time 0 on, for formats without negative times: what starts before is cut, what ends before is left out. */
export function fromZero(tier: Tier): Tier {
  if (tier.items.every(({ range }) => range.start >= 0)) return tier;
  const items = tier.items.flatMap((item) => {
    const { start, end } = item.range;
    if (start >= 0) return [item];
    return end > 0 ? [{ ...item, range: { start: microseconds(0), end } }] : [];
  });
  return { ...tier, items };
}

/** Name of the tier that a lane belongs to, where that tier exists in the file. */
export function withoutLane(name: string, names: ReadonlySet<string>): string {
  const base = LANE.exec(name)?.[1];
  return base !== undefined && names.has(base) ? base : name;
}
