/** Statistics of two raters' scores. Weighted, so that bootstrap draws are weights; NaN where not defined. */

/** Weighted sums of pairs (x, y), from which all but ranks can be computed. */
export interface PairSums {
  n: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
}

export function pairSums(x: Float64Array, y: Float64Array, weights: Float64Array): PairSums {
  const sums: PairSums = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 };
  for (let index = 0; index < x.length; index += 1) {
    const weight = weights[index]!;
    if (weight === 0) continue;
    const a = x[index]!;
    const b = y[index]!;
    sums.n += weight;
    sums.x += weight * a;
    sums.y += weight * b;
    sums.xx += weight * a * a;
    sums.yy += weight * b * b;
    sums.xy += weight * a * b;
  }
  return sums;
}

/** Below this share of the mean square a variance is rounding error, and the rater constant. */
const ROUNDING = 1e-12;

interface Moments {
  readonly meanX: number;
  readonly meanY: number;
  /** Divided by n, as Lin (1989) has them. */
  readonly varianceX: number;
  readonly varianceY: number;
  readonly covariance: number;
}

function momentsOf({ n, x, y, xx, yy, xy }: PairSums): Moments {
  const meanX = x / n;
  const meanY = y / n;
  const variance = (squares: number, mean: number) => {
    const value = squares / n - mean * mean;
    return value <= ROUNDING * (squares / n) ? 0 : value;
  };
  return {
    meanX,
    meanY,
    varianceX: variance(xx, meanX),
    varianceY: variance(yy, meanY),
    covariance: xy / n - meanX * meanY,
  };
}

const clamp = (value: number) => Math.min(1, Math.max(-1, value));

/** Pearson's correlation; NaN where a rater gave one score only. */
export function pearson(sums: PairSums): number {
  const { varianceX, varianceY, covariance } = momentsOf(sums);
  if (varianceX === 0 || varianceY === 0) return Number.NaN;
  return clamp(covariance / Math.sqrt(varianceX * varianceY));
}

/** Lin's concordance correlation coefficient (Lin 1989); NaN where a rater gave one score only. */
export function concordance(sums: PairSums): number {
  const { meanX, meanY, varianceX, varianceY, covariance } = momentsOf(sums);
  if (varianceX === 0 || varianceY === 0) return Number.NaN;
  return clamp((2 * covariance) / (varianceX + varianceY + (meanX - meanY) ** 2));
}

/** Root mean square of the differences. */
export function rootMeanSquareError({ n, xx, yy, xy }: PairSums): number {
  return Math.sqrt(Math.max(0, xx + yy - 2 * xy) / n);
}

/** Mean of A - B. */
export function meanDifference({ n, x, y }: PairSums): number {
  return (x - y) / n;
}

/** Half width of the 95 % limits of agreement, 1.96 standard deviations of A - B (Bland & Altman 1986). */
export function limitsHalfWidth(sums: PairSums): number {
  const { n } = sums;
  if (n < 2) return Number.NaN;
  const squares = sums.xx + sums.yy - 2 * sums.xy;
  const mean = meanDifference(sums);
  return 1.96 * Math.sqrt(Math.max(0, squares - n * mean * mean) / (n - 1));
}

/** Positions of the values in rising order, for `midRanks`; NaN has none. */
export function sortedOrder(values: Float64Array): Uint32Array {
  const given: number[] = [];
  for (let index = 0; index < values.length; index += 1) if (!Number.isNaN(values[index]!)) given.push(index);
  return Uint32Array.from(given).sort((a, b) => values[a]! - values[b]!);
}

/**
 * Ranks with ties at their middle, where a value of weight w stands for w equal values.
 * @param order of `sortedOrder(values)`.
 */
export function midRanks(values: Float64Array, order: Uint32Array, weights: Float64Array, ranks: Float64Array): void {
  let before = 0;
  for (let first = 0; first < order.length;) {
    const value = values[order[first]!]!;
    let tied = 0;
    let last = first;
    while (last < order.length && values[order[last]!] === value) {
      tied += weights[order[last]!]!;
      last += 1;
    }
    for (let index = first; index < last; index += 1) ranks[order[index]!] = before + (tied + 1) / 2;
    before += tied;
    first = last;
  }
}
