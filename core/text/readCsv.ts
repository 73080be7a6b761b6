import Papa from 'papaparse';
import type { Problem } from '../problems/problem.js';

/** One data row of a CSV file and the line it starts on (the header is line 1 of a file without leading blank lines). */
export interface CsvRow {
  readonly line: number;
  /** Value of a column by its lower-case name; undefined where the row is shorter than the header. */
  readonly get: (column: string) => string | undefined;
}

/** A table read from CSV. Rows that could not be read are in `problems`, each with its line. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly problems: readonly Problem[];
}

interface RawRow {
  readonly line: number;
  readonly fields: readonly string[];
  readonly broken: boolean;
}

const DELIMITERS = [',', ';', '\t'] as const;

/** The delimiter that splits the header line into most columns; a comma on a tie. */
function detectDelimiter(text: string): string {
  const header = text.split('\n').find((line) => line.trim() !== '') ?? '';
  let best: string = DELIMITERS[0];
  for (const delimiter of DELIMITERS) if (header.split(delimiter).length > header.split(best).length) best = delimiter;
  return best;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to; index += 1) {
    if (text.charCodeAt(index) === 10) count += 1;
  }
  return count;
}

function rawRows(text: string, delimiter: string, firstLine: number): RawRow[] {
  const rows: RawRow[] = [];
  let position = 0;
  let line = firstLine;
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    skipEmptyLines: false,
    step: ({ data, errors, meta }) => {
      if (data.some((field) => field.trim() !== '')) {
        rows.push({ line, fields: data, broken: errors.some((error) => error.type === 'Quotes') });
      }
      line += countLines(text, position, meta.cursor);
      position = meta.cursor;
    },
  });
  return rows;
}

/**
 * Reads a CSV table with a header; comma, semicolon or tab separated. Column names are compared in lower case and line
 * ends of every kind become LF, because files put together from several systems mix them.
 * A row with more fields than the header, or with broken quotes, is dropped with a problem that names its line.
 * @param what the file in words, for messages.
 * @param area first part of the problem codes.
 * @param linesBefore lines of the file that were cut away before the text.
 */
export function readCsv(text: string, what: string, area: string, linesBefore = 0): CsvTable {
  const problems: Problem[] = [];
  const normalised = text.replace(/\r\n?/g, '\n');
  const [header, ...body] = rawRows(normalised, detectDelimiter(normalised), linesBefore + 1);
  const columns = (header?.fields ?? []).map((field) => field.trim().toLowerCase());
  const rows: CsvRow[] = [];
  for (const { line, fields, broken } of body) {
    const surplus = fields.slice(columns.length).some((field) => field.trim() !== '');
    if (broken || surplus) {
      problems.push({
        code: `${area}.row_malformed`,
        severity: 'error',
        message: broken
          ? `The ${what}, line ${line}: a quotation mark is not closed or stands inside a field; the row was dropped.`
          : `The ${what}, line ${line}: ${fields.length} fields where the header has ${columns.length}; the row was dropped.`,
        tip: broken
          ? 'Put fields with quotation marks in quotation marks and double the inner ones.'
          : 'Put fields that contain the separator in quotation marks; write decimals with a dot or separate columns with semicolons.',
      });
      continue;
    }
    rows.push({ line, get: (column) => fields[columns.indexOf(column)] });
  }
  return { columns, rows, problems };
}

/** Problem for a table that lacks required columns; undefined when all are there. */
export function missingColumns(
  table: CsvTable,
  required: readonly string[],
  what: string,
  area: string,
): Problem | undefined {
  const missing = required.filter((column) => !table.columns.includes(column));
  if (missing.length === 0) return undefined;
  const found = table.columns.length > 0 ? table.columns.join(', ') : 'nothing';
  return {
    code: `${area}.columns`,
    severity: 'error',
    message: `The ${what} has no column ${missing.join(', ')}; its first line names ${found}.`,
    tip: `Start the file with the line ${required.join(',')}`,
  };
}

/** Note for columns that are not used; undefined when there are none. */
export function ignoredColumns(
  table: CsvTable,
  known: readonly string[],
  what: string,
  area: string,
): Problem | undefined {
  const extra = table.columns.filter((column) => column !== '' && !known.includes(column));
  if (extra.length === 0) return undefined;
  return {
    code: `${area}.columns_ignored`,
    severity: 'note',
    message: `The ${what} has columns that are not used: ${extra.join(', ')}.`,
    tip: `Used columns are ${known.join(', ')}.`,
  };
}
