/** Feature recordings: the utterances of one video as ready-made vectors, in place of anything measured in media. */
import { ProblemError, type Problem } from '../problems/problem.js';
import type { Segment } from '../segments/segment.js';
import { fromSeconds, microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';

export interface FeatureRow {
  readonly id: string;
  readonly range: TimeRange;
  readonly words?: string;
  /** Vectors by the name of their array; absent where this utterance has none. */
  readonly values: Readonly<Record<string, Float32Array>>;
}

/** All utterances in order of time, and the width of every array. */
export interface FeatureRows {
  readonly widths: Readonly<Record<string, number>>;
  readonly rows: readonly FeatureRow[];
}

/** What a feature file holds, before anything of it is checked. Row `i` of everything belongs to `ids[i]`. */
export interface FeatureColumns {
  readonly fileName: string;
  readonly ids: readonly string[];
  /** Seconds; NaN where a cell is empty. */
  readonly start?: ArrayLike<number>;
  readonly end?: ArrayLike<number>;
  readonly words?: readonly string[];
  /** Matrices by name, row-major; a row of NaN only says that the utterance has no such vector. */
  readonly arrays: ReadonlyMap<string, { readonly width: number; readonly values: Float64Array }>;
}

/** Length of an utterance in a file without times. */
const NOMINAL = fromSeconds(4);
const LONGEST = fromSeconds(24 * 3600);

/**
 * Checks a feature file and puts its utterances in order: of their times, or, without times, of the numbers in their ids.
 * @throws ProblemError `features.*` naming the utterance and what does not fit; nothing is repaired silently.
 */
export function orderFeatures(columns: FeatureColumns): { features: FeatureRows; problems: readonly Problem[] } {
  const { fileName, ids, arrays } = columns;
  if (ids.length === 0) throw refusal(fileName, 'empty', 'it holds no utterance');
  if (arrays.size === 0) throw refusal(fileName, 'no-vectors', 'it holds no matrix of feature vectors');
  checkIds(fileName, ids);
  const { ranges, problems } = timesOf(columns);
  const rows = ids.map((id, row): FeatureRow => {
    const words = columns.words?.[row]?.trim();
    const values = Object.fromEntries(
      [...arrays].flatMap(([name, array]) => {
        const vector = vectorOf(fileName, id, row, name, array);
        return vector === undefined ? [] : [[name, vector] as const];
      }),
    );
    return { id, range: ranges[row] as TimeRange, values, ...(words ? { words } : {}) };
  });
  rows.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const widths = Object.fromEntries([...arrays].map(([name, { width }]) => [name, width]));
  return { features: { widths, rows }, problems };
}

/** End of the last utterance. */
export function durationOfFeatures({ rows }: FeatureRows): Microseconds {
  return microseconds(Math.max(...rows.map(({ range }) => range.end)));
}

/** Every utterance is a segment. */
export function segmentsOfFeatures({ rows }: FeatureRows): readonly Segment[] {
  return rows.map(({ range, words }, index) => ({
    id: `s${String(index + 1).padStart(4, '0')}`,
    range,
    origin: 'window',
    ...(words === undefined ? {} : { text: words }),
  }));
}

/** `video_3` and `video[3]` -> video and 3; undefined where an id says neither. */
function splitId(id: string): { readonly video: string; readonly number: number } | undefined {
  const found = /^(.+?)(?:_(\d{1,9})|\[(\d{1,9})\])$/.exec(id);
  return found?.[1] === undefined ? undefined : { video: found[1], number: Number(found[2] ?? found[3]) };
}

function checkIds(fileName: string, ids: readonly string[]): void {
  const seen = new Map<string, number>();
  const videos = new Set<string>();
  ids.forEach((id, row) => {
    if (id.trim() === '') throw refusal(fileName, 'no-id', `the id of row ${row + 1} is missing`);
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      throw refusal(fileName, 'repeated-id', `the id ${id} is in rows ${earlier + 1} and ${row + 1}`);
    }
    seen.set(id, row);
    const parts = splitId(id);
    if (parts === undefined) {
      throw refusal(fileName, 'id', `the id ${id} (row ${row + 1}) is not VIDEO_NUMBER or VIDEO[NUMBER]`);
    }
    videos.add(parts.video);
  });
  if (videos.size > 1) {
    const names = [...videos].slice(0, 3).join(', ');
    throw refusal(fileName, 'videos', `it holds ${videos.size} videos (${names}, …), a recording is one of them`);
  }
}

function timesOf(columns: FeatureColumns): { ranges: readonly TimeRange[]; problems: readonly Problem[] } {
  const { fileName, ids, start, end } = columns;
  if (start === undefined || end === undefined) {
    if (start !== undefined || end !== undefined) {
      throw refusal(fileName, 'times', `it has ${start === undefined ? 'ends' : 'starts'} without the other`);
    }
    return { ranges: nominalRanges(ids), problems: [noTimes(fileName)] };
  }
  const ranges = ids.map((id, row): TimeRange => {
    const [from, to] = [start[row] ?? Number.NaN, end[row] ?? Number.NaN];
    if (!Number.isFinite(from) || !Number.isFinite(to) || from < 0 || to <= from || fromSeconds(to) > LONGEST) {
      throw refusal(fileName, 'times', `the times of ${id} (row ${row + 1}) are ${from} s to ${to} s`);
    }
    return { start: fromSeconds(from), end: fromSeconds(to) };
  });
  const keys = new Map<string, string>();
  ranges.forEach((range, row) => {
    const key = `${range.start}-${range.end}`;
    const other = keys.get(key);
    if (other !== undefined) throw refusal(fileName, 'times', `${other} and ${ids[row] ?? ''} have the same times`);
    keys.set(key, ids[row] ?? '');
  });
  return { ranges, problems: [] };
}

/** Consecutive stretches of equal length, in the order of the numbers in the ids. */
function nominalRanges(ids: readonly string[]): readonly TimeRange[] {
  const order = ids.map((_, row) => row).sort((a, b) => numberOf(ids[a]) - numberOf(ids[b]));
  const ranges: TimeRange[] = [];
  order.forEach((row, place) => {
    ranges[row] = { start: microseconds(place * NOMINAL), end: microseconds((place + 1) * NOMINAL) };
  });
  return ranges;
}

function numberOf(id: string | undefined): number {
  return splitId(id ?? '')?.number ?? 0;
}

function vectorOf(
  fileName: string,
  id: string,
  row: number,
  name: string,
  { width, values }: { readonly width: number; readonly values: Float64Array },
): Float32Array | undefined {
  const numbers = values.subarray(row * width, (row + 1) * width);
  if (numbers.every((value) => Number.isNaN(value))) return undefined;
  const bad = numbers.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (bad < 0) return Float32Array.from(numbers);
  const where = `${id} (row ${row + 1}, column ${bad + 1})`;
  throw refusal(fileName, 'number', `"${name}" holds ${String(numbers[bad])} in ${where}`);
}

function noTimes(fileName: string): Problem {
  return {
    code: 'features.no-times',
    severity: 'warning',
    message: `${fileName} has no times: its utterances are laid out one after the other, 4 s each, and all times in the report are places in this order.`,
    tip: 'Add start and end in seconds to the file if they are known.',
  };
}

function refusal(fileName: string, what: string, message: string): ProblemError {
  return new ProblemError({
    code: `features.${what}`,
    severity: 'error',
    message: `${fileName} cannot be used as a feature recording: ${message}.`,
    tip: 'It must hold ids (VIDEO_NUMBER), one matrix per modality with a row per utterance, and may hold start, end and text.',
  });
}
