import type { TimeRange } from '../time/microseconds.js';
import type { DecodedCurve, MeasuredCurve } from './decodedCurve.js';
import { valuesInParts } from './valuesInParts.js';

/** A recovered curve beside the measured one, where both exist. */
export interface CurveComparison {
  readonly name: string;
  readonly unit: string;
  /** Recovered minus measured in each part of the segment; undefined where nothing was measured. */
  readonly differences: readonly (number | undefined)[];
  /** Parts in which both exist. */
  readonly n: number;
  /** Undefined where nothing can be compared, never 0 for that. */
  readonly meanDifference?: number;
  readonly meanAbsolute?: number;
  /** Share of measured values inside the recovered band, 0 to 1. */
  readonly inside?: number;
}

/** Compares a recovered curve with a measured one of the same quantity, part by part. */
export function compareCurve(
  decoded: DecodedCurve,
  measured: MeasuredCurve | undefined,
  range: TimeRange,
): CurveComparison {
  const { name, unit, mean, low, high } = decoded;
  const values = measured === undefined ? [] : valuesInParts(measured, range, mean.length);
  const differences = mean.map((value, part) => {
    const found = values[part];
    return found === undefined ? undefined : value - found;
  });
  const known = differences.filter((value) => value !== undefined);
  if (known.length === 0) return { name, unit, differences, n: 0 };
  const inside = values.filter((value, part) => value !== undefined && value >= low[part]! && value <= high[part]!);
  return {
    name,
    unit,
    differences,
    n: known.length,
    meanDifference: known.reduce((sum, value) => sum + value, 0) / known.length,
    meanAbsolute: known.reduce((sum, value) => sum + Math.abs(value), 0) / known.length,
    inside: inside.length / known.length,
  };
}
