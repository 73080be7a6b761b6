import { describe, expect, it } from 'vitest';
import { speechRanges } from '../../../../electron/perception/audio/speechRanges.js';

const HOP = 50_000;

function ranges(probabilities: readonly number[]): number[][] {
  const duration = probabilities.length * HOP;
  return speechRanges(Float32Array.from(probabilities), HOP, duration).map(({ start, end }) => [start, end]);
}

function runs(...parts: readonly (readonly [count: number, probability: number])[]): number[] {
  return parts.flatMap(([count, probability]) => new Array<number>(count).fill(probability));
}

describe('speechRanges', () => {
  it('pads speech by 100 ms on both sides', () => {
    expect(ranges(runs([10, 0], [10, 0.9], [10, 0]))).toEqual([[400_000, 1_100_000]]);
  });

  it('needs 0.5 to begin and less than 0.35 to end', () => {
    expect(ranges(runs([10, 0], [10, 0.4], [10, 0.5], [10, 0.4], [10, 0.3]))).toEqual([[900_000, 2_100_000]]);
  });

  it('bridges silences shorter than 300 ms and keeps longer ones', () => {
    expect(ranges(runs([10, 0.9], [5, 0], [10, 0.9]))).toEqual([[0, 1_250_000]]);
    expect(ranges(runs([10, 0.9], [8, 0], [10, 0.9]))).toEqual([
      [0, 600_000],
      [800_000, 1_400_000],
    ]);
  });

  it('drops speech shorter than 250 ms', () => {
    expect(ranges(runs([10, 0], [4, 0.9], [10, 0]))).toEqual([]);
  });

  it('stays inside the recording', () => {
    expect(ranges(runs([10, 1]))).toEqual([[0, 500_000]]);
    expect(ranges([])).toEqual([]);
  });
});
