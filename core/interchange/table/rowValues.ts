/** Values of the cells of a table, with the trouble told to the report. */
import { MISSING, unguard } from '../../report/csv.js';
import type { CsvRow } from '../../text/readCsv.js';
import { formatHms, parseTime } from '../../time/format.js';
import type { TimeRange } from '../../time/microseconds.js';
import type { ReadingReport } from '../reading.js';

/** Text of a cell; undefined where it is missing. The guard against spreadsheet formulas is taken away. */
export function cellText(row: CsvRow, column: string): string | undefined {
  const text = row.get(column)?.trim() ?? '';
  return text === '' || text === MISSING || text.toLowerCase() === 'n/a' ? undefined : unguard(text);
}

/** A number with a dot or a comma; undefined where it is missing or no number in the range, which is told. */
export function cellNumber(
  row: CsvRow,
  column: string,
  [low, high]: readonly [number, number],
  report: ReadingReport,
): number | undefined {
  const text = cellText(row, column);
  if (text === undefined) return undefined;
  const value = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text.replace(',', '.')) : NaN;
  if (value >= low && value <= high) return value;
  const what = `${column} "${text.slice(0, 40)}" is no number from ${low} to ${high}; the value was not taken.`;
  report.line(row.line, 'error', 'number_malformed', what, 'Correct the value.');
  return undefined;
}

/** Start and end of a row; undefined where one is no time or the end is before the start, which is told. */
export function cellRange(
  row: CsvRow,
  [startColumn, endColumn]: readonly [string, string],
  report: ReadingReport,
): TimeRange | undefined {
  const times = [startColumn, endColumn].map((column) => parseTime(row.get(column) ?? ''));
  const [start, end] = times;
  if (start === undefined || end === undefined) {
    const column = start === undefined ? startColumn : endColumn;
    const text = (row.get(column) ?? '').slice(0, 40);
    const what = `${column} "${text}" is no time; the row was not taken.`;
    report.line(row.line, 'error', 'time_malformed', what, 'Write seconds such as 12.5 or 00:00:12.500.');
    return undefined;
  }
  if (end < start) {
    const what = `the row ends before it starts (${formatHms(start)} to ${formatHms(end)}); not taken.`;
    report.line(row.line, 'error', 'time_reversed', what, 'Correct its times.');
    return undefined;
  }
  return { start, end };
}
