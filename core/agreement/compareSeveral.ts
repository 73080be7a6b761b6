/** Three or more raters: statistics and intervals of one set of units. */
import type { AgreementUnit } from './agreementUnit.js';
import { type Draws, intervalsOf } from './bootstrap.js';
import { classSizes, type Resampling } from './clusterDraws.js';
import { denseClusters, ownClasses } from './clusters.js';
import type { Measure } from './rating.js';
import {
  alphaNominal,
  fleissKappa,
  intervalAlpha,
  intraclass,
  ordinalAlpha,
  type RatingMatrix,
  rowsWith,
} from './severalRaters.js';
import { statisticValue, type StatisticName, type StatisticValue } from './statistics.js';

interface Rows {
  readonly matrix: RatingMatrix;
  readonly weights: Float64Array;
  /** Class of each row. */
  readonly of: Uint32Array;
  readonly resampling: Resampling;
}

function rowsOf(units: readonly AgreementUnit[], measure: Measure, raters: number, least: number): Rows {
  const values = new Float64Array(units.length * raters).fill(Number.NaN);
  for (const [row, unit] of units.entries()) {
    for (const [rater, value] of (measure === 'label' ? unit.labels : unit.scores).entries()) {
      if (value !== undefined) values[row * raters + rater] = value;
    }
  }
  const kept = rowsWith({ raters, values }, least);
  const keptUnits = kept.map((row) => units[row]!);
  const { count, of } = denseClusters(keptUnits);
  const rows = {
    matrix: chosenRows({ raters, values }, kept),
    weights: Float64Array.from(keptUnits, (unit) => unit.weight),
    of,
    resampling: ownClasses(count),
  };
  return measure === 'label' && count === kept.length ? alikeTogether(rows) : rows;
}

function chosenRows({ raters, values }: RatingMatrix, rows: readonly number[]): RatingMatrix {
  const chosen = new Float64Array(rows.length * raters);
  for (const [place, row] of rows.entries()) {
    chosen.set(values.subarray(row * raters, (row + 1) * raters), place * raters);
  }
  return { raters, values: chosen };
}

/** Clusters of one row each, where equal rows are one class: with few labels there are few classes. */
function alikeTogether({ matrix: { raters, values }, weights, of }: Rows): Rows {
  const classes = new Map<string, number>();
  const first: number[] = [];
  const classOf = new Uint32Array(weights.length);
  for (let row = 0; row < weights.length; row += 1) {
    const key = `${weights[row]!} ${values.subarray(row * raters, (row + 1) * raters).join(' ')}`;
    const known = classes.get(key) ?? first.push(row) - 1;
    classes.set(key, known);
    classOf[of[row]!] = known;
  }
  return {
    matrix: chosenRows({ raters, values }, first),
    weights: Float64Array.from(first, (row) => weights[row]!),
    of: Uint32Array.from(first.keys()),
    resampling: { classOf, classes: first.length },
  };
}

/** Computes one or several statistics of some rows, with their intervals. */
function* compareRows(
  { matrix, weights, of, resampling }: Rows,
  names: readonly StatisticName[],
  prepare: (matrix: RatingMatrix) => (weights: Float64Array) => readonly number[],
  draws: Draws,
): Generator<undefined, StatisticValue[]> {
  const compute = prepare(matrix);
  const drawWeights = new Float64Array(weights.length);
  const computeDrawn = (drawn: Float64Array) => {
    for (let row = 0; row < weights.length; row += 1) drawWeights[row] = weights[row]! * drawn[of[row]!]!;
    return compute(drawWeights);
  };
  const values = computeDrawn(classSizes(resampling));
  const intervals = yield* intervalsOf(resampling, draws, computeDrawn);
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
): Generator<undefined, StatisticValue[]> {
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
): Generator<undefined, StatisticValue[]> {
  const complete = rowsOf(units, 'score', raters, raters);
  const pairable = rowsOf(units, 'score', raters, 2);
  const icc = (matrix: RatingMatrix) => (weights: Float64Array) => {
    const { single, average } = intraclass(matrix, weights);
    return [single, average];
  };
  const alpha = (matrix: RatingMatrix) => {
    const ordinal = ordinalAlpha(matrix);
    const interval = intervalAlpha(matrix);
    return (weights: Float64Array) => [ordinal(weights), interval(weights)];
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
