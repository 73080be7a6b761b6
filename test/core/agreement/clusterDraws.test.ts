/** The bootstrap: its draws, what is computed from them, and the intervals. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../../core/agreement/agreement.js';
import { DEFAULT_AGREEMENT_OPTIONS, drawsFor } from '../../../core/agreement/agreementOptions.js';
import { classSizes, clusterDraws } from '../../../core/agreement/clusterDraws.js';
import { type PairSums, pearson } from '../../../core/agreement/pairedScores.js';
import { weightedSums } from '../../../core/agreement/rankedPairs.js';
import type { RaterTrack } from '../../../core/agreement/rating.js';
import { seededUniform } from '../../../core/random/seededNormal.js';
import { sameSegments } from './arbitraryRatings.js';
import { tracksOfValues } from './publishedExamples.js';

/** 300 clusters in classes of 150, 90 and 60: drawn by class; in classes of their own: drawn one by one. */
const THREE_CLASSES = {
  classOf: Uint32Array.from({ length: 300 }, (_, index) => (index < 150 ? 0 : index < 240 ? 1 : 2)),
  classes: 3,
};
const OWN_CLASSES = { classOf: Uint32Array.from({ length: 300 }, (_, index) => index), classes: 300 };

describe('draws of clusters', () => {
  it('draw as many clusters as there are, each time, by class and one by one', () => {
    for (const resampling of [THREE_CLASSES, OWN_CLASSES]) {
      const next = clusterDraws(resampling, 'key');
      for (let draw = 0; draw < 50; draw += 1) {
        const drawn = [...next()];
        expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(300);
        expect(drawn.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      }
    }
  });

  it('have the mean, variance and covariance of a multinomial distribution, by class and one by one', () => {
    const DRAWS = 20_000;
    const byOne = clusterDraws(OWN_CLASSES, 'one by one');
    const byClass = clusterDraws(THREE_CLASSES, 'by class');
    const sumsOf = (counts: Float64Array) =>
      [0, 1, 2].map((number) =>
        counts.reduce((sum, count, index) => (THREE_CLASSES.classOf[index] === number ? sum + count : sum), 0),
      );
    for (const next of [() => sumsOf(byOne()), () => [...byClass()]]) {
      const rows = Array.from({ length: DRAWS }, next);
      const mean = [0, 1, 2].map((place) => rows.reduce((sum, row) => sum + row[place]!, 0) / DRAWS);
      const covariance = (x: number, y: number) =>
        rows.reduce((sum, row) => sum + (row[x]! - mean[x]!) * (row[y]! - mean[y]!), 0) / DRAWS;
      const shares = [0.5, 0.3, 0.2];
      for (const [place, share] of shares.entries()) {
        const variance = 300 * share * (1 - share);
        expect(Math.abs(mean[place]! - 300 * share)).toBeLessThan(5 * Math.sqrt(variance / DRAWS));
        expect(covariance(place, place) / variance).toBeGreaterThan(0.95);
        expect(covariance(place, place) / variance).toBeLessThan(1.05);
      }
      expect(covariance(0, 1) / (-300 * 0.5 * 0.3)).toBeGreaterThan(0.93);
      expect(covariance(0, 1) / (-300 * 0.5 * 0.3)).toBeLessThan(1.07);
    }
  });

  it('are the same for the same key and others for another', () => {
    const firstOf = (key: string) => [...clusterDraws(OWN_CLASSES, key)()];
    expect(firstOf('a')).toEqual(firstOf('a'));
    expect(firstOf('a')).not.toEqual(firstOf('b'));
    expect([...classSizes(THREE_CLASSES)]).toEqual([150, 90, 60]);
  });
});

const score = fc.integer({ min: -6, max: 6 }).map((value) => value / 2);

/** Ranks with ties at their middle, as a textbook has them. */
const plainRanks = (values: readonly number[]) =>
  values.map(
    (value) =>
      values.filter((other) => other < value).length + (values.filter((other) => other === value).length + 1) / 2,
  );

describe('statistics of a draw', () => {
  it('are those of the material with every unit as often as it was drawn', () => {
    const unit = fc.record({ x: score, y: score, times: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 3, maxLength: 30 }), (units) => {
        const column = (key: 'x' | 'y') => Float64Array.from(units, (one) => one[key]);
        const ones = new Float64Array(units.length).fill(1);
        const clusters = Uint32Array.from(units.keys());
        const sums = weightedSums({ x: column('x'), y: column('y'), weights: ones, clusters });
        const drawn = sums(Float64Array.from(units, ({ times }) => times));
        const repeated = units.flatMap((one) => Array.from({ length: one.times }, () => one));
        const [x, y] = [repeated.map((one) => one.x), repeated.map((one) => one.y)];
        const pooled = plainRanks([...x, ...y]);
        expectSums(drawn.scores, x, y);
        expectSums(drawn.ownRanks, plainRanks(x), plainRanks(y));
        expectSums(drawn.pooledRanks, pooled.slice(0, x.length), pooled.slice(x.length));
      }),
    );
  });
});

function expectSums(sums: PairSums, x: readonly number[], y: readonly number[]): void {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  const ones = x.map(() => 1);
  expect(sums.n).toBe(x.length);
  expect(sums.x).toBeCloseTo(dot(x, ones), 8);
  expect(sums.y).toBeCloseTo(dot(y, ones), 8);
  expect(sums.xx).toBeCloseTo(dot(x, x), 8);
  expect(sums.yy).toBeCloseTo(dot(y, y), 8);
  expect(sums.xy).toBeCloseTo(dot(x, y), 8);
  if (x.length > 1 && new Set(x).size > 1 && new Set(y).size > 1)
    expect(Math.abs(pearson(sums))).toBeLessThanOrEqual(1);
}

/** Two raters of many segments who agree in about 70 % of the labels and whose scores differ by noise. */
function manyRatings(count: number): RaterTrack[] {
  const uniform = seededUniform('many');
  const labels = [[], []] as [number[], number[]];
  const scores = [[], []] as [number[], number[]];
  for (let index = 0; index < count; index += 1) {
    const label = Math.floor(uniform() * 3);
    labels[0].push(label);
    labels[1].push(uniform() < 0.55 ? label : Math.floor(uniform() * 3));
    const value = uniform() * 4 - 2;
    scores[0].push(value);
    scores[1].push(value + uniform() - 0.5);
  }
  const [byLabel, byScore] = [tracksOfValues(labels, 'label'), tracksOfValues(scores, 'score')];
  return byLabel.map((track, rater) => ({
    ...track,
    ratings: track.ratings.map((rating, index) => ({ ...rating, score: byScore[rater]!.ratings[index]!.score! })),
  }));
}

describe('bootstrap intervals', () => {
  it('are as wide as theory says: raw agreement of independent units, and the mean difference', () => {
    const COUNT = 1_000;
    const { comparisons } = agreementOf({
      tracks: manyRatings(COUNT),
      states: [],
      options: { ...DEFAULT_AGREEMENT_OPTIONS, draws: 2_000 },
    });
    const find = (measure: string, name: string) =>
      comparisons
        .find((one) => one.measure === measure && one.basis === 'segment')!
        .statistics.find((statistic) => statistic.name === name)!;
    const raw = find('label', 'raw_agreement');
    const expected = 2 * 1.96 * Math.sqrt((raw.value! * (1 - raw.value!)) / COUNT);
    expect((raw.high! - raw.low!) / expected).toBeGreaterThan(0.92);
    expect((raw.high! - raw.low!) / expected).toBeLessThan(1.08);
    const difference = find('score', 'mean_difference');
    const limits = find('score', 'limits_of_agreement').value!;
    const width = (2 * limits) / Math.sqrt(COUNT);
    expect((difference.high! - difference.low!) / width).toBeGreaterThan(0.92);
    expect((difference.high! - difference.low!) / width).toBeLessThan(1.08);
  });

  it('stand in order beside a value and are the same again for the same seed', () => {
    fc.assert(
      fc.property(sameSegments, ({ tracks, states }) => {
        const options = { ...DEFAULT_AGREEMENT_OPTIONS, draws: 60 };
        const first = agreementOf({ tracks, states, options });
        for (const { statistics } of first.comparisons) {
          for (const { value, low, high } of statistics) {
            if (low === undefined || high === undefined) continue;
            expect(low).toBeLessThanOrEqual(high);
            expect(value).toBeDefined();
          }
        }
        expect(agreementOf({ tracks, states, options })).toEqual(first);
      }),
      { numRuns: 8 },
    );
  });

  it('take fewer draws for much material, never fewer than 200 nor more than 1000', () => {
    expect([0, 1, 2_000, 4_000, 10_000, 1_000_000].map(drawsFor)).toEqual([1_000, 1_000, 1_000, 500, 200, 200]);
  });
});
