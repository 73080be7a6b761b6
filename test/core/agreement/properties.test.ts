/** What must hold for any ratings: matching by overlap, strata, time units, order of the raters, best lag. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, type Comparison } from '../../../core/agreement/agreement.js';
import { type AgreementOptions, DEFAULT_AGREEMENT_OPTIONS } from '../../../core/agreement/agreementOptions.js';
import { isRatedBy } from '../../../core/agreement/agreementUnit.js';
import { matchByOverlap } from '../../../core/agreement/matchRatings.js';
import type { RaterTrack, Rating, StateStretch } from '../../../core/agreement/rating.js';
import type { StatisticName } from '../../../core/agreement/statistics.js';
import { seededUniform } from '../../../core/random/seededNormal.js';
import { microseconds } from '../../../core/time/microseconds.js';
import { overlap } from '../../../core/time/ranges.js';
import { ownAnnotations, sameSegments, TENTH, trackOf } from './arbitraryRatings.js';

const OPTIONS: AgreementOptions = { ...DEFAULT_AGREEMENT_OPTIONS, draws: 0 };
const run = (tracks: readonly RaterTrack[], states: readonly StateStretch[] = [], options = OPTIONS) =>
  agreementOf({ tracks, states, options });
const valueOf = (comparison: Comparison | undefined, name: StatisticName) =>
  comparison?.statistics.find((statistic) => statistic.name === name)?.value;
const matching = fc.record({
  minOverlap: fc.constantFrom(0.1, 0.5, 0.6, 1),
  tolerance: fc.constantFrom(0, 1, 10).map((tenths) => microseconds(tenths * TENTH)),
});

function fits(a: Rating, b: Rating, { minOverlap, tolerance }: Pick<AgreementOptions, 'minOverlap' | 'tolerance'>) {
  const longer = Math.max(a.range.end - a.range.start, b.range.end - b.range.start);
  const near = Math.abs(a.range.start - b.range.start) <= tolerance && Math.abs(a.range.end - b.range.end) <= tolerance;
  return a.recordingId === b.recordingId && (near || overlap(a.range, b.range) >= minOverlap * longer);
}

describe('matching by overlap', () => {
  it('takes every annotation once, pairs only what fits and leaves no two behind that fit', () => {
    fc.assert(
      fc.property(ownAnnotations, ownAnnotations, matching, (a, b, options) => {
        const matches = matchByOverlap(trackOf('R1', a), trackOf('R2', b), options);
        expect(new Set(matches.flatMap((match) => match.a ?? [])).size).toBe(a.length);
        expect(new Set(matches.flatMap((match) => match.b ?? [])).size).toBe(b.length);
        expect(matches).toHaveLength(a.length + b.length - matches.filter((match) => match.a && match.b).length);
        for (const match of matches) if (match.a && match.b) expect(fits(match.a, match.b, options)).toBe(true);
        const alone = matches.filter((match) => !match.a || !match.b);
        for (const { a: left } of alone) {
          for (const { b: right } of alone) if (left && right) expect(fits(left, right, options)).toBe(false);
        }
      }),
    );
  });

  it('pairs a track with itself perfectly, whatever the limits', () => {
    fc.assert(
      fc.property(ownAnnotations, matching, (ratings, options) => {
        const distinct = [
          ...new Map(ratings.map((one) => [`${one.recordingId} ${one.range.start} ${one.range.end}`, one])).values(),
        ];
        const matches = matchByOverlap(trackOf('R1', distinct), trackOf('R2', distinct), {
          ...options,
          tolerance: microseconds(0),
        });
        expect(matches.every(({ a, b }) => a !== undefined && a === b)).toBe(true);
      }),
    );
  });

  it('counts unmatched annotations: kappa with them is at most 1, and 1 only without any and with one label each', () => {
    fc.assert(
      fc.property(ownAnnotations, ownAnnotations, (a, b) => {
        const pair = run([trackOf('R1', a), trackOf('R2', b)]).comparisons.find(
          ({ measure, basis }) => measure === 'label' && basis === 'segment',
        )!;
        const kappa = valueOf(pair, 'kappa_with_unmatched');
        const apart = pair.onlyOne.reduce((sum, count) => sum + count, 0);
        expect(pair.n * 2 + apart).toBe(a.length + b.length);
        if (kappa === undefined) return;
        expect(kappa).toBeLessThanOrEqual(1 + 1e-9);
        if (apart > 0) expect(kappa).toBeLessThan(1);
      }),
    );
  });
});

describe('strata', () => {
  it('cut the material without loss: the states of a modality, and clean with damaged, add up to what has states', () => {
    fc.assert(
      fc.property(sameSegments, ({ tracks, states }) => {
        const { comparisons } = run(tracks.slice(0, 2), states);
        for (const measure of ['label', 'score'] as const) {
          for (const basis of ['segment', 'time'] as const) {
            const own = comparisons.filter((one) => one.measure === measure && one.basis === basis);
            const all = own.find(({ stratum }) => stratum === 'all');
            if (!all || own.length === 1) continue;
            const sum = (ids: (id: string) => boolean) =>
              own.filter(({ stratum }) => ids(stratum)).reduce((total, { n }) => total + n, 0);
            const withStates = all.units
              .filter(
                (unit) => unit.states !== undefined && isRatedBy(measure === 'label' ? unit.labels : unit.scores, 2),
              )
              .reduce((total, { weight }) => total + weight, 0);
            expect(sum((id) => id === 'all_observed' || id === 'any_damaged')).toBe(withStates);
            for (const modality of ['text', 'audio', 'visual']) {
              expect(sum((id) => id.startsWith(`${modality}_`))).toBe(withStates);
            }
          }
        }
      }),
    );
  });

  it('the tables of clean and damaged stretches add up to the table of all, where all have states', () => {
    fc.assert(
      fc.property(sameSegments, ({ tracks, states }) => {
        fc.pre(states.length === tracks[0]!.ratings.length);
        const { comparisons } = run(tracks.slice(0, 2), states);
        const tableOf = (id: string) =>
          Array.from(
            comparisons.find(
              ({ measure, basis, stratum }) => measure === 'label' && basis === 'segment' && stratum === id,
            )?.table?.counts ?? [],
          );
        const damaged = tableOf('any_damaged');
        expect(tableOf('all_observed').map((count, cell) => count + damaged[cell]!)).toEqual(tableOf('all'));
      }),
    );
  });
});

describe('order of the raters', () => {
  it('turns the table and the sign of bias and difference, and leaves every agreement as it is', () => {
    fc.assert(
      fc.property(sameSegments, ({ tracks: [a, b], states }) => {
        const turns = new Set<string>(['mean_difference', 'bias_index']);
        const there = run([a!, b!], states).comparisons;
        const back = run([b!, a!], states).comparisons;
        expect(back).toHaveLength(there.length);
        for (const [index, one] of there.entries()) {
          for (const { name, value } of one.statistics) {
            const other = valueOf(back[index], name);
            if (value === undefined) expect(other).toBeUndefined();
            else expect(other).toBeCloseTo(turns.has(name) ? -value : value, 9);
          }
        }
      }),
    );
  });
});

describe('time units', () => {
  it('count the time that both rated, and a longer tolerance never lowers the raw agreement', () => {
    fc.assert(
      fc.property(ownAnnotations, ownAnnotations, (a, b) => {
        const raw = [0, 1, 5, 20].map((tenths) => {
          const options = { ...OPTIONS, unit: microseconds(TENTH), tolerance: microseconds(tenths * TENTH) };
          const pair = run([trackOf('R1', a), trackOf('R2', b)], [], options).comparisons.find(
            ({ measure, basis }) => measure === 'label' && basis === 'time',
          );
          return { n: pair?.n ?? 0, value: valueOf(pair, 'raw_agreement') ?? 0 };
        });
        const covered = (list: readonly Rating[], recording: string, time: number) =>
          list.some(({ recordingId, range }) => recordingId === recording && range.start <= time && time < range.end);
        let both = 0;
        for (const recording of ['a', 'b']) {
          for (let unit = 0; unit < 160; unit += 1) {
            const middle = (unit + 0.5) * TENTH;
            if (covered(a, recording, middle) && covered(b, recording, middle)) both += 1;
          }
        }
        expect(raw.map(({ n }) => n)).toEqual([both, both, both, both]);
        for (const [index, { value }] of raw.entries()) {
          if (index > 0) expect(value).toBeGreaterThanOrEqual(raw[index - 1]!.value - 1e-9);
        }
      }),
    );
  });
});

describe('best lag', () => {
  const shifted = (values: readonly number[], by: number): Rating[] =>
    values.map((score, index) => ({
      recordingId: 'a',
      range: { start: microseconds((index + by + 60) * TENTH), end: microseconds((index + by + 61) * TENTH) },
      score,
    }));

  it('finds the shift of a trace that is no other than the first one later, with its sign', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -30, max: 30 }), (seed, by) => {
        const uniform = seededUniform(seed);
        const values = Array.from({ length: 80 }, () => uniform() * 6 - 3);
        const options = { ...OPTIONS, unit: microseconds(TENTH) };
        const pair = run([trackOf('R1', shifted(values, 0)), trackOf('R2', shifted(values, by))], [], options);
        const time = pair.comparisons.find(({ basis }) => basis === 'time');
        expect(valueOf(time, 'pearson_at_best_lag')).toBeCloseTo(1, 9);
        expect(valueOf(time, 'best_lag')).toBeCloseTo(by / 10, 9);
      }),
    );
  });
});
