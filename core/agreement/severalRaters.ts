/**
 * Statistics for any number of raters. Units are rows of a matrix, raters columns; every row has a weight, so that
 * bootstrap draws are weights. NaN where a statistic is not defined.
 */
import { type IntraclassCorrelation, intraclassOf, midRanks, rankOrder } from './pairedScores.js';

/** Values of all raters, row by row; NaN where a rater gave none. */
export interface RatingMatrix {
  readonly raters: number;
  readonly values: Float64Array;
}

function rowCount({ raters, values }: RatingMatrix): number {
  return values.length / raters;
}

/** Index of each row with at least `least` values. */
export function rowsWith(matrix: RatingMatrix, least: number): number[] {
  const { raters, values } = matrix;
  const rows: number[] = [];
  for (let row = 0; row < rowCount(matrix); row += 1) {
    let given = 0;
    for (let rater = 0; rater < raters; rater += 1) if (!Number.isNaN(values[row * raters + rater]!)) given += 1;
    if (given >= least) rows.push(row);
  }
  return rows;
}

/**
 * Fleiss' kappa (Fleiss 1971) of label indices; every row must be complete. NaN where all raters used one label.
 * @param labels number of labels.
 */
export function fleissKappa({ raters, values }: RatingMatrix, weights: Float64Array, labels: number): number {
  const totals = new Float64Array(labels);
  const counts = new Float64Array(labels);
  let n = 0;
  let agreement = 0;
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    counts.fill(0);
    for (let rater = 0; rater < raters; rater += 1) counts[values[row * raters + rater]!]! += 1;
    let pairs = -raters;
    for (let label = 0; label < labels; label += 1) {
      const count = counts[label]!;
      if (count === 0) continue;
      pairs += count * count;
      totals[label]! += weight * count;
    }
    agreement += (weight * pairs) / (raters * (raters - 1));
    n += weight;
  }
  let chance = 0;
  for (const total of totals) chance += (total / (n * raters)) ** 2;
  return n === 0 || totals.some((total) => total === n * raters) ? Number.NaN : (agreement / n - chance) / (1 - chance);
}

/** Krippendorff's alpha for labels (Krippendorff 2011), rows with at least two values. NaN where all are the same. */
export function alphaNominal({ raters, values }: RatingMatrix, weights: Float64Array, labels: number): number {
  const totals = new Float64Array(labels);
  const counts = new Float64Array(labels);
  let n = 0;
  let observed = 0;
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    counts.fill(0);
    let given = 0;
    for (let rater = 0; rater < raters; rater += 1) {
      const value = values[row * raters + rater]!;
      if (Number.isNaN(value)) continue;
      counts[value]! += 1;
      given += 1;
    }
    let different = given * given;
    for (let label = 0; label < labels; label += 1) {
      const count = counts[label]!;
      different -= count * count;
      totals[label]! += weight * count;
    }
    observed += (weight * different) / (given - 1);
    n += weight * given;
  }
  let expected = n * n;
  for (const total of totals) expected -= total * total;
  return expected > 0 ? 1 - (observed * (n - 1)) / expected : Number.NaN;
}

/** What a row adds to alpha with squared differences, per unit of weight. */
interface IntervalTerms {
  readonly given: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function intervalTerms(rows: number): IntervalTerms {
  const make = () => new Float64Array(rows);
  return { given: make(), sums: make(), squares: make() };
}

function fillTerms({ raters, values }: RatingMatrix, { given, sums, squares }: IntervalTerms): void {
  for (let row = 0; row < given.length; row += 1) {
    let [count, sum, square] = [0, 0, 0];
    for (let place = row * raters; place < (row + 1) * raters; place += 1) {
      const value = values[place]!;
      if (Number.isNaN(value)) continue;
      count += 1;
      sum += value;
      square += value * value;
    }
    given[row] = count;
    sums[row] = sum;
    squares[row] = square;
  }
}

function alphaOfTerms({ given, sums, squares }: IntervalTerms, weights: Float64Array): number {
  let [n, sum, square, observed] = [0, 0, 0, 0];
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row]!;
    const count = given[row]!;
    const rowSum = sums[row]!;
    const rowSquare = squares[row]!;
    observed += (weight * (count * rowSquare - rowSum * rowSum)) / (count - 1);
    n += weight * count;
    sum += weight * rowSum;
    square += weight * rowSquare;
  }
  const expected = n * square - sum * sum;
  return expected > 1e-12 * n * square ? 1 - (observed * (n - 1)) / expected : Number.NaN;
}

/**
 * A function of row weights that computes Krippendorff's alpha with squared differences, rows with at least two values.
 * NaN where all are the same.
 */
export function intervalAlpha(matrix: RatingMatrix): (weights: Float64Array) => number {
  const terms = intervalTerms(rowCount(matrix));
  fillTerms(matrix, terms);
  return (weights) => alphaOfTerms(terms, weights);
}

/** A function of row weights that computes alpha for ordered values; what does not change is prepared once. */
export function ordinalAlpha({ raters, values }: RatingMatrix): (weights: Float64Array) => number {
  const order = rankOrder(values);
  const cellWeights = new Float64Array(values.length);
  const rows = values.length / raters;
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  const terms = intervalTerms(rows);
  // Krippendorff's ordinal difference is the squared difference of the ranks at the middle of the ties.
  return (weights) => {
    for (let row = 0; row < rows; row += 1) cellWeights.fill(weights[row]!, row * raters, (row + 1) * raters);
    midRanks(order, cellWeights, ranks);
    fillTerms({ raters, values: ranks }, terms);
    return alphaOfTerms(terms, weights);
  };
}

/** ICC(2,1) and ICC(2,k) of any number of raters; every row must be complete. */
export function intraclass({ raters: k, values }: RatingMatrix, weights: Float64Array): IntraclassCorrelation {
  const columns = new Float64Array(k);
  let n = 0;
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row]!;
    n += weight;
    for (let rater = 0; rater < k; rater += 1) columns[rater]! += weight * values[row * k + rater]!;
  }
  let grand = 0;
  for (let rater = 0; rater < k; rater += 1) {
    columns[rater]! /= n;
    grand += columns[rater]! / k;
  }
  const { all, rows } = squaresAround(grand, { raters: k, values }, weights);
  let raters = 0;
  for (const column of columns) raters += n * (column - grand) ** 2;
  return intraclassOf({ n, k, all: all <= 1e-12 * n * k * grand * grand ? 0 : all, rows, raters });
}

/** Sum of squares of everything and of the rows' means around the grand mean. */
function squaresAround(grand: number, { raters: k, values }: RatingMatrix, weights: Float64Array) {
  let all = 0;
  let rows = 0;
  for (let row = 0; row < weights.length; row += 1) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    let sum = 0;
    for (let rater = 0; rater < k; rater += 1) {
      const distance = values[row * k + rater]! - grand;
      sum += distance;
      all += weight * distance * distance;
    }
    rows += (weight * sum * sum) / k;
  }
  return { all, rows };
}
