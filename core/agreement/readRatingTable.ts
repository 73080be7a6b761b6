/**
 * Reads tables of ratings: segments.csv, traces.csv and annotations.csv of a report, of one or many recordings, or
 * `start_s,end_s,label,score`.
 */
import { ReadingReport } from '../interchange/reading.js';
import { cellNumber, cellRange, cellText } from '../interchange/table/rowValues.js';
import type { Problem } from '../problems/problem.js';
import { MODALITIES, MODALITY_STATES, type ModalityState } from '../recording/modality.js';
import { type CsvRow, type CsvTable, readCsv } from '../text/readCsv.js';
import { MODEL_RATER } from './ratingsOfWork.js';
import type { RaterTrack, Rating, StateStretch } from './rating.js';
import { isCodingTable, readCodingTable } from './readCodingTable.js';

/** What a file says, its raters with the names they have there. */
export interface RatingFile {
  readonly tracks: readonly RaterTrack[];
  readonly states: readonly StateStretch[];
  readonly problems: readonly Problem[];
}

/** Names for what a file leaves unsaid. */
export interface RatingFileDefaults {
  readonly raterId: string;
  readonly recordingId: string;
}

/** Scores are on any scale here. */
const ANY_NUMBER = [-Number.MAX_VALUE, Number.MAX_VALUE] as const;

/** Whether a text is a table of ratings; a table of tiers or of events is not. */
export function ratingTable(text: string): CsvTable | undefined {
  const table = readCsv(text, 'table', 'import');
  if (isCodingTable(table)) return table;
  const has = (name: string) => table.columns.includes(name);
  return has('start_s') && has('end_s') && !has('tier') && (has('label') || has('score')) ? table : undefined;
}

function statesOf(row: CsvRow): StateStretch['states'] | undefined {
  const found = MODALITIES.map((modality) => {
    const text = cellText(row, `${modality}_state`);
    return [modality, MODALITY_STATES.find((state) => state === text)] as const;
  });
  if (found.some(([, state]) => state === undefined)) return undefined;
  return Object.fromEntries(found) as Record<(typeof MODALITIES)[number], ModalityState>;
}

/** Tracks and states in the making. */
class Gathered {
  readonly #ratings = new Map<string, { readonly raterType: RaterTrack['raterType']; readonly ratings: Rating[] }>();
  readonly #states = new Map<string, StateStretch>();
  readonly #seen = new Set<string>();

  /** False where the rater judged the very same stretch before. */
  add(raterId: string, raterType: RaterTrack['raterType'], rating: Rating): boolean {
    const { recordingId, range, segmentId } = rating;
    const key = JSON.stringify([raterId, recordingId, range.start, range.end, segmentId]);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    const known = this.#ratings.get(raterId);
    if (known) known.ratings.push(rating);
    else this.#ratings.set(raterId, { raterType, ratings: [rating] });
    return true;
  }

  addState(stretch: StateStretch): void {
    this.#states.set(JSON.stringify([stretch.recordingId, stretch.range.start, stretch.range.end]), stretch);
  }

  tracks(): RaterTrack[] {
    return [...this.#ratings].map(([raterId, track]) => ({ raterId, ...track }));
  }

  states(): StateStretch[] {
    return [...this.#states.values()];
  }
}

function readRow(row: CsvRow, defaults: RatingFileDefaults, report: ReadingReport, gathered: Gathered): void {
  const range = cellRange(row, ['start_s', 'end_s'], report);
  if (!range) return;
  const recordingId = cellText(row, 'recording_id') ?? defaults.recordingId;
  const segmentId = cellText(row, 'segment_id');
  const place = { recordingId, range, ...(segmentId === undefined ? {} : { segmentId }) };
  const states = statesOf(row);
  if (states) gathered.addState({ ...place, states });
  const label = cellText(row, 'label');
  const score = cellNumber(row, 'score', ANY_NUMBER, report);
  if (label === undefined && score === undefined) return;
  const raterId = cellText(row, 'rater_id') ?? defaults.raterId;
  const raterType = cellText(row, 'rater_type') === 'model' || raterId === MODEL_RATER ? 'model' : 'human';
  const rating = { ...place, ...(label === undefined ? {} : { label }), ...(score === undefined ? {} : { score }) };
  if (gathered.add(raterId, raterType, rating)) return;
  const what = `${raterId} judges this stretch twice; the row was not taken.`;
  report.line(row.line, 'error', 'duplicate_rating', what, 'Keep one of the rows.');
}

/** Reads a table of ratings; what could not be taken is told with its line. */
export function readRatingTable(table: CsvTable, defaults: RatingFileDefaults): RatingFile {
  if (isCodingTable(table)) return readCodingTable(table, defaults);
  const report = new ReadingReport();
  for (const problem of table.problems) report.file(problem);
  const gathered = new Gathered();
  for (const row of table.rows) readRow(row, defaults, report, gathered);
  return { tracks: gathered.tracks(), states: gathered.states(), problems: report.problems() };
}
