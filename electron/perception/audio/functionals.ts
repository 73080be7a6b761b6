import type { AudioTrack } from '../../../core/perception/perception.js';
import type { TimeRange } from '../../../core/time/microseconds.js';
import { DESCRIPTORS, VOICED_COLUMNS, descriptorColumn } from './descriptorNames.js';
import { EMBEDDING_SIZE } from './speechEmbedding.js';
import { quantileOfSorted } from '../../../core/statistics/quantile.js';
import { mean, slope, standardDeviation } from './statistics.js';

/** Id and version of `acousticFunctionals`; changes whenever a number or its place could. */
export const AUDIO_FUNCTIONALS = 'acoustic-functionals/1';

/** Fewest usable rows (of 10 ms) that functionals are computed from. */
export const MIN_USABLE_ROWS = 20;

const SPEECH_PROBABILITY = 0.5;
/** With fewer speech rows than this, functionals describe all usable rows instead. */
const MIN_SPEECH_ROWS = 10;
const ROWS_PER_SECOND = 100;

/** Rows that a functional is computed over. */
interface RowSets {
  readonly usable: readonly number[];
  /** Usable rows with speech, or all usable rows where there is next to none. */
  readonly speech: readonly number[];
  readonly voiced: readonly number[];
  readonly speechFraction: number;
}

interface Contour {
  readonly name: string;
  readonly unit: string;
  readonly voicedOnly: boolean;
  readonly at: (track: AudioTrack, row: number) => number;
}

const CONTOURS: readonly Contour[] = [
  {
    name: 'level',
    unit: 'dBFS',
    voicedOnly: false,
    at: (track, row) => track.levelDbfs[row]!,
  },
  ...DESCRIPTORS.map(({ name, unit }, column) => ({
    name,
    unit,
    voicedOnly: VOICED_COLUMNS.has(column),
    at: (track: AudioTrack, row: number) => track.descriptors[row * DESCRIPTORS.length + column]!,
  })),
];

const F0 = descriptorColumn('f0');
const LOUDNESS = descriptorColumn('loudness');

const SHAPE = ['mean', 'sd', 'p20', 'p50', 'p80', 'range_p20_p80', 'slope', 'delta_sd'] as const;
const VOICED_SHAPE = ['voiced_mean', 'voiced_sd'] as const;
const TEMPORAL = [
  ['voiced_fraction', '1'],
  ['voiced_segments_rate', '1/s'],
  ['voiced_segment_mean', 's'],
  ['voiced_segment_sd', 's'],
  ['loudness_peaks_rate', '1/s'],
  ['loudness_variation', '1'],
  ['level_above_speech_median_p95', 'dB'],
  ['level_below_speech_median_p5', 'dB'],
  ['speech_fraction', '1'],
] as const;

/** Names with units of the functionals, in order: `f0.mean[semitones re 27.5 Hz]`. */
export function acousticFunctionalNames(): readonly string[] {
  return [
    ...CONTOURS.flatMap(({ name, unit, voicedOnly }) => [
      ...SHAPE.map((statistic) => `${name}.${statistic}[${statistic === 'slope' ? `${unit}/s` : unit}]`),
      ...(voicedOnly ? [] : VOICED_SHAPE.map((statistic) => `${name}.${statistic}[${unit}]`)),
    ]),
    ...TEMPORAL.map(([name, unit]) => `${name}[${unit}]`),
    ...['mean', 'sd'].flatMap((statistic) =>
      Array.from({ length: EMBEDDING_SIZE }, (_, i) => `speech_embedding${i + 1}.${statistic}[1]`),
    ),
  ];
}

/**
 * Describes the voice of the usable stretches of a track by one vector: statistics of every low-level descriptor over
 * speech rows (voice quality and formants over voiced rows), timing of voicing and loudness, and mean and standard
 * deviation of the speech embedding. Undefined functionals are NaN (pitch where nothing is voiced).
 * @param usable stretches that may be used; a row counts when its centre lies in one of them.
 * @returns `acousticFunctionalNames().length` values, or undefined with fewer than MIN_USABLE_ROWS usable rows of sound;
 * digital silence is no sound.
 */
export function acousticFunctionals(track: AudioTrack, usable: readonly TimeRange[]): Float32Array | undefined {
  const rows = rowSets(track, usable);
  const sounding = rows.usable.filter((row) => track.levelDbfs[row]! > -Infinity);
  if (sounding.length < MIN_USABLE_ROWS) return undefined;
  return Float32Array.from([
    ...CONTOURS.flatMap((contour) => contourFunctionals(track, rows, contour)),
    ...temporalFunctionals(track, rows),
    ...embeddingFunctionals(track, rows),
  ]);
}

function rowSets(track: AudioTrack, ranges: readonly TimeRange[]): RowSets {
  const usable = rowsInside(track, ranges);
  const speaking = usable.filter((row) => track.speechProbability[row]! >= SPEECH_PROBABILITY);
  const speech = speaking.length >= MIN_SPEECH_ROWS ? speaking : usable;
  const voiced = speech.filter((row) => Number.isFinite(track.descriptors[row * DESCRIPTORS.length + F0]!));
  return { usable, speech, voiced, speechFraction: speaking.length / usable.length };
}

/** Rows whose centre lies in one of the ranges, ascending. Costs what the ranges hold, however long the recording. */
function rowsInside(track: AudioTrack, ranges: readonly TimeRange[]): number[] {
  const rows = new Set<number>();
  for (const { start, end } of ranges) {
    const first = Math.max(0, Math.ceil(start / track.hop - 0.5));
    for (let row = first; row < track.rowCount && (row + 0.5) * track.hop < end; row++) rows.add(row);
  }
  return [...rows].sort((a, b) => a - b);
}

function contourFunctionals(track: AudioTrack, rows: RowSets, contour: Contour): number[] {
  const shape = shapeOf(track, contour.voicedOnly ? rows.voiced : rows.speech, contour);
  if (contour.voicedOnly) return shape;
  const voiced = finiteValues(track, rows.voiced, contour).values;
  return [...shape, mean(voiced), standardDeviation(voiced)];
}

function shapeOf(track: AudioTrack, rows: readonly number[], contour: Contour): number[] {
  const { values, kept } = finiteValues(track, rows, contour);
  const ascending = [...values].sort((a, b) => a - b);
  const [p20, p50, p80] = [
    quantileOfSorted(ascending, 0.2),
    quantileOfSorted(ascending, 0.5),
    quantileOfSorted(ascending, 0.8),
  ];
  const seconds = kept.map((row) => row / ROWS_PER_SECOND);
  const steps: number[] = [];
  for (let i = 1; i < kept.length; i++) if (kept[i] === kept[i - 1]! + 1) steps.push(values[i]! - values[i - 1]!);
  return [
    mean(values),
    standardDeviation(values),
    p20,
    p50,
    p80,
    p80 - p20,
    slope(seconds, values),
    standardDeviation(steps),
  ];
}

function finiteValues(
  track: AudioTrack,
  rows: readonly number[],
  contour: Contour,
): { readonly values: number[]; readonly kept: number[] } {
  const values: number[] = [];
  const kept: number[] = [];
  for (const row of rows) {
    const value = contour.at(track, row);
    if (!Number.isFinite(value)) continue;
    values.push(value);
    kept.push(row);
  }
  return { values, kept };
}

function temporalFunctionals(track: AudioTrack, rows: RowSets): number[] {
  const seconds = rows.speech.length / ROWS_PER_SECOND;
  const lengths = runs(rows.voiced).map((length) => length / ROWS_PER_SECOND);
  const level = finiteValues(track, rows.speech, CONTOURS[0]!).values.sort((a, b) => a - b);
  const loudness = finiteValues(track, rows.speech, CONTOURS[1 + LOUDNESS]!).values;
  return [
    rows.voiced.length / rows.speech.length,
    lengths.length / seconds,
    mean(lengths),
    standardDeviation(lengths),
    loudnessPeaks(track, rows.speech) / seconds,
    standardDeviation(loudness) / mean(loudness),
    quantileOfSorted(level, 0.95) - quantileOfSorted(level, 0.5),
    quantileOfSorted(level, 0.5) - quantileOfSorted(level, 0.05),
    rows.speechFraction,
  ];
}

/** Lengths of the runs of consecutive rows. */
function runs(rows: readonly number[]): number[] {
  const lengths: number[] = [];
  rows.forEach((row, i) => {
    if (i > 0 && rows[i - 1] === row - 1) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  });
  return lengths;
}

/** Number of local maxima of the loudness, smoothed over 50 ms, within unbroken runs of rows. */
function loudnessPeaks(track: AudioTrack, rows: readonly number[]): number {
  const value = (i: number): number => track.descriptors[rows[i]! * DESCRIPTORS.length + LOUDNESS]!;
  const smooth = rows.map((row, i) => {
    const near = [i - 2, i - 1, i, i + 1, i + 2].filter((j) => rows[j] === row + j - i).map(value);
    return mean(near.filter(Number.isFinite));
  });
  let count = 0;
  for (let i = 1; i < rows.length - 1; i++) {
    const unbroken = rows[i - 1] === rows[i]! - 1 && rows[i + 1] === rows[i]! + 1;
    if (unbroken && smooth[i]! > smooth[i - 1]! && smooth[i]! >= smooth[i + 1]!) count++;
  }
  return count;
}

function embeddingFunctionals(track: AudioTrack, rows: RowSets): number[] {
  const chosen: number[] = [];
  for (const row of rows.speech) {
    const sinceFirst = row * track.hop - track.embeddingStart;
    const i = Math.max(0, Math.ceil(sinceFirst / track.embeddingHop));
    const inRow = sinceFirst + track.hop > i * track.embeddingHop;
    if (inRow && i < track.embeddingRows && !Number.isNaN(track.embedding[i * track.embeddingSize]!)) chosen.push(i);
  }
  const columns = Array.from({ length: EMBEDDING_SIZE }, (_, column) =>
    chosen.map((i) => track.embedding[i * track.embeddingSize + column]!),
  );
  return [...columns.map(mean), ...columns.map(standardDeviation)];
}
