import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cropAndScale,
  laplacianVariance,
  mean,
  meanDifference,
  toGrey,
  type Picture,
} from '../../../../electron/perception/visual/picture.js';

function grey(width: number, height: number, data: readonly number[]): Picture {
  return { width, height, channels: 1, data: Uint8Array.from(data) };
}

describe('crop and scale', () => {
  it('returns the pixels themselves at scale 1', () => {
    const picture = grey(3, 2, [1, 2, 3, 4, 5, 6]);
    expect([...cropAndScale(picture, { x: 0, y: 0, width: 3, height: 2 }, 3, 2, 'edge')]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...cropAndScale(picture, { x: 1, y: 1, width: 2, height: 1 }, 2, 1, 'edge')]).toEqual([5, 6]);
  });

  it('averages what it shrinks instead of picking pixels', () => {
    const stripes = grey(
      64,
      64,
      Array.from({ length: 64 * 64 }, (_, index) => (index % 2) * 200),
    );
    const small = cropAndScale(stripes, { x: 16, y: 16, width: 32, height: 32 }, 4, 4, 'edge');
    for (const value of small) expect(Math.abs(value - 100)).toBeLessThan(2);
  });

  it('interpolates what it enlarges', () => {
    const wide = cropAndScale(grey(2, 1, [0, 100]), { x: 0, y: 0, width: 2, height: 1 }, 4, 1, 'edge');
    expect([...wide]).toEqual([0, 25, 75, 100]);
  });

  it('fills what lies outside with black or with the border', () => {
    const picture = grey(2, 2, [80, 80, 80, 80]);
    const box = { x: -2, y: 0, width: 4, height: 2 };
    expect([...cropAndScale(picture, box, 4, 2, 'black')]).toEqual([0, 0, 80, 80, 0, 0, 80, 80]);
    expect([...cropAndScale(picture, box, 4, 2, 'edge')]).toEqual(new Array(8).fill(80));
    expect([...cropAndScale(picture, { x: 50, y: 50, width: 2, height: 2 }, 2, 2, 'black')]).toEqual([0, 0, 0, 0]);
  });

  it('keeps a uniform colour uniform, channel by channel, whatever the box', () => {
    const data = Uint8Array.from({ length: 7 * 5 * 3 }, (_, index) => [10, 120, 250][index % 3]!);
    const picture: Picture = { width: 7, height: 5, channels: 3, data };
    const side = fc.double({ min: 0.5, max: 30, noNaN: true });
    const place = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(place, place, side, side, fc.integer({ min: 1, max: 12 }), (x, y, width, height, size) => {
        const made = cropAndScale(picture, { x, y, width, height }, size, size, 'edge');
        expect(made.every((value, index) => Math.abs(value - [10, 120, 250][index % 3]!) < 1e-3)).toBe(true);
      }),
    );
  });
});

describe('picture measures', () => {
  it('weighs red, green and blue as BT.601', () => {
    const picture: Picture = { width: 3, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255) };
    expect([...toGrey(picture).data]).toEqual([76, 150, 29]);
  });

  it('gives a flat picture no sharpness, and blur less than detail', () => {
    expect(laplacianVariance(new Float32Array(25).fill(90), 5, 5)).toBe(0);
    const checks = Float32Array.from({ length: 64 }, (_, index) => ((index + (index >> 3)) % 2) * 100);
    const ramp = Float32Array.from({ length: 64 }, (_, index) => (index % 8) * 10);
    expect(laplacianVariance(checks, 8, 8)).toBeGreaterThan(1000);
    expect(laplacianVariance(ramp, 8, 8)).toBeCloseTo(0, 6);
  });

  it('equals the variance computed by hand', () => {
    const picture = Float32Array.from([1, 2, 3, 4, 4, 5, 9, 7, 9, 10, 11, 12]);
    const values = [2 + 10 + 4 + 9 - 20, 3 + 11 + 5 + 7 - 36];
    const centre = (values[0]! + values[1]!) / 2;
    const variance = ((values[0]! - centre) ** 2 + (values[1]! - centre) ** 2) / 2;
    expect(laplacianVariance(picture, 4, 3)).toBeCloseTo(variance, 6);
  });

  it('has no sharpness, mean or difference where there is nothing to measure', () => {
    expect(laplacianVariance(new Float32Array(4), 2, 2)).toBeNaN();
    expect(mean(new Float32Array(0))).toBeNaN();
    expect(meanDifference(grey(1, 2, [1, 2]), grey(2, 1, [1, 2]))).toBeNaN();
  });

  it('measures the mean absolute difference', () => {
    expect(meanDifference(grey(2, 1, [10, 20]), grey(2, 1, [13, 13]))).toBe(5);
  });
});
