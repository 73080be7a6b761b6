/** Sums of two raters' scores and of their ranks for many weightings of the same units: what a bootstrap needs, fast. */
import { emptySums, type PairSums } from './pairedScores.js';

/** One rater's scores as groups of equal values, in rising order. */
class Groups {
  /** Group of each unit. */
  readonly of: Uint32Array;
  readonly values: Float64Array;
  /** Of the latest weighting, by group: weight, rank among the rater's own scores, rank among both raters' scores. */
  readonly weights: Float64Array;
  readonly ranks: Float64Array;
  readonly pooledRanks: Float64Array;

  constructor(values: Float64Array) {
    this.values = Float64Array.from(new Set(values)).sort();
    const place = new Map(Array.from(this.values, (value, index) => [value, index]));
    this.of = Uint32Array.from(values, (value) => place.get(value)!);
    this.weights = new Float64Array(this.values.length);
    this.ranks = new Float64Array(this.values.length);
    this.pooledRanks = new Float64Array(this.values.length);
  }
}

/** Units of two raters who both gave a score. */
export interface ScoredUnits {
  /** Best in rising order, so that the way through memory is straight. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  /** What the bootstrap draws each unit with. */
  readonly clusters: Uint32Array;
}

/** Sums of the scores, of each rater's own ranks, and of the ranks among both raters' scores. */
export interface WeightedSums {
  readonly scores: PairSums;
  readonly ownRanks: PairSums;
  readonly pooledRanks: PairSums;
}

/** A function that computes the sums for how often each cluster was drawn; its answer is overwritten by the next call. */
export function weightedSums(units: ScoredUnits): (drawn: Float64Array) => WeightedSums {
  const left = new Groups(units.x);
  const right = new Groups(units.y);
  const weights = new Float64Array(units.x.length);
  const pooled = poolGroups(left.values, right.values);
  const sums = { scores: emptySums(), ownRanks: emptySums(), pooledRanks: emptySums() };
  return (drawn) => {
    sumScores(units, { drawn, weights, left, right }, sums.scores);
    rankGroups(left, right, pooled, sums);
    sumProducts(weights, left, right, sums);
    return sums;
  };
}

interface Weighting {
  readonly drawn: Float64Array;
  /** Filled with each unit's weight. */
  readonly weights: Float64Array;
  readonly left: Groups;
  readonly right: Groups;
}

function sumScores(units: ScoredUnits, { drawn, weights, left, right }: Weighting, sums: PairSums): void {
  const { x, y, clusters, weights: own } = units;
  const [ofX, ofY, weightX, weightY] = [left.of, right.of, left.weights, right.weights];
  weightX.fill(0);
  weightY.fill(0);
  let [n, sumX, sumY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < x.length; index += 1) {
    const weight = own[index]! * drawn[clusters[index]!]!;
    weights[index] = weight;
    const a = x[index]!;
    const b = y[index]!;
    const weightedA = weight * a;
    const weightedB = weight * b;
    n += weight;
    sumX += weightedA;
    sumY += weightedB;
    xx += weightedA * a;
    yy += weightedB * b;
    xy += weightedA * b;
    weightX[ofX[index]!]! += weight;
    weightY[ofY[index]!]! += weight;
  }
  Object.assign(sums, { n, x: sumX, y: sumY, xx, yy, xy });
}

/** Both raters' scores together. */
interface Pooled {
  readonly weights: Float64Array;
  readonly ranks: Float64Array;
  /** For each group of a rater, its group among all. */
  readonly ofX: Uint32Array;
  readonly ofY: Uint32Array;
}

function poolGroups(a: Float64Array, b: Float64Array): Pooled {
  const values = Float64Array.from(new Set([...a, ...b])).sort();
  const place = new Map(Array.from(values, (value, index) => [value, index]));
  const groups = (own: Float64Array) => Uint32Array.from(own, (value) => place.get(value)!);
  return {
    weights: new Float64Array(values.length),
    ranks: new Float64Array(values.length),
    ofX: groups(a),
    ofY: groups(b),
  };
}

/** Ranks of groups, ties at their middle, where a weight of w stands for w equal values. */
function rank(weights: Float64Array, ranks: Float64Array): void {
  let before = 0;
  for (let group = 0; group < weights.length; group += 1) {
    const tied = weights[group]!;
    ranks[group] = before + (tied + 1) / 2;
    before += tied;
  }
}

/** Ranks of one rater's groups among the scores of both. */
function takePooled(own: Float64Array, of: Uint32Array, pooled: Float64Array): void {
  for (let group = 0; group < own.length; group += 1) own[group] = pooled[of[group]!]!;
}

function addWeights(own: Float64Array, of: Uint32Array, pooled: Float64Array): void {
  for (let group = 0; group < own.length; group += 1) pooled[of[group]!]! += own[group]!;
}

/** Ranks of all groups with their sums and those of their squares. */
function rankGroups(
  left: Groups,
  right: Groups,
  pooled: Pooled,
  { scores, ownRanks, pooledRanks }: WeightedSums,
): void {
  rank(left.weights, left.ranks);
  rank(right.weights, right.ranks);
  pooled.weights.fill(0);
  addWeights(left.weights, pooled.ofX, pooled.weights);
  addWeights(right.weights, pooled.ofY, pooled.weights);
  rank(pooled.weights, pooled.ranks);
  takePooled(left.pooledRanks, pooled.ofX, pooled.ranks);
  takePooled(right.pooledRanks, pooled.ofY, pooled.ranks);
  const { n } = scores;
  const sums = (own: Groups, kind: 'ranks' | 'pooledRanks') => rankSums(own.weights, own[kind]);
  const [ownX, ownXx] = sums(left, 'ranks');
  const [ownY, ownYy] = sums(right, 'ranks');
  Object.assign(ownRanks, { n, x: ownX, xx: ownXx, y: ownY, yy: ownYy });
  const [pooledX, pooledXx] = sums(left, 'pooledRanks');
  const [pooledY, pooledYy] = sums(right, 'pooledRanks');
  Object.assign(pooledRanks, { n, x: pooledX, xx: pooledXx, y: pooledY, yy: pooledYy });
}

/** Weighted sum of one rater's ranks and of their squares. */
function rankSums(weights: Float64Array, ranks: Float64Array): [number, number] {
  let [sum, squares] = [0, 0];
  for (let group = 0; group < weights.length; group += 1) {
    const own = ranks[group]!;
    const weighted = weights[group]! * own;
    sum += weighted;
    squares += weighted * own;
  }
  return [sum, squares];
}

/** Sums of the products of both raters' ranks. */
function sumProducts(weights: Float64Array, left: Groups, right: Groups, sums: WeightedSums): void {
  const [ofX, ofY] = [left.of, right.of];
  const [ownX, ownY, pooledX, pooledY] = [left.ranks, right.ranks, left.pooledRanks, right.pooledRanks];
  let [own, pooled] = [0, 0];
  for (let index = 0; index < weights.length; index += 1) {
    const weight = weights[index]!;
    const a = ofX[index]!;
    const b = ofY[index]!;
    own += weight * ownX[a]! * ownY[b]!;
    pooled += weight * pooledX[a]! * pooledY[b]!;
  }
  sums.ownRanks.xy = own;
  sums.pooledRanks.xy = pooled;
}
