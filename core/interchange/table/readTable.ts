/** Reads the tables we know by their columns: our own, transcripts, and events of BORIS. */
import { parseCsvTranscript } from '../../transcript/parseCsvTranscript.js';
import { ignoredColumns, readCsv, type CsvTable } from '../../text/readCsv.js';
import { classifyTier } from '../classifyTier.js';
import { withParents } from '../dependents.js';
import { refuse, ReadingReport, TierCollector, type Reading } from '../reading.js';
import { tierName } from '../tierNames.js';
import { BORIS_COLUMNS, readBorisRows, withoutBorisPreamble } from './readBoris.js';
import { readAnnotationRows } from './readAnnotationRows.js';
import { readLabelRows } from './readLabelRows.js';
import { readMarkRows } from './readMarkRows.js';
import { readSegmentRows } from './readSegmentRows.js';
import { readTierRows } from './readTierRows.js';

/** Adds the rows of a table to a collector. Yields the done share. */
export type RowReader = (table: CsvTable, collector: TierCollector, report: ReadingReport) => Generator<number, void>;

interface TableKind {
  /** Columns by which the table is known; all of them are required. */
  readonly columns: readonly string[];
  /** Further columns that are used. */
  readonly optional: readonly string[] | 'any';
  readonly read: RowReader;
}

const KINDS: readonly TableKind[] = [
  { columns: ['tier', 'scheme', 'rater_id', 'start_s', 'end_s', 'value'], optional: 'any', read: readAnnotationRows },
  { columns: ['tier', 'start_s', 'end_s', 'value'], optional: 'any', read: readTierRows },
  { columns: ['segment_id', 'rater_id', 'start_s', 'end_s'], optional: 'any', read: readSegmentRows },
  {
    columns: ['modality', 'start_s', 'end_s', 'kind', 'severity'],
    optional: [
      ...['note', 'review', 'recording_id', 'mark_id', 'start_hms', 'end_hms', 'source', 'detector', 'confidence'],
      ...['own_kind', 'rater_id', 'reviewed_by'],
    ],
    read: readMarkRows,
  },
  { columns: ['behavior', 'start (s)', 'stop (s)'], optional: BORIS_COLUMNS, read: readBorisRows },
  { columns: ['behavior', 'time'], optional: BORIS_COLUMNS, read: readBorisRows },
];

const TRANSCRIPT = ['start_s', 'end_s', 'text'];

/** A plain table of labels; one that has words, too, is a transcript. */
const LABELS: TableKind = {
  columns: ['start_s', 'end_s', 'label'],
  optional: ['rater_id', 'score', 'note'],
  read: readLabelRows,
};

function hasAll(table: CsvTable, columns: readonly string[]): boolean {
  return columns.every((column) => table.columns.includes(column));
}

/** The kind that lacks the fewest columns, for the advice; the first of the list on a tie. */
function nearest(table: CsvTable): readonly string[] {
  const lacking = (columns: readonly string[]) => columns.filter((column) => !table.columns.includes(column)).length;
  const all = [TRANSCRIPT, ...[...KINDS, LABELS].map((kind) => kind.columns)];
  return all.reduce((best, columns) => (lacking(columns) < lacking(best) ? columns : best));
}

function* readTranscriptTable(text: string): Generator<number, Reading, void> {
  const report = new ReadingReport();
  const { cues, problems, tableProblems } = parseCsvTranscript(text);
  for (const problem of tableProblems) report.file(problem);
  report.lines(problems);
  yield 0.5;
  const collector = new TierCollector(report);
  for (const { line, start, end, text: words, speaker } of cues) {
    const name = tierName('transcript', speaker);
    collector.add({ name, ...classifyTier(name, []) }, start, end, words, line);
  }
  return { set: { tiers: collector.tiers(), vocabularies: [] }, problems: report.problems() };
}

/**
 * Reads a table with a header; comma, semicolon or tab separated, decimals with dot or comma.
 * @throws ProblemError `import.columns` when its columns fit no kind of table; the message names what is missing.
 */
export function* readTable(text: string): Generator<number, Reading, void> {
  const { body, skipped } = withoutBorisPreamble(text);
  const table = readCsv(body, 'table', 'import', skipped);
  const isTranscript = hasAll(table, TRANSCRIPT);
  const kinds = isTranscript ? KINDS : [...KINDS, LABELS];
  const kind = kinds.find(({ columns }) => hasAll(table, columns));
  if (!kind) {
    if (isTranscript) return yield* readTranscriptTable(text);
    const wanted = nearest(table);
    const missing = wanted.filter((column) => !table.columns.includes(column));
    throw refuse(
      'columns',
      `The table has no column ${missing.join(', ')}; its first line names ${table.columns.join(', ').slice(0, 500) || 'nothing'}.`,
      `Start the file with the line ${wanted.join(',')}`,
    );
  }
  const report = new ReadingReport();
  for (const problem of table.problems) report.file(problem);
  const ignored =
    kind.optional === 'any' ? undefined : ignoredColumns(table, [...kind.columns, ...kind.optional], 'table', 'import');
  if (ignored) report.file(ignored);
  const collector = new TierCollector(report);
  yield* kind.read(table, collector, report);
  return { set: { tiers: withParents(collector.tiers()), vocabularies: [] }, problems: report.problems() };
}
