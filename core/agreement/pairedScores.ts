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

export const emptySums = (): PairSums => ({ n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 });

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

export interface IntraclassCorrelation {
  /** Reliability of one rater's score. */
  readonly single: number;
  /** Reliability of the mean of all raters' scores. */
  readonly average: number;
}

/** Sums of squares of a two-way layout of n rows and k raters. */
export interface TwoWaySquares {
  readonly n: number;
  readonly k: number;
  /** Around the grand mean. */
  readonly all: number;
  readonly rows: number;
  readonly raters: number;
}

/**
 * ICC(2,1) and ICC(2,k): two-way random effects, absolute agreement (Shrout & Fleiss 1979). NaN for fewer than two rows
 * or where all scores are the same.
 */
export function intraclassOf({ n, k, all, rows, raters }: TwoWaySquares): IntraclassCorrelation {
  if (n < 2 || all <= 0) return { single: Number.NaN, average: Number.NaN };
  const meanRows = rows / (n - 1);
  const meanRaters = raters / (k - 1);
  const meanError = Math.max(0, all - rows - raters) / ((n - 1) * (k - 1));
  const between = meanRows - meanError;
  return {
    single: between / (meanRows + (k - 1) * meanError + (k * (meanRaters - meanError)) / n),
    average: between / (meanRows + (meanRaters - meanError) / n),
  };
}

/** Intraclass correlations of two raters. */
export function intraclassOfPairs({ n, x, y, xx, yy, xy }: PairSums): IntraclassCorrelation {
  const grand = (x + y) ** 2 / (2 * n);
  const all = xx + yy - grand;
  return intraclassOf({
    n,
    k: 2,
    all: all <= ROUNDING * (xx + yy) ? 0 : all,
    rows: Math.max(0, (xx + yy + 2 * xy) / 2 - grand),
    raters: Math.max(0, (x * x + y * y) / n - grand),
  });
}

/** Krippendorff's alpha of two raters with squared differences (Krippendorff 2011). NaN where all scores are the same. */
export function alphaOfPairs({ n, x, y, xx, yy, xy }: PairSums): number {
  const values = 2 * n;
  const expected = values * (xx + yy) - (x + y) ** 2;
  const observed = Math.max(0, xx + yy - 2 * xy);
  return expected > ROUNDING * values * (xx + yy) ? 1 - (observed * (values - 1)) / expected : Number.NaN;
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

/** Values in rising order, with the ends of the groups of equal ones, for `midRanks`. */
export interface RankOrder {
  readonly order: Uint32Array;
  /** Place in `order` after the last of each group of ties. */
  readonly groupEnds: Uint32Array;
}

/** Prepares ranks of the values; NaN gets none. */
export function rankOrder(values: Float64Array): RankOrder {
  const given: number[] = [];
  for (let index = 0; index < values.length; index += 1) if (!Number.isNaN(values[index]!)) given.push(index);
  const order = Uint32Array.from(given).sort((a, b) => values[a]! - values[b]!);
  const groupEnds: number[] = [];
  for (let place = 1; place <= order.length; place += 1) {
    if (place === order.length || values[order[place]!] !== values[order[place - 1]!]) groupEnds.push(place);
  }
  return { order, groupEnds: Uint32Array.from(groupEnds) };
}

/** Ranks with ties at their middle, where a value of weight w stands for w equal values. */
export function midRanks({ order, groupEnds }: RankOrder, weights: Float64Array, ranks: Float64Array): void {
  let before = 0;
  let first = 0;
  for (const end of groupEnds) {
    let tied = 0;
    for (let place = first; place < end; place += 1) tied += weights[order[place]!]!;
    const rank = before + (tied + 1) / 2;
    for (let place = first; place < end; place += 1) ranks[order[place]!] = rank;
    before += tied;
    first = end;
  }
}
