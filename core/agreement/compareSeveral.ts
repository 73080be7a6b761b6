/** Three or more raters: statistics and intervals of one set of units. */
import type { AgreementUnit } from './agreementUnit.js';
import { type Draws, intervalsOf } from './bootstrap.js';
import { denseClusters, ownClasses } from './clusters.js';
import type { Measure } from './rating.js';
import {
  alphaInterval,
  alphaNominal,
  fleissKappa,
  intraclass,
  ordinalAlpha,
  type RatingMatrix,
  rowsWith,
} from './severalRaters.js';
import { statisticValue, type StatisticName, type StatisticValue } from './statistics.js';

interface Rows {
  readonly matrix: RatingMatrix;
  readonly weights: Float64Array;
  readonly clusters: ReturnType<typeof denseClusters>;
}

function rowsOf(units: readonly AgreementUnit[], measure: Measure, raters: number, least: number): Rows {
  const values = Float64Array.from(
    units.flatMap((unit) => (measure === 'label' ? unit.labels : unit.scores).map((value) => value ?? Number.NaN)),
  );
  const kept = rowsWith({ raters, values }, least);
  const keptUnits = kept.map((row) => units[row]!);
  return {
    matrix: {
      raters,
      values: Float64Array.from(kept.flatMap((row) => [...values.subarray(row * raters, (row + 1) * raters)])),
    },
    weights: Float64Array.from(keptUnits, (unit) => unit.weight),
    clusters: denseClusters(keptUnits),
  };
}

/** Computes one or several statistics of some rows, with their intervals. */
function* compareRows(
  { matrix, weights, clusters }: Rows,
  names: readonly StatisticName[],
  evaluate: (matrix: RatingMatrix) => (weights: Float64Array) => readonly number[],
  resampling: Draws,
): Generator<void, StatisticValue[]> {
  const compute = evaluate(matrix);
  const values = compute(weights);
  const drawWeights = new Float64Array(weights.length);
  const intervals = yield* intervalsOf(ownClasses(clusters.count), resampling, (drawn) => {
    for (let row = 0; row < weights.length; row += 1) drawWeights[row] = weights[row]! * drawn[clusters.of[row]!]!;
    return compute(drawWeights);
  });
  return names.map((name, index) =>
    statisticValue(name, values[index]!, intervals[index], () => whyUndefined(name, matrix)),
  );
}

/** Fleiss' kappa over units that all rated, Krippendorff's alpha over units that at least two rated. */
export function* compareSeveralLabels(
  units: readonly AgreementUnit[],
  raters: number,
  labels: number,
  resampling: Draws,
): Generator<void, StatisticValue[]> {
  const complete = rowsOf(units, 'label', raters, raters);
  const pairable = rowsOf(units, 'label', raters, 2);
  return [
    ...(yield* compareRows(complete, ['fleiss_kappa'], (m) => (w) => [fleissKappa(m, w, labels)], resampling)),
    ...(yield* compareRows(
      pairable,
      ['krippendorff_alpha_nominal'],
      (m) => (w) => [alphaNominal(m, w, labels)],
      resampling,
    )),
  ];
}

/** ICC over units that all scored, Krippendorff's alpha over units that at least two scored. */
export function* compareSeveralScores(
  units: readonly AgreementUnit[],
  raters: number,
  resampling: Draws,
): Generator<void, StatisticValue[]> {
  const complete = rowsOf(units, 'score', raters, raters);
  const pairable = rowsOf(units, 'score', raters, 2);
  const icc = (matrix: RatingMatrix) => (weights: Float64Array) => {
    const { single, average } = intraclass(matrix, weights);
    return [single, average];
  };
  const alpha = (matrix: RatingMatrix) => {
    const ordinal = ordinalAlpha(matrix);
    return (weights: Float64Array) => [ordinal(weights), alphaInterval(matrix, weights)];
  };
  return [
    ...(yield* compareRows(complete, ['icc_2_1', 'icc_2_k'], icc, resampling)),
    ...(yield* compareRows(pairable, ['krippendorff_alpha_ordinal', 'krippendorff_alpha_interval'], alpha, resampling)),
  ];
}

/** The sentence that stands where a statistic has no value. */
function whyUndefined(name: StatisticName, { raters, values }: RatingMatrix): string {
  const rows = values.length / raters;
  const needsAll = name === 'fleiss_kappa' || name.startsWith('icc');
  const who = needsAll ? `all ${raters} raters` : 'at least two raters';
  if (rows === 0) return `Not defined: there is no unit that ${who} rated here.`;
  const given = values.filter((value) => !Number.isNaN(value));
  if (given.every((value) => value === given[0])) {
    return 'Not defined: every rating here is the same, so there is nothing to tell from chance.';
  }
  return `Not defined: only ${rows === 1 ? 'one unit was' : `${rows} units were`} rated by ${who} here.`;
}
