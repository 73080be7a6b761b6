import { describe, expect, it } from 'vitest';
import { fillNormal, seededNormal, seededUniform } from '../../../core/random/seededNormal.js';

/** From an independent implementation in Python of the same published algorithms. */
const GOLDEN_NORMAL = [1.4000270308869374, 1.4851777293196902, 1.3398611553945086, -0.9894918702780154];
const GOLDEN_UNIFORM = [0.6210477265618178, 0.6284099404570066];

function draw(key: string, count: number): number[] {
  const next = seededNormal(key);
  return Array.from({ length: count }, () => next());
}

function correlation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0) / a.length;
}

describe('seeded normal numbers', () => {
  it('have the moments of N(0, 1)', () => {
    const values = draw('moments', 200_000);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    // Five standard errors each: 1, 2, 15 and 96 are the variances of x, x^2, x^3 and x^4.
    const tolerance = (variance: number) => 5 * Math.sqrt(variance / values.length);
    expect(Math.abs(moment(1))).toBeLessThan(tolerance(1));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(tolerance(2));
    expect(Math.abs(moment(3))).toBeLessThan(tolerance(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(tolerance(96));
    const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / values.length;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(0.0025);
  });

  it('are the same for the same key, in one array as one by one', () => {
    const array = new Float32Array(101);
    fillNormal('rec-1|s0001|7', array);
    expect(Array.from(array)).toEqual(draw('rec-1|s0001|7', 101).map(Math.fround));
    expect(draw('rec-1|s0001|7', 101)).toEqual(draw('rec-1|s0001|7', 101));
  });

  it('are unrelated for keys that differ in one character', () => {
    const keys = ['rec-1|s0001|7', 'rec-1|s0001|8', 'rec-1|s0002|7', 'rec-2|s0001|7', '', 'a', 'aa'];
    const sequences = keys.map((key) => draw(key, 20_000));
    for (let i = 0; i < keys.length; i += 1) {
      for (let j = i + 1; j < keys.length; j += 1) {
        expect(Math.abs(correlation(sequences[i]!, sequences[j]!))).toBeLessThan(5 / Math.sqrt(20_000));
      }
    }
  });

  it('have no correlation from one to the next', () => {
    const values = draw('serial', 100_000);
    for (const lag of [1, 2, 3, 7]) {
      expect(Math.abs(correlation(values.slice(0, -lag), values.slice(lag)))).toBeLessThan(0.02);
    }
  });

  it('never change between releases: the first numbers of a key are fixed', () => {
    expect(draw('lacuna', 4)).toEqual(GOLDEN_NORMAL);
    const uniform = seededUniform('lacuna');
    expect([uniform(), uniform()]).toEqual(GOLDEN_UNIFORM);
  });
});
