import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, type Comparison } from '../../../core/agreement/agreement.js';
import { DEFAULT_AGREEMENT_OPTIONS } from '../../../core/agreement/agreementOptions.js';
import { agreementRows } from '../../../core/agreement/agreementTables.js';
import { mergeRaters } from '../../../core/agreement/mergeRaters.js';
import type { RaterTrack } from '../../../core/agreement/rating.js';
import { tracksOfCoding } from '../../../core/agreement/ratingsOfCoding.js';
import { ratingsOfTiers } from '../../../core/agreement/ratingsOfTiers.js';
import { ratingTable, readRatingTable } from '../../../core/agreement/readRatingTable.js';
import type { StatisticName } from '../../../core/agreement/statistics.js';
import { readAnnotations } from '../../../core/interchange/formats.js';
import { describeRecording } from '../../../core/interchange/describeRecording.js';
import { writeEaf } from '../../../core/interchange/eaf/writeEaf.js';
import { csvChunks } from '../../../core/report/csv.js';
import { runNow } from '../../../core/runNow.js';
import { ANNOTATION_COLUMNS, annotationRows } from '../../../core/tiers/annotationRows.js';
import type { Coding } from '../../../core/tiers/coding.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import type { Trace } from '../../../core/traces/trace.js';
import { tracesTable } from '../../../core/traces/tracesTable.js';
import { range } from '../fixtures.js';

const REC = 'rec-0123456789ab';
const UTC = '2026-01-01T00:00:00.000Z';

function trace(raterId: string, values: readonly (number | null)[], change: Partial<Trace> = {}): Trace {
  return {
    ...{
      id: `v-${raterId}`,
      dimension: 'valence',
      raterId,
      start: microseconds(0),
      step: microseconds(100_000),
      values,
    },
    ...{ reactionLag: microseconds(0), input: 'mouse', speeds: [1], recordedUtc: UTC },
    ...change,
  };
}

const options = { ...DEFAULT_AGREEMENT_OPTIONS, draws: 0 };
const compare = (coding: Coding, change: Partial<typeof options> = {}): Comparison[] => [
  ...agreementOf({ tracks: tracksOfCoding(REC, coding), states: [], options: { ...options, ...change } }).comparisons,
];
const value = (comparison: Comparison | undefined, name: StatisticName) =>
  comparison?.statistics.find((statistic) => statistic.name === name)?.value;

/** A slow wave, so that a shift in time can be found. */
const wave = (from: number, length = 300) =>
  Array.from({ length }, (_, index) => Math.round(800 * Math.sin((from + index) / 17)));

describe('agreement of traces', () => {
  it('the same trace twice agrees perfectly, and is compared at the same instants only', () => {
    const [comparison, ...more] = compare({ traces: [trace('R1', wave(0)), trace('R2', wave(0))] });
    expect(more).toEqual([]);
    expect(comparison).toMatchObject({ topic: 'valence', measure: 'score', basis: 'time', n: 300 });
    for (const name of ['ccc', 'icc_2_1', 'icc_2_k', 'pearson', 'spearman'] as const) {
      expect(value(comparison, name), name).toBeCloseTo(1, 12);
    }
    expect(value(comparison, 'rmse')).toBe(0);
    expect(value(comparison, 'best_lag')).toBe(0);
  });

  it('CCC and Pearson are those of their formulas over the instants that both rated', () => {
    const a = [100, -300, null, 500, 900, -200];
    const b = [200, -100, 400, null, 700, -400];
    const pairs = [0, 1, 4, 5].map((at) => [a[at]! / 1_000, b[at]! / 1_000] as const);
    const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
    const [mx, my] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
    const cov = mean(pairs.map(([x, y]) => (x - mx) * (y - my)));
    const [vx, vy] = [mean(pairs.map(([x]) => (x - mx) ** 2)), mean(pairs.map(([, y]) => (y - my) ** 2))];
    const [comparison] = compare({ traces: [trace('R1', a), trace('R2', b)] });
    expect(comparison).toMatchObject({ n: 4, onlyOne: [1, 1] });
    expect(value(comparison, 'ccc')).toBeCloseTo((2 * cov) / (vx + vy + (mx - my) ** 2), 10);
    expect(value(comparison, 'pearson')).toBeCloseTo(cov / Math.sqrt(vx * vy), 10);
  });

  it('a rater who is later by 0.7 s is found by the best lag; taking a stated lag off moves the times', () => {
    const late = trace('R2', [...Array<null>(7).fill(null), ...wave(0, 293)], { reactionLag: microseconds(700_000) });
    const coding = { traces: [trace('R1', wave(0)), late] };
    expect(value(compare(coding)[0], 'best_lag')).toBeCloseTo(0.7, 9);
    const [moved] = compare(coding, { takeLagOff: true });
    expect(value(moved, 'best_lag')).toBe(0);
    expect(value(moved, 'ccc')).toBeCloseTo(1, 12);
  });

  it('where a rater recorded a stretch again the later take counts, and only where it has a value', () => {
    const again = trace('R1', [500, null, 700], { id: 'v2', start: microseconds(200_000) });
    const [track] = tracksOfCoding(REC, { traces: [trace('R1', [0, 0, 0, 0, 0, 0]), again] });
    expect(track?.ratings.map((one) => [one.range.start / 1e5, one.range.end / 1e5, one.score])).toEqual([
      [0, 2, 0],
      [2, 3, 0.5],
      [3, 4, 0],
      [4, 5, 0.7],
      [5, 6, 0],
    ]);
  });

  it('the bootstrap draws blocks of 10 s, so that neighbours are not taken for independent', () => {
    const noisy = wave(3).map((one, index) => one + ((index * 37) % 90));
    const [comparison] = compare({ traces: [trace('R1', wave(0)), trace('R2', noisy)] }, { draws: 200 });
    expect(comparison?.clusters).toBe(3);
    const ccc = comparison?.statistics.find(({ name }) => name === 'ccc');
    expect(ccc?.low).toBeLessThanOrEqual(ccc?.value ?? 0);
  });

  it('valence and arousal are never compared with each other, nor with scores of segments', () => {
    const arousal = trace('R2', wave(0), { dimension: 'arousal' });
    expect(compare({ traces: [trace('R1', wave(0)), arousal] })).toEqual([]);
  });

  it('traces.csv gives the raters back that it was written from', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.constant(null)), {
      minLength: 2,
      maxLength: 40,
    });
    const one = fc.record({
      values,
      start: fc.integer({ min: 0, max: 50 }).map((at) => microseconds(at * 40_000)),
      raterId: fc.constantFrom('R1', 'R2'),
      dimension: fc.constantFrom('valence' as const, 'arousal' as const),
      reactionLag: fc.integer({ min: 0, max: 2_000 }).map((ms) => microseconds(ms * 1_000)),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5 }), (takes) => {
        const traces = takes.map(({ values: own, raterId, ...rest }, index) =>
          trace(raterId, own, { ...rest, id: `v${index}`, step: microseconds(40_000) }),
        );
        const table = ratingTable(tracesTable(REC, traces))!;
        const read = readRatingTable(table, { raterId: 'file', recordingId: 'none' });
        expect(read.problems).toEqual([]);
        const byKey = (tracks: readonly RaterTrack[]) =>
          Object.fromEntries(tracks.map((track) => [`${track.raterId} ${track.topic}`, track.ratings]));
        expect(byKey(read.tracks)).toEqual(byKey(tracksOfCoding(REC, { traces })));
      }),
      { numRuns: 200 },
    );
  });

  it('two hours of two raters at 25 values per second are compared as 72 000 units', () => {
    const long = (from: number) => trace('R', wave(from, 180_000), { step: microseconds(40_000) });
    const traces = [
      { ...long(0), raterId: 'R1' },
      { ...long(5), raterId: 'R2', id: 'v2' },
    ];
    const [comparison] = compare({ traces });
    expect(comparison?.n).toBe(72_000);
  });
});

const GAZE = {
  id: 'k0001',
  name: 'Looks',
  values: ['camera', 'away', 'down'].map((one) => ({ value: one, colour: 'blue' as const, letter: one.charAt(0) })),
};
const coded = (id: string, raterId: string, from: number, to: number, what?: string, tierId = 't0001') => ({
  ...{ id, tierId, raterId, range: range(from, to), modifiedUtc: UTC },
  ...(what === undefined ? {} : { value: what }),
});
const CODING: Coding = {
  schemes: [GAZE],
  tiers: [
    { id: 't0001', name: 'Gaze', schemeId: 'k0001' },
    { id: 't0002', name: 'Remarks' },
  ],
  annotations: [
    ...[coded('a1', 'R1', 0, 2, 'camera'), coded('a2', 'R1', 2, 4, 'away'), coded('a3', 'R1', 4, 6, 'camera')],
    ...[coded('b1', 'R2', 0, 2, 'camera'), coded('b2', 'R2', 2, 4, 'camera'), coded('b3', 'R2', 4, 6, 'away')],
    ...[coded('c1', 'R1', 0, 1, 'she smiles', 't0002'), coded('c2', 'R2', 0, 1, 'a smile', 't0002')],
    coded('b4', 'R2', 7, 8),
  ],
};

describe('agreement of tiers with a vocabulary', () => {
  it('is that of their values, by event and by time; free text and what has no value yet is not compared', () => {
    const comparisons = compare(CODING);
    expect(comparisons.map(({ topic, basis, n }) => [topic, basis, n])).toEqual([
      ['tier:Gaze', 'segment', 3],
      ['tier:Gaze', 'time', 60],
    ]);
    // observed 1/3, by chance 2/3 * 2/3 + 1/3 * 1/3 = 5/9: (1/3 - 5/9) / (4/9)
    for (const comparison of comparisons) {
      expect(comparison.labels).toEqual(['away', 'camera']);
      expect(value(comparison, 'raw_agreement')).toBeCloseTo(1 / 3, 12);
      expect(value(comparison, 'cohen_kappa')).toBeCloseTo(-0.5, 12);
    }
  });

  it('labels of one topic are no categories of another', () => {
    const segment = (raterId: string): RaterTrack => ({
      ...{ raterId, raterType: 'human' },
      ratings: [{ recordingId: REC, segmentId: 's1', range: range(0, 2), label: 'anger' }],
    });
    const tracks = [segment('R1'), segment('R2'), ...tracksOfCoding(REC, CODING)];
    const { comparisons } = agreementOf({ tracks, states: [], options });
    expect(comparisons.map(({ topic, labels }) => [topic, labels.join()])).toEqual([
      ['segments', 'anger'],
      ['segments', 'anger'],
      ['tier:Gaze', 'away,camera'],
      ['tier:Gaze', 'away,camera'],
    ]);
    const rows = [...agreementRows({ options, comparisons }, [REC])].map((row) => row.slice(-3));
    expect(new Set(rows.map((row) => row.join()))).toEqual(new Set(['segments,,', 'tier,Gaze,']));
  });

  it('annotations.csv and an EAF of the same work give the same raters', () => {
    const csv = [...csvChunks(ANNOTATION_COLUMNS, annotationRows(REC, CODING))].join('');
    const defaults = { raterId: 'file', recordingId: REC };
    const ofTable = readRatingTable(ratingTable(csv)!, defaults).tracks;
    const work = { duration: fromSeconds(10), segments: [], cues: [], labels: [], marks: [], ...CODING };
    const eaf = [...writeEaf(describeRecording(work), { createdUtc: UTC })].join('');
    const { set } = runNow(readAnnotations('a.eaf', new TextEncoder().encode(eaf)));
    const ofEaf = ratingsOfTiers(set, { ...defaults, tiers: [] }).tracks;
    const ofWork = tracksOfCoding(REC, CODING);
    expect(ofTable).toEqual(ofWork);
    expect(ofEaf).toEqual(ofWork);
  });

  it('a rater of the same id in another file who coded the same tier is another person in all of that file', () => {
    const own = tracksOfCoding(REC, CODING).filter(({ raterId }) => raterId === 'R1');
    const other: RaterTrack[] = [
      { ...own[0]!, ratings: own[0]!.ratings.map((rating) => ({ ...rating, label: 'down' })) },
      {
        raterId: 'R1',
        raterType: 'human',
        topic: 'valence',
        ratings: [{ recordingId: REC, range: range(0, 1), score: 0 }],
      },
    ];
    const merged = mergeRaters([
      { name: 'a', tracks: own },
      { name: 'b', tracks: other },
    ]);
    expect(merged.map(({ raterId, topic }) => [raterId, topic])).toEqual([
      ['R1', 'tier:Gaze'],
      ['R1@b', 'tier:Gaze'],
      ['R1@b', 'valence'],
    ]);
  });
});
