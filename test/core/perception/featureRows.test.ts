import { describe, expect, it } from 'vitest';
import type { FeatureColumns } from '../../../core/perception/featureRows.js';
import { durationOfFeatures, orderFeatures, segmentsOfFeatures } from '../../../core/perception/featureRows.js';
import { ProblemError } from '../../../core/problems/problem.js';

const ids = ['v_10', 'v_2', 'v_1'];

function columns(change: Partial<FeatureColumns> = {}): FeatureColumns {
  const arrays = new Map([['audio', { width: 2, values: Float64Array.of(10, 11, 2, 3, 1, 1.5) }]]);
  return { fileName: 'v.npz', ids, arrays, ...change };
}

function refusalOf(change: Partial<FeatureColumns>): string {
  try {
    orderFeatures(columns(change));
  } catch (error) {
    if (error instanceof ProblemError) return `${error.problem.code}: ${error.problem.message}`;
    throw error;
  }
  return 'accepted';
}

const matrix = (...values: number[]): FeatureColumns['arrays'] =>
  new Map([['audio', { width: 2, values: Float64Array.from(values) }]]);

describe('orderFeatures', () => {
  it('lays utterances without times out in the order of their numbers, and says so', () => {
    const { features, problems } = orderFeatures(columns());
    expect(features.rows.map(({ id, range }) => [id, range.start, range.end])).toEqual([
      ['v_1', 0, 4_000_000],
      ['v_2', 4_000_000, 8_000_000],
      ['v_10', 8_000_000, 12_000_000],
    ]);
    expect(features.rows[2]?.values['audio']).toEqual(Float32Array.of(10, 11));
    expect(problems.map(({ code }) => code)).toEqual(['features.no-times']);
    expect(durationOfFeatures(features)).toBe(12_000_000);
  });

  it('takes times and words where the file has them', () => {
    const words = ['third', ' ', 'first'];
    const { features, problems } = orderFeatures(columns({ start: [20, 5.5, 0], end: [30, 9, 4], words }));
    expect(problems).toEqual([]);
    expect(segmentsOfFeatures(features)).toEqual([
      { id: 's0001', range: { start: 0, end: 4_000_000 }, origin: 'window', text: 'first' },
      { id: 's0002', range: { start: 5_500_000, end: 9_000_000 }, origin: 'window' },
      { id: 's0003', range: { start: 20_000_000, end: 30_000_000 }, origin: 'window', text: 'third' },
    ]);
  });

  it('takes a row of NaN as a missing vector, never as numbers', () => {
    const { features } = orderFeatures(columns({ arrays: matrix(NaN, NaN, 2, 3, 1, 1.5) }));
    expect(features.rows.map(({ values }) => values['audio'] !== undefined)).toEqual([true, true, false]);
  });

  it.each<[string, Partial<FeatureColumns>]>([
    [
      'features.number: v.npz cannot be used as a feature recording: "audio" holds NaN in v_2 (row 2, column 1)',
      { arrays: matrix(1, 1, NaN, 3, 1, 1) },
    ],
    ['"audio" holds Infinity in v_1 (row 3, column 2)', { arrays: matrix(1, 1, 2, 3, 1, Infinity) }],
    ['"audio" holds 1e+300', { arrays: matrix(1, 1, 2, 3, 1, 1e300) }],
    [
      'features.no-id: v.npz cannot be used as a feature recording: the id of row 2 is missing',
      { ids: ['v_1', ' ', 'v_3'] },
    ],
    ['the id v_1 is in rows 1 and 3', { ids: ['v_1', 'v_2', 'v_1'] }],
    ['the id third (row 3) is not VIDEO_NUMBER', { ids: ['v_1', 'v_2', 'third'] }],
    ['it holds 2 videos (v, w, …)', { ids: ['v_1', 'w_2', 'v_3'] }],
    ['it has starts without the other', { start: [0, 1, 2] }],
    ['the times of v_2 (row 2) are 1 s to 1 s', { start: [0, 1, 2], end: [1, 1, 3] }],
    ['the times of v_10 (row 1) are NaN s to 1 s', { start: [NaN, 1, 2], end: [1, 2, 3] }],
    ['v_10 and v_2 have the same times', { start: [0, 0, 2], end: [1, 1, 3] }],
    ['it holds no matrix of feature vectors', { arrays: new Map() }],
    ['it holds no utterance', { ids: [] }],
  ])('refuses a file: %s', (message, change) => {
    expect(refusalOf(change)).toContain(message);
  });
});
