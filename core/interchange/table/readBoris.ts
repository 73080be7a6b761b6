/** Events of BORIS: the aggregated table (start and stop in one row) and the tabular one (a row per start and stop). */
import type { CsvRow } from '../../text/readCsv.js';
import type { TimeRange } from '../../time/microseconds.js';
import { formatHms, parseTime } from '../../time/format.js';
import { classifyTier } from '../classifyTier.js';
import type { ReadingReport } from '../reading.js';
import { parseTierName, tierName } from '../tierNames.js';
import type { RowReader } from './readTable.js';
import { cellRange, cellText } from './rowValues.js';

/** Subject of events that are about nobody in particular. */
export const NO_SUBJECT = 'No focal subject';
const FOREIGN_TIER = 'behaviours';
const YIELD_EVERY = 2_000;

/** Columns that are used or known to say nothing that has a place here; others are named in a note. */
export const BORIS_COLUMNS: readonly string[] = [
  'observation id',
  'observation date',
  'description',
  'observation duration',
  'observation type',
  'source',
  'time offset (s)',
  'coding duration',
  'media duration (s)',
  'fps (frame/s)',
  'fps',
  'subject',
  'observation duration by subject by observation',
  'behavior',
  'behavioral category',
  'behavior type',
  'status',
  'modifier #1',
  'modifiers',
  'duration (s)',
  'duration',
  'start time',
  'stop time',
  'media file',
  'media file path',
  'media file name',
  'total length',
  'image index',
  'image index start',
  'image index stop',
  'image file path',
  'image file path start',
  'image file path stop',
  'comment',
  'comment start',
  'comment stop',
];

/**
 * Cuts away what older versions write above the header, such as `Observation id<TAB>…`.
 * @returns the table from its header on, and the number of lines before it.
 */
export function withoutBorisPreamble(text: string): { readonly body: string; readonly skipped: number } {
  const lines = text.slice(0, 20_000).split(/\r\n|\r|\n/, 60);
  const header = lines.findIndex(
    (line) => /(?:^|[,;\t])"?Behavior"?[,;\t]/.test(line) && /(?:Time|Start \(s\))/.test(line),
  );
  if (header <= 0) return { body: text, skipped: 0 };
  return {
    body: text
      .split(/\r\n|\r|\n/)
      .slice(header)
      .join('\n'),
    skipped: header,
  };
}

interface BorisEvent {
  readonly row: CsvRow;
  readonly range: TimeRange;
}

/** What makes two rows the start and the stop of the same event. */
function eventKey(row: CsvRow): string {
  return JSON.stringify(['subject', 'behavior', 'modifier #1', 'modifiers'].map((column) => row.get(column)));
}

function describe(row: CsvRow): string {
  return `"${(cellText(row, 'behavior') ?? '').slice(0, 60)}"`;
}

/** Pairs START and STOP rows; what has no partner is told. */
class EventPairs {
  readonly #open = new Map<string, BorisEvent>();
  readonly #report: ReadingReport;

  constructor(report: ReadingReport) {
    this.#report = report;
  }

  /** The event that a row completes, if it does. */
  take(row: CsvRow): BorisEvent | undefined {
    const time = parseTime(row.get('time') ?? '');
    if (time === undefined) {
      const what = `the time "${(row.get('time') ?? '').slice(0, 40)}" cannot be read; the row was not taken.`;
      this.#report.line(row.line, 'error', 'time_malformed', what, 'Times are seconds or HH:MM:SS.mmm.');
      return undefined;
    }
    const type = (row.get('behavior type') ?? row.get('status') ?? 'POINT').trim().toUpperCase();
    const at = { start: time, end: time };
    if (type !== 'START' && type !== 'STOP') return { row, range: at };
    const key = eventKey(row);
    const begun = this.#open.get(key);
    if (type === 'START') {
      if (begun) this.#unpaired(begun);
      this.#open.set(key, { row, range: at });
      return undefined;
    }
    this.#open.delete(key);
    if (begun) return { row: begun.row, range: { start: begun.range.start, end: time } };
    const what = `${describe(row)} stops at ${formatHms(time)} without a start; the row was not taken.`;
    this.#report.line(row.line, 'error', 'event_unpaired', what, 'Complete it in BORIS (Fix unpaired events).');
    return undefined;
  }

  finish(): void {
    for (const event of this.#open.values()) this.#unpaired(event);
  }

  #unpaired({ row, range }: BorisEvent): void {
    const what = `${describe(row)} starts at ${formatHms(range.start)} and never stops; the row was not taken.`;
    this.#report.line(row.line, 'error', 'event_unpaired', what, 'Complete it in BORIS (Fix unpaired events).');
  }
}

/** An event of the aggregated table; a point has no stop. */
function aggregated(row: CsvRow, report: ReadingReport): BorisEvent | undefined {
  const isPoint = cellText(row, 'behavior type')?.toUpperCase() === 'POINT' || cellText(row, 'stop (s)') === undefined;
  const range = cellRange(row, ['start (s)', isPoint ? 'start (s)' : 'stop (s)'], report);
  return range && { row, range };
}

/** Tier that an event belongs to: our own name where BORIS has one as category, else category and subject. */
function tierOf(row: CsvRow): { readonly name: string; readonly subject: string | undefined } {
  const category = cellText(row, 'behavioral category') ?? FOREIGN_TIER;
  const given = cellText(row, 'subject');
  const subject = given === NO_SUBJECT ? undefined : given;
  const isOurs = parseTierName(category) !== undefined;
  return { name: isOurs || subject === undefined ? category : `${category} (${subject})`, subject };
}

function valueOf(row: CsvRow): string {
  const modifiers = ['modifier #1', 'modifiers'].flatMap((column) => cellText(row, column) ?? []);
  const named = modifiers.filter((modifier) => modifier !== 'None');
  return [cellText(row, 'behavior') ?? '', ...named].join(': ');
}

/** Rows of an event table of BORIS. One observation is taken; rows of others are told. */
export const readBorisRows: RowReader = function* (table, collector, report) {
  const isAggregated = table.columns.includes('start (s)');
  const pairs = new EventPairs(report);
  const events: BorisEvent[] = [];
  let observation: string | undefined;
  for (const [index, row] of table.rows.entries()) {
    if (index % YIELD_EVERY === 0) yield index / (2 * table.rows.length);
    const id = cellText(row, 'observation id');
    observation ??= id;
    if (id !== observation) {
      const what = `the row belongs to observation ${id ?? 'NA'}, the first one to ${observation ?? 'NA'}; not taken.`;
      report.line(row.line, 'error', 'other_recording', what, 'Export each observation to a file of its own.');
      continue;
    }
    const event = isAggregated ? aggregated(row, report) : pairs.take(row);
    if (event) events.push(event);
  }
  pairs.finish();
  const values = new Map<string, string[]>();
  for (const { row } of events) {
    const { name } = tierOf(row);
    const list = values.get(name);
    if (list) list.push(valueOf(row));
    else values.set(name, [valueOf(row)]);
  }
  const guesses = new Map<string, ReturnType<typeof classifyTier>>();
  for (const [index, { row, range }] of events.entries()) {
    if (index % YIELD_EVERY === 0) yield 0.5 + index / (2 * events.length);
    const { name, subject } = tierOf(row);
    const guess = guesses.get(name) ?? classifyTier(name, values.get(name) ?? [], { participant: subject });
    guesses.set(name, guess);
    collector.add({ name, ...guess }, range.start, range.end, valueOf(row), row.line);
    const comment = cellText(row, 'comment start') ?? cellText(row, 'comment');
    if (comment === undefined) continue;
    const note = { name: tierName('note', guess.owner ?? name), kind: 'note', parent: name } as const;
    const owner = guess.owner === undefined ? {} : { owner: guess.owner };
    collector.add({ ...note, ...owner }, range.start, range.end, comment, row.line);
  }
};
