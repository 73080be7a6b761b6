import { describe, expect, it } from 'vitest';
import { compareCurve } from '../../../core/recovery/compareCurve.js';
import type { DecodedCurve, MeasuredCurve } from '../../../core/recovery/decodedCurve.js';
import { fromSeconds } from '../../../core/time/microseconds.js';

const range = { start: fromSeconds(10), end: fromSeconds(14) };
const decoded: DecodedCurve = { name: 'smile', unit: '1', mean: [1, 2, 3, 4], low: [0, 1, 2, 3], high: [2, 3, 4, 5] };
const measured = (values: readonly (number | undefined)[]): MeasuredCurve => ({
  name: 'smile',
  unit: '1',
  times: values.map((_, index) => fromSeconds(10.5 + index)),
  values,
});

describe('a recovered curve beside the measured one', () => {
  it('is compared where both exist, and nowhere else', () => {
    const found = compareCurve(decoded, measured([0.5, undefined, 3, 6]), range);
    expect(found.differences).toEqual([0.5, undefined, 0, -2]);
    expect(found.n).toBe(3);
    expect(found.meanDifference).toBeCloseTo(-0.5);
    expect(found.meanAbsolute).toBeCloseTo(2.5 / 3);
    expect(found.inside).toBeCloseTo(2 / 3);
  });

  it('has no figures, not zero, where nothing was measured', () => {
    for (const other of [undefined, measured([undefined, undefined, undefined, undefined])]) {
      const found = compareCurve(decoded, other, range);
      expect(found).toEqual({ name: 'smile', unit: '1', differences: Array(4).fill(undefined), n: 0 });
    }
  });
});
