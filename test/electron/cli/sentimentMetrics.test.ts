import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanCell, sentimentCell } from '../../../electron/cli/sentimentMetrics.js';

describe('sentimentCell', () => {
  it('drops zero labels from ACC2 and weights F1 by support', () => {
    const cell = sentimentCell([1, 1, 1, -1, 0], [1, 1, -1, -1, 2]);
    expect(cell.acc2).toBeCloseTo(3 / 4, 12);
    expect(cell.f1).toBeCloseTo((3 * 0.8 + (1 * 2) / 3) / 4, 12);
  });

  it('counts a prediction of exactly zero as negative', () => {
    expect(sentimentCell([1, -1], [0, 0]).acc2).toBe(0.5);
  });

  it('rounds ties to even and clips before comparing seven classes', () => {
    expect(sentimentCell([-1.5, 0.5, 2.5, 3, -2.5], [-2, 0, 2, 7, -2]).acc7).toBe(1);
    expect(sentimentCell([-1.5, 0.5, 2.5], [-1, 1, 3]).acc7).toBe(0);
    expect(sentimentCell([-0.5], [0.4]).acc7).toBe(1);
  });

  it('gives no correlation for a constant, and leaves it out of a mean', () => {
    const constant = sentimentCell([1, -1], [0.5, 0.5]);
    expect(constant.corr).toBeNaN();
    const mean = meanCell([constant, sentimentCell([1, -1], [2, -2])]);
    expect(mean.corr).toBeCloseTo(1, 12);
    expect(mean.acc2).toBeCloseTo(0.75, 12);
  });

  it('keeps shares in [0, 1] and a perfect prediction perfect', () => {
    const label = fc.integer({ min: -30, max: 30 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(fc.array(fc.tuple(label, label), { minLength: 3 }), (pairs) => {
        const labels = pairs.map(([l]) => l);
        fc.pre(labels.some((l) => l > 0) && labels.some((l) => l < 0));
        const cell = sentimentCell(labels, pairs.map(([, p]) => p)); // prettier-ignore
        for (const share of [cell.acc2, cell.f1, cell.acc7]) expect(share >= 0 && share <= 1).toBe(true);
        expect(sentimentCell(labels, labels)).toMatchObject({ acc2: 1, f1: 1, acc7: 1, mae: 0 });
      }),
    );
  });
});
