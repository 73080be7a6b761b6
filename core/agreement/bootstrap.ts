/** Percentile bootstrap over clusters (Efron & Tibshirani 1993): whole clusters are drawn with replacement. */
import { seededUniform } from '../random/seededNormal.js';
import { INTERVAL_LEVEL } from './agreementOptions.js';

/** Smallest share of draws in which a value must be defined for its interval to be told. */
const DEFINED_SHARE = 0.9;

/** Fast 32-bit numbers (sfc32, PractRand); its state comes from the seeded generator used everywhere else. */
export function seededBits(key: string): () => number {
  const uniform = seededUniform(key);
  const word = () => Math.floor(uniform() * 4_294_967_296) | 0;
  let [a, b, c] = [word(), word(), word()] as const;
  let counter = 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
}

/** Interval of one statistic, or why there is none. */
export type BootstrapInterval = { readonly low: number; readonly high: number } | { readonly why: string };

export interface Resampling {
  readonly clusters: number;
  readonly draws: number;
  /** Names the sequence of draws; the same key gives the same interval. */
  readonly key: string;
}

/**
 * Computes the statistics in every draw. Yields between draws, so that a page can do other things meanwhile.
 * @param statistics called with how often each cluster was drawn; must answer with the same number of values each time,
 * NaN for one that is not defined in the draw.
 * @returns one interval for each statistic.
 */
export function* bootstrapIntervals(
  { clusters, draws, key }: Resampling,
  statistics: (drawn: Float64Array) => readonly number[],
): Generator<void, BootstrapInterval[]> {
  const bits = seededBits(key);
  const drawn = new Float64Array(clusters);
  const results: Float64Array[] = [];
  const scale = clusters / 4_294_967_296;
  for (let draw = 0; draw < draws; draw += 1) {
    drawn.fill(0);
    for (let index = 0; index < clusters; index += 1) drawn[Math.floor(bits() * scale)]! += 1;
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
  return { low: quantile(finite, tail), high: quantile(finite, 1 - tail) };
}

/** Linear between order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(sorted.length - 1, below + 1)]!;
  return low + (high - low) * (place - below);
}
