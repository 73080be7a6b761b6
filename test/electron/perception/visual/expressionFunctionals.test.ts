import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { VisualTrack } from '../../../../core/perception/perception.js';
import { EMOTIONS } from '../../../../core/recording/emotion.js';
import { microseconds, type TimeRange } from '../../../../core/time/microseconds.js';
import {
  VISUAL_FUNCTIONAL_COUNT,
  visualFunctionals,
} from '../../../../electron/perception/visual/expressionFunctionals.js';

interface Case {
  readonly name: string;
  readonly timestamps_us: readonly number[];
  readonly expression: readonly (readonly number[] | null)[];
  readonly usable_us: readonly (readonly [number, number])[];
  readonly expected: readonly number[] | null;
}

const golden = JSON.parse(readFileSync('test/fixtures/expressionFunctionals.json', 'utf8')) as {
  labels: readonly string[];
  cases: readonly Case[];
};

function trackOf(timestamps: readonly number[], rows: readonly (readonly number[] | null)[]): VisualTrack {
  const count = timestamps.length;
  const unknown = new Float32Array(count).fill(Number.NaN);
  return {
    extractor: 'face-expression/1',
    rateHz: 5,
    frameCount: count,
    timestamps: Float64Array.from(timestamps),
    faceCount: new Uint8Array(count),
    faceScore: unknown,
    faceBox: new Float32Array(count * 4).fill(Number.NaN),
    landmarkScore: unknown,
    expression: Float32Array.from(rows.flatMap((row) => row ?? new Array<number>(EMOTIONS.length).fill(Number.NaN))),
    embedding: new Float32Array(0),
    embeddingSize: 0,
    facePoints: new Float32Array(0),
    sharpness: unknown,
    luminance: unknown,
    change: unknown,
  };
}

function ranges(pairs: readonly (readonly [number, number])[]): TimeRange[] {
  return pairs.map(([start, end]) => ({ start: microseconds(start), end: microseconds(end) }));
}

describe('expression functionals', () => {
  it('uses the order of classes that the Python twin uses', () => {
    expect(golden.labels).toEqual(EMOTIONS);
  });

  it.each(golden.cases)('equals numpy: $name', ({ timestamps_us, expression, usable_us, expected }) => {
    const actual = visualFunctionals(trackOf(timestamps_us, expression), ranges(usable_us));
    if (!expected) {
      expect(actual).toBeUndefined();
      return;
    }
    expect(actual).toHaveLength(VISUAL_FUNCTIONAL_COUNT);
    const largest = Math.max(...expected.map((value, index) => Math.abs(value - actual![index]!)));
    expect(largest).toBeLessThan(1e-5);
  });

  it('is undefined, not zero, when nothing is usable', () => {
    expect(visualFunctionals(trackOf([0, 200_000], [null, null]), ranges([[0, 400_000]]))).toBeUndefined();
    expect(visualFunctionals(trackOf([0], [[1, 0, 0, 0, 0, 0, 0]]), [])).toBeUndefined();
  });
});
