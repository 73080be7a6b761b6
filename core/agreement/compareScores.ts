/** Two raters' scores: statistics and intervals of one set of units. */
import type { AgreementUnit } from './agreementUnit.js';
import type { Resampling } from './bootstrap.js';
import { denseClusters } from './clusters.js';
import { intervalsOf } from './compareLabels.js';
import {
  concordance,
  limitsHalfWidth,
  meanDifference,
  midRanks,
  pairSums,
  pearson,
  rootMeanSquareError,
  sortedOrder,
} from './pairedScores.js';
import { alphaInterval, intraclass, ordinalAlpha, type RatingMatrix } from './severalRaters.js';
import { statisticValue, type StatisticName, type StatisticValue } from './statistics.js';

const NAMES = [
  'ccc',
  'icc_2_1',
  'icc_2_k',
  'pearson',
  'spearman',
  'krippendorff_alpha_ordinal',
  'krippendorff_alpha_interval',
  'rmse',
  'mean_difference',
  'limits_of_agreement',
] as const satisfies readonly StatisticName[];

/** Statistics of units that both raters gave a score. */
export function* compareScores(
  units: readonly AgreementUnit[],
  raters: readonly string[],
  resampling: Pick<Resampling, 'draws' | 'key'>,
): Generator<void, readonly StatisticValue[]> {
  const x = Float64Array.from(units, (unit) => unit.scores[0] ?? Number.NaN);
  const y = Float64Array.from(units, (unit) => unit.scores[1] ?? Number.NaN);
  const evaluate = evaluator(x, y);
  const clusters = denseClusters(units);
  const weights = Float64Array.from(units, (unit) => unit.weight);
  const values = evaluate(weights);
  const drawWeights = new Float64Array(units.length);
  const intervals = yield* intervalsOf(clusters.count, resampling, (drawn) => {
    for (let index = 0; index < drawWeights.length; index += 1) {
      drawWeights[index] = weights[index]! * drawn[clusters.of[index]!]!;
    }
    return evaluate(drawWeights);
  });
  return NAMES.map((name, index) =>
    statisticValue(name, values[index]!, intervals[index], () => whyUndefined(name, { x, y }, raters)),
  );
}

/** Computes all statistics for row weights; what does not change between draws is prepared once. */
function evaluator(x: Float64Array, y: Float64Array): (weights: Float64Array) => number[] {
  const orderX = sortedOrder(x);
  const orderY = sortedOrder(y);
  const ranksX = new Float64Array(x.length);
  const ranksY = new Float64Array(y.length);
  const values = new Float64Array(2 * x.length);
  for (let index = 0; index < x.length; index += 1) {
    values[2 * index] = x[index]!;
    values[2 * index + 1] = y[index]!;
  }
  const matrix: RatingMatrix = { raters: 2, values };
  const ordinal = ordinalAlpha(matrix);
  return (weights) => {
    const sums = pairSums(x, y, weights);
    const icc = intraclass(matrix, weights);
    midRanks(x, orderX, weights, ranksX);
    midRanks(y, orderY, weights, ranksY);
    const tooFew = sums.n < 2;
    return [
      tooFew ? Number.NaN : concordance(sums),
      icc.single,
      icc.average,
      tooFew ? Number.NaN : pearson(sums),
      tooFew ? Number.NaN : pearson(pairSums(ranksX, ranksY, weights)),
      tooFew ? Number.NaN : ordinal(weights),
      tooFew ? Number.NaN : alphaInterval(matrix, weights),
      rootMeanSquareError(sums),
      meanDifference(sums),
      limitsHalfWidth(sums),
    ];
  };
}

/** The sentence that stands where a statistic of scores has no value. */
function whyUndefined(
  name: StatisticName,
  { x, y }: { readonly x: Float64Array; readonly y: Float64Array },
  [a = 'the first rater', b = 'the second rater']: readonly string[],
): string {
  if (x.length === 0) return `Not defined: there is no unit that both ${a} and ${b} scored here.`;
  if (x.length < 2) return 'Not defined: only one unit was scored by both raters here; at least two are needed.';
  const constant = (values: Float64Array) => values.every((value) => value === values[0]);
  const same = constant(x) && constant(y) && x[0] === y[0];
  if (same) return `Not defined: both raters gave ${x[0]} to every unit here, so there is nothing to tell from chance.`;
  const [who, value] = constant(x) ? [a, x[0]] : [b, y[0]];
  if (constant(x) || constant(y)) {
    return `Not defined: ${who} gave ${value} to every unit here; scores that do not vary cannot go together with others.`;
  }
  return `Not defined: the scores vary too little here to compute ${name.replaceAll('_', ' ')}.`;
}
