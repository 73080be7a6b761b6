import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microseconds, type TimeRange } from '../../../core/time/microseconds.js';
import {
  clampRange,
  coverage,
  intersectRanges,
  overlap,
  subtractRanges,
  totalDuration,
  unionRanges,
} from '../../../core/time/ranges.js';

const SIZE = 40;
const range = (start: number, end: number): TimeRange => ({ start: microseconds(start), end: microseconds(end) });
const anyRange = fc
  .tuple(fc.integer({ min: 0, max: SIZE }), fc.integer({ min: 0, max: SIZE }))
  .map(([a, b]) => range(Math.min(a, b), Math.max(a, b)));
const anyRanges = fc.array(anyRange, { maxLength: 8 });

/** The instants of a list of ranges as a plain set: the definition that the functions are held against. */
function instants(ranges: readonly TimeRange[]): Set<number> {
  const set = new Set<number>();
  for (const { start, end } of ranges) for (let time: number = start; time < end; time += 1) set.add(time);
  return set;
}

function expectNormal(ranges: readonly TimeRange[]): void {
  ranges.forEach(({ start, end }, index) => {
    expect(start).toBeLessThan(end);
    if (index > 0) expect(ranges[index - 1]!.end).toBeLessThan(start);
  });
}

describe('ranges are half-open sets of instants', () => {
  it('ranges that only touch share nothing', () => {
    expect(overlap(range(0, 10), range(10, 20))).toBe(0);
    expect(clampRange(range(0, 10), range(10, 20))).toBeUndefined();
    expect(intersectRanges([range(0, 10)], [range(10, 20)])).toEqual([]);
    expect(unionRanges([range(10, 20), range(0, 10)])).toEqual([range(0, 20)]);
  });

  it('a union holds the same instants, sorted and disjoint', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const union = unionRanges(ranges);
        expectNormal(union);
        expect(instants(union)).toEqual(instants(ranges));
        expect(totalDuration(ranges)).toBe(instants(ranges).size);
      }),
    );
  });

  it('an intersection holds exactly the shared instants', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (a, b) => {
        const shared = intersectRanges(a, b);
        expectNormal(shared);
        expect(instants(shared)).toEqual(new Set([...instants(a)].filter((time) => instants(b).has(time))));
      }),
    );
  });

  it('a difference holds exactly the instants that were not removed', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, (a, b) => {
        const kept = subtractRanges(a, b);
        expectNormal(kept);
        expect(instants(kept)).toEqual(new Set([...instants(a)].filter((time) => !instants(b).has(time))));
      }),
    );
  });

  it('coverage is the shared share, and an empty range has none', () => {
    fc.assert(
      fc.property(anyRange, anyRanges, (whole, parts) => {
        const length = whole.end - whole.start;
        const expected = length === 0 ? Number.NaN : totalDuration(intersectRanges([whole], parts)) / length;
        expect(coverage(whole, parts)).toBe(expected);
      }),
    );
    expect(coverage(range(0, 10), [range(0, 5), range(3, 5), range(8, 20)])).toBe(0.7);
  });

  it('inputs stay as they were', () => {
    const ranges = Object.freeze([Object.freeze(range(5, 9)), Object.freeze(range(1, 6))]);
    expect(unionRanges(ranges)).toEqual([range(1, 9)]);
    expect(ranges[0]).toEqual(range(5, 9));
  });
});
