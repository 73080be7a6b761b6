/** The shift in time at which two raters' scores go together best. */
import { microseconds, toSeconds } from '../time/microseconds.js';
import type { AgreementOptions } from './agreementOptions.js';
import type { AgreementUnit } from './agreementUnit.js';
import { intervalsOf } from './bootstrap.js';
import { ownClasses } from './clusters.js';
import { emptySums, pearson } from './pairedScores.js';
import { statisticValue, type StatisticValue } from './statistics.js';

/** Most blocks of time that the bootstrap draws from. */
const MAX_BLOCKS = 200;
const FIELDS = 6;

/** Scores of both raters in every unit of a recording. */
interface Traces {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

function tracesOf(units: readonly AgreementUnit[], unit: number): Traces[] {
  const byRecording = new Map<string, AgreementUnit[]>();
  for (const item of units) {
    const list = byRecording.get(item.recordingId);
    if (list) list.push(item);
    else byRecording.set(item.recordingId, [item]);
  }
  return [...byRecording.values()].map((list) => {
    const first = Math.round(Math.min(...list.map((item) => item.range.start)) / unit);
    const last = Math.round(Math.max(...list.map((item) => item.range.end)) / unit);
    const a = new Float64Array(last - first).fill(Number.NaN);
    const b = new Float64Array(last - first).fill(Number.NaN);
    for (const { range, scores } of list) {
      const [from, to] = [Math.round(range.start / unit) - first, Math.round(range.end / unit) - first];
      a.fill(scores[0] ?? Number.NaN, from, to);
      b.fill(scores[1] ?? Number.NaN, from, to);
    }
    return { a, b };
  });
}

/** Sums of pairs (a at t, b at t + lag) by block of a's time; a row of `FIELDS` sums for each block. */
function blockSums(traces: readonly Traces[], lag: number, blockLength: number, blocks: number): Float64Array {
  const sums = new Float64Array(blocks * FIELDS);
  let before = 0;
  for (const { a, b } of traces) {
    const end = Math.min(a.length, b.length - lag);
    for (let index = Math.max(0, -lag); index < end; index += 1) {
      const x = a[index]!;
      const y = b[index + lag]!;
      if (Number.isNaN(x) || Number.isNaN(y)) continue;
      const place = Math.floor((before + index) / blockLength) * FIELDS;
      sums[place]! += 1;
      sums[place + 1]! += x;
      sums[place + 2]! += y;
      sums[place + 3]! += x * x;
      sums[place + 4]! += y * y;
      sums[place + 5]! += x * y;
    }
    before += a.length;
  }
  return sums;
}

function correlation(sums: Float64Array, drawn: Float64Array | undefined): number {
  const total = emptySums();
  for (let block = 0; block * FIELDS < sums.length; block += 1) {
    const weight = drawn === undefined ? 1 : drawn[block]!;
    if (weight === 0) continue;
    const place = block * FIELDS;
    total.n += weight * sums[place]!;
    total.x += weight * sums[place + 1]!;
    total.y += weight * sums[place + 2]!;
    total.xx += weight * sums[place + 3]!;
    total.yy += weight * sums[place + 4]!;
    total.xy += weight * sums[place + 5]!;
  }
  return total.n < 2 ? Number.NaN : pearson(total);
}

/** The lag with the largest correlation, the one nearest to 0 on a tie. */
function best(lags: readonly number[], byLag: readonly Float64Array[], drawn?: Float64Array): [number, number] {
  let found: [number, number] = [Number.NaN, Number.NaN];
  for (const [index, lag] of lags.entries()) {
    const value = correlation(byLag[index]!, drawn);
    if (Number.isNaN(value)) continue;
    const better = Number.isNaN(found[1]) || value > found[1] + 1e-12;
    const nearer = Math.abs(value - found[1]) <= 1e-12 && Math.abs(lag) < Math.abs(found[0]);
    if (better || nearer) found = [lag, value];
  }
  return found;
}

/**
 * Searches lags up to `maxLag` either way in steps of one unit; positive where the second rater is later. The bootstrap
 * draws blocks of the recordings' time, at most 200 of equal length.
 * @param units time units of two raters; those that only one of them scored are needed too.
 */
export function* bestLag(
  units: readonly AgreementUnit[],
  options: AgreementOptions,
  key: string,
): Generator<undefined, StatisticValue[]> {
  const { unit, maxLag, draws } = options;
  const traces = tracesOf(units, unit);
  const length = traces.reduce((sum, { a }) => sum + a.length, 0);
  const reach = Math.floor(maxLag / unit);
  const lags = Array.from({ length: 2 * reach + 1 }, (_, index) => index - reach);
  const blocks = Math.min(MAX_BLOCKS, length);
  const blockLength = Math.max(1, Math.ceil(length / Math.max(1, blocks)));
  const byLag: Float64Array[] = [];
  for (const lag of lags) {
    byLag.push(blockSums(traces, lag, blockLength, Math.ceil(length / blockLength)));
    yield;
  }
  const seconds = ([lag, value]: [number, number]): [number, number] => [
    Number.isNaN(lag) ? lag : toSeconds(microseconds(lag * unit)),
    value,
  ];
  const values = seconds(best(lags, byLag));
  const intervals = yield* intervalsOf(ownClasses(Math.ceil(length / blockLength)), { draws, key }, (drawn) =>
    seconds(best(lags, byLag, drawn)),
  );
  const why = () => 'Not defined: at no lag do both raters have scores that vary.';
  return [
    statisticValue('best_lag', values[0], intervals[0], why),
    statisticValue('pearson_at_best_lag', values[1], intervals[1], why),
  ];
}
