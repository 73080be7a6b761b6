/** Two raters' scores: statistics and intervals of one set of units. */
import type { AgreementUnit } from './agreementUnit.js';
import { type Draws, intervalsOf } from './bootstrap.js';
import { denseClusters, ownClasses } from './clusters.js';
import {
  alphaOfPairs,
  concordance,
  intraclassOfPairs,
  limitsHalfWidth,
  meanDifference,
  pearson,
  rootMeanSquareError,
} from './pairedScores.js';
import { type ScoredUnits, weightedSums, type WeightedSums } from './rankedPairs.js';
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
  resampling: Draws,
): Generator<undefined, readonly StatisticValue[]> {
  // in rising order of the first rater's scores, so that the ranks' way through memory is straight
  const sorted = [...units].sort((a, b) => (a.scores[0] ?? 0) - (b.scores[0] ?? 0));
  const x = Float64Array.from(sorted, (unit) => unit.scores[0] ?? Number.NaN);
  const y = Float64Array.from(sorted, (unit) => unit.scores[1] ?? Number.NaN);
  const weights = Float64Array.from(sorted, (unit) => unit.weight);
  yield;
  const { count, of: clusters } = denseClusters(sorted);
  const sums = weightedSums({ x, y, weights, clusters });
  yield;
  const values = evaluate(sums(new Float64Array(count).fill(1)));
  const intervals = yield* intervalsOf(ownClasses(count), resampling, (drawn) => evaluate(sums(drawn)));
  return NAMES.map((name, index) =>
    statisticValue(name, values[index]!, intervals[index], () => whyUndefined(name, { x, y, weights }, raters)),
  );
}

/** All statistics, in the order of their names. */
function evaluate({ scores, ownRanks, pooledRanks }: WeightedSums): number[] {
  const ofOne = [rootMeanSquareError(scores), meanDifference(scores), limitsHalfWidth(scores)];
  if (scores.n < 2) return [...ABSENT, ...ofOne];
  const icc = intraclassOfPairs(scores);
  return [
    concordance(scores),
    icc.single,
    icc.average,
    pearson(scores),
    pearson(ownRanks),
    alphaOfPairs(pooledRanks),
    alphaOfPairs(scores),
    ...ofOne,
  ];
}

/** All but the last three statistics, which one unit is enough for. */
const ABSENT: readonly number[] = Array<number>(NAMES.length - 3).fill(Number.NaN);

/** The sentence that stands where a statistic of scores has no value. */
function whyUndefined(
  name: StatisticName,
  { x, y, weights }: Omit<ScoredUnits, 'clusters'>,
  [a = 'the first rater', b = 'the second rater']: readonly string[],
): string {
  if (x.length === 0) return `Not defined: there is no unit that both ${a} and ${b} scored here.`;
  if (weights.reduce((sum, weight) => sum + weight, 0) < 2) {
    return 'Not defined: only one unit was scored by both raters here; at least two are needed.';
  }
  const constant = (values: Float64Array) => values.every((value) => value === values[0]);
  const same = constant(x) && constant(y) && x[0] === y[0];
  if (same) return `Not defined: both raters gave ${x[0]} to every unit here, so there is nothing to tell from chance.`;
  const [who, value] = constant(x) ? [a, x[0]] : [b, y[0]];
  if (constant(x) || constant(y)) {
    return `Not defined: ${who} gave ${value} to every unit here; scores that do not vary cannot go together with others.`;
  }
  return `Not defined: the scores vary too little here to compute ${name.replaceAll('_', ' ')}.`;
}
