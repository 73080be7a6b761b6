/** Reads traces.csv and annotations.csv of a report as raters. */
import { ReadingReport } from '../interchange/reading.js';
import { cellNumber, cellRange, cellText } from '../interchange/table/rowValues.js';
import type { CsvRow, CsvTable } from '../text/readCsv.js';
import { parseTime } from '../time/format.js';
import { microseconds } from '../time/microseconds.js';
import { TRACE_DIMENSIONS, TRACE_SCALE, type TraceDimension } from '../traces/trace.js';
import type { RaterTrack, Rating } from './rating.js';
import { ratingsOfTakes, type Take } from './ratingsOfCoding.js';
import type { RatingFile, RatingFileDefaults } from './readRatingTable.js';
import { type Topic, topicOfTier } from './topic.js';

/** Step of a take with a single value, µs. */
const LONE_STEP = 100_000;
/** Longest reaction lag that is believed, ms. */
const MAX_LAG_MS = 60_000;
/** Most steps of one take: a day at 25 values per second. */
const MOST_STEPS = 2_160_000;

const isTraceTable = ({ columns }: CsvTable) =>
  ['trace_id', 'dimension', 'time_s', 'value'].every((name) => columns.includes(name));
const isAnnotationTable = ({ columns }: CsvTable) =>
  ['tier', 'scheme', 'start_s', 'end_s', 'value'].every((name) => columns.includes(name));

/** Whether a table is traces.csv or annotations.csv. */
export const isCodingTable = (table: CsvTable) => isTraceTable(table) || isAnnotationTable(table);

/** Tracks in the making, by rater and topic. */
class Tracks {
  readonly #tracks = new Map<string, { readonly raterId: string; readonly topic: Topic; readonly ratings: Rating[] }>();

  add(raterId: string, topic: Topic, ratings: readonly Rating[]): void {
    const key = JSON.stringify([raterId, topic]);
    const track = this.#tracks.get(key) ?? { raterId, topic, ratings: [] };
    this.#tracks.set(key, track);
    for (const rating of ratings) track.ratings.push(rating);
  }

  all(): RaterTrack[] {
    return [...this.#tracks.values()].map((track) => ({ ...track, raterType: 'human' }));
  }
}

interface OpenTake {
  readonly recordingId: string;
  readonly raterId: string;
  readonly dimension: TraceDimension;
  readonly lag: number;
  /** Time in µs and value, null where nothing was rated. */
  readonly samples: { readonly time: number; readonly value: number | null }[];
}

function readSample(row: CsvRow, takes: Map<string, OpenTake>, defaults: RatingFileDefaults, report: ReadingReport) {
  const time = parseTime(row.get('time_s') ?? '');
  const dimension = TRACE_DIMENSIONS.find((name) => name === cellText(row, 'dimension'));
  if (time === undefined || dimension === undefined) {
    const what = time === undefined ? 'time_s is no time' : `dimension is none of ${TRACE_DIMENSIONS.join(', ')}`;
    report.line(row.line, 'error', 'trace_row', `${what}; the row was not taken.`, 'Correct the row.');
    return;
  }
  const recordingId = cellText(row, 'recording_id') ?? defaults.recordingId;
  const raterId = cellText(row, 'rater_id') ?? defaults.raterId;
  const value = cellNumber(row, 'value', [-1, 1], report);
  const key = JSON.stringify([recordingId, raterId, dimension, cellText(row, 'trace_id')]);
  let take = takes.get(key);
  if (!take) {
    const lag = cellNumber(row, 'reaction_lag_ms', [0, MAX_LAG_MS], report) ?? 0;
    takes.set(key, (take = { recordingId, raterId, dimension, lag, samples: [] }));
  }
  take.samples.push({ time, value: value ?? null });
}

/** A take on its grid: the step is the smallest time between two rows, and what has no row was not rated. */
function takeOf({ lag, samples }: OpenTake): Take | undefined {
  const sorted = [...samples].sort((a, b) => a.time - b.time);
  const [first] = sorted;
  const last = sorted.at(-1);
  if (!first || !last) return undefined;
  const step = sorted.reduce((least, { time }, index) => {
    const before = sorted[index - 1];
    return before && time > before.time ? Math.min(least, time - before.time) : least;
  }, Infinity);
  const usable = Number.isFinite(step) ? step : LONE_STEP;
  const length = Math.round((last.time - first.time) / usable) + 1;
  if (length > MOST_STEPS) return undefined;
  const values = Array<number | null>(length).fill(null);
  for (const { time, value } of sorted) {
    values[Math.round((time - first.time) / usable)] = value === null ? null : Math.round(value * TRACE_SCALE);
  }
  return {
    start: microseconds(first.time),
    step: microseconds(usable),
    values,
    reactionLag: microseconds(Math.round(lag * 1_000)),
  };
}

function addTraces(table: CsvTable, defaults: RatingFileDefaults, report: ReadingReport, tracks: Tracks): void {
  const open = new Map<string, OpenTake>();
  for (const row of table.rows) readSample(row, open, defaults, report);
  // takes of one rater on one recording overlap where something was rated again
  const groups = new Map<string, OpenTake[]>();
  for (const take of open.values()) {
    const key = JSON.stringify([take.recordingId, take.raterId, take.dimension]);
    groups.set(key, [...(groups.get(key) ?? []), take]);
  }
  for (const takes of groups.values()) {
    const [{ recordingId, raterId, dimension }] = takes as [OpenTake, ...OpenTake[]];
    const read = takes.flatMap((take) => takeOf(take) ?? []);
    if (read.length < takes.length) {
      report.file({
        code: 'import.trace_too_long',
        severity: 'error',
        message: `A take of ${dimension} by ${raterId} has more than ${MOST_STEPS} steps and was not taken.`,
        tip: 'Check its times: are two of them almost the same?',
      });
    }
    tracks.add(raterId, dimension, ratingsOfTakes(recordingId, read));
  }
}

function addAnnotations(table: CsvTable, defaults: RatingFileDefaults, report: ReadingReport, tracks: Tracks): void {
  for (const row of table.rows) {
    const range = cellRange(row, ['start_s', 'end_s'], report);
    const [tier, scheme, label] = ['tier', 'scheme', 'value'].map((name) => cellText(row, name));
    // free text cannot be compared, and who said nothing is no rater
    if (!range || tier === undefined || scheme === undefined || label === undefined) continue;
    const recordingId = cellText(row, 'recording_id') ?? defaults.recordingId;
    tracks.add(cellText(row, 'rater_id') ?? defaults.raterId, topicOfTier(tier), [{ recordingId, range, label }]);
  }
}

/** Reads traces.csv or annotations.csv; what could not be taken is told with its line. */
export function readCodingTable(table: CsvTable, defaults: RatingFileDefaults): RatingFile {
  const report = new ReadingReport();
  for (const problem of table.problems) report.file(problem);
  const tracks = new Tracks();
  const add = isTraceTable(table) ? addTraces : addAnnotations;
  add(table, defaults, report, tracks);
  return { tracks: tracks.all(), states: [], problems: report.problems() };
}
