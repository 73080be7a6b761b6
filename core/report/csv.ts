/**
 * The one CSV writer: RFC 4180 quoting, comma, LF line ends, UTF-8 without byte order mark, dot decimals in every
 * locale. The same rows give the same bytes everywhere.
 */

/** A value of a cell; undefined and NaN are missing and become `NA`, never 0 and never an empty cell. */
export type CsvCell = string | number | undefined;

/** How the writer treats a column. */
export interface CsvColumn {
  readonly name: string;
  /** `text` is free text, guarded against spreadsheets; `plain` strings are made by the program; numbers are fixed. */
  readonly cell: 'text' | 'plain' | 'number';
  /** Digits after the decimal point of a number column; 0 for integers. */
  readonly decimals?: number;
}

/** What stands for a missing value. */
export const MISSING = 'NA';

const LINE_END = '\n';
const CHUNK_LENGTH = 65_536;
const NEEDS_GUARD = /^'*(?:[=+\-@\t\r\n]|NA$)/;
const GUARDED = /^''*(?:[=+\-@\t\r\n]|NA$)/;

/**
 * Puts an apostrophe before text that a spreadsheet would run as a formula, and before the very text `NA`, which would
 * read as missing. Reversible: `unguard(guard(text)) === text` for every text.
 */
export function guard(text: string): string {
  return NEEDS_GUARD.test(text) ? `'${text}` : text;
}

/** Takes the apostrophe of `guard` away again, for import. */
export function unguard(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}

function quote(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function formatNumber(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return MISSING;
  const text = value.toFixed(decimals);
  return value < 0 && Number(text) === 0 ? text.slice(1) : text;
}

/** A cell as it stands in the table, guarded but not quoted. */
export function cellText(value: CsvCell, column: CsvColumn): string {
  if (value === undefined) return MISSING;
  if (typeof value === 'number') return formatNumber(value, column.decimals ?? 0);
  return column.cell === 'text' ? guard(value) : value;
}

/** Header and rows as lines, each with its line end. */
function* csvLines(
  columns: readonly CsvColumn[],
  rows: Iterable<readonly CsvCell[]>,
): Generator<string, void, undefined> {
  yield columns.map((column) => quote(column.name)).join(',') + LINE_END;
  for (const row of rows) {
    if (row.length !== columns.length)
      throw new RangeError(`row has ${row.length} cells for ${columns.length} columns`);
    let line = '';
    columns.forEach((column, index) => {
      line += (index > 0 ? ',' : '') + quote(cellText(row[index], column));
    });
    yield line + LINE_END;
  }
}

/**
 * A table as CSV in pieces of about 64 KiB, for writing to a stream.
 * @throws RangeError when a row has not as many cells as there are columns, which is a bug in the caller.
 */
export function* csvChunks(
  columns: readonly CsvColumn[],
  rows: Iterable<readonly CsvCell[]>,
): Generator<string, void, undefined> {
  let chunk = '';
  for (const line of csvLines(columns, rows)) {
    chunk += line;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
