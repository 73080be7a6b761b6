/** Percentile bootstrap over clusters (Efron & Tibshirani 1993): whole clusters are drawn with replacement. */
import { quantileOfSorted } from '../statistics/quantile.js';
import { INTERVAL_LEVEL } from './agreementOptions.js';
import { clusterDraws, type Resampling } from './clusterDraws.js';

/** Smallest share of draws in which a value must be defined for its interval to be told. */
const DEFINED_SHARE = 0.9;

/** Interval of one statistic, or why there is none. */
export type BootstrapInterval = { readonly low: number; readonly high: number } | { readonly why: string };

/** How many draws, and of which sequence. */
export interface Draws {
  readonly draws: number;
  /** Names the sequence of draws; the same key gives the same interval. */
  readonly key: string;
}

/**
 * Intervals of statistics; none without draws or material. With a single cluster there is nothing to draw from.
 * @param statistics as for `bootstrapIntervals`.
 */
export function* intervalsOf(
  resampling: Resampling,
  draws: Draws,
  statistics: (drawn: Float64Array) => readonly number[],
): Generator<undefined, readonly BootstrapInterval[], void> {
  const clusters = resampling.classOf.length;
  if (draws.draws === 0 || clusters === 0) return [];
  if (clusters === 1) {
    const why = 'No interval: all units lie in one annotation or one block of time, so there is nothing to draw from.';
    return statistics(new Float64Array(1).fill(1)).map(() => ({ why }));
  }
  return yield* bootstrapIntervals(resampling, draws, statistics);
}

/**
 * Computes the statistics in every draw. Yields between draws, so that a page can do other things meanwhile.
 * @param statistics called with how often each class was drawn; must answer with the same number of values each time,
 * NaN for one that is not defined in the draw.
 * @returns one interval for each statistic.
 */
function* bootstrapIntervals(
  resampling: Resampling,
  { draws, key }: Draws,
  statistics: (drawn: Float64Array) => readonly number[],
): Generator<undefined, BootstrapInterval[], void> {
  const next = clusterDraws(resampling, key);
  const results: Float64Array[] = [];
  for (let draw = 0; draw < draws; draw += 1) {
    const drawn = next();
    for (const [place, value] of statistics(drawn).entries()) {
      const list = (results[place] ??= new Float64Array(draws).fill(Number.NaN));
      list[draw] = value;
    }
    yield;
  }
  return results.map(percentiles);
}

function percentiles(values: Float64Array): BootstrapInterval {
  const finite = values.filter((value) => Number.isFinite(value)).sort();
  if (finite.length < values.length * DEFINED_SHARE) {
    const share = Math.round((1 - finite.length / values.length) * 100);
    return { why: `No interval: in ${share} % of the bootstrap draws the value is not defined.` };
  }
  const tail = (1 - INTERVAL_LEVEL) / 2;
  return { low: quantileOfSorted(finite, tail), high: quantileOfSorted(finite, 1 - tail) };
}
