import { limitProblems, type LineProblem } from '../problems/limitProblems.js';
import type { Problem } from '../problems/problem.js';
import { MODALITIES, type Modality } from '../recording/modality.js';
import { MISSING, unguard } from '../report/csv.js';
import { decodeText } from '../text/decodeText.js';
import { ignoredColumns, missingColumns, readCsv, type CsvRow } from '../text/readCsv.js';
import { formatHms, parseTime } from '../time/format.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { clampRange } from '../time/ranges.js';
import { LONGEST_KIND, MARK_KINDS, type CorruptionMark, type MarkKind, type MarkSeverity } from './mark.js';

const REQUIRED = ['modality', 'start_s', 'end_s', 'kind', 'severity'] as const;
const KNOWN = [...REQUIRED, 'note', 'review', 'own_kind'] as const;
const SEVERITIES: readonly string[] = ['1', '2', '3'];

export interface ParsedMarks {
  readonly marks: CorruptionMark[];
  readonly problems: Problem[];
}

/** Collects what is wrong with one row. */
interface RowReport {
  readonly fail: (code: string, what: string, tip: string) => undefined;
  readonly tell: (severity: Problem['severity'], code: string, what: string, tip: string) => void;
}

/** Reads a value that has to be one of a list; anything else is an error that names the allowed values. */
function pick<T extends string>(row: CsvRow, column: string, allowed: readonly T[], report: RowReport): T | undefined {
  const value = (row.get(column) ?? '').trim().toLowerCase();
  const found = allowed.find((item) => item === value);
  return (
    found ??
    report.fail(
      `unknown_${column}`,
      `${column} "${value}" is not known; dropped.`,
      `Allowed are ${allowed.join(', ')}.`,
    )
  );
}

function readRange(row: CsvRow, bounds: TimeRange, report: RowReport): TimeRange | undefined {
  const times: Microseconds[] = [];
  for (const column of ['start_s', 'end_s']) {
    const text = row.get(column) ?? '';
    const time = parseTime(text);
    if (time === undefined) {
      return report.fail(
        'time_malformed',
        `${column} "${text}" is no time; dropped.`,
        'Write seconds such as 12.5 or 00:00:12.500.',
      );
    }
    times.push(time);
  }
  const [start, end] = times;
  if (start === undefined || end === undefined) return undefined;
  const words = `${formatHms(start)} to ${formatHms(end)}`;
  if (end <= start) {
    return report.fail(
      'mark_empty',
      `the mark (${words}) does not end after it starts; dropped.`,
      'Correct its times.',
    );
  }
  const range = clampRange({ start, end }, bounds);
  const ends = `the recording ends at ${formatHms(bounds.end)}`;
  if (!range) {
    report.tell(
      'warning',
      'mark_outside',
      `the mark (${words}) lies outside the recording; ${ends}; dropped.`,
      'Check the times.',
    );
  } else if (range.start !== start || range.end !== end) {
    report.tell(
      'warning',
      'mark_clamped',
      `the mark (${words}) reaches outside the recording; ${ends}; cut there.`,
      'Check the times.',
    );
  }
  return range;
}

/** The mark of a row without its id; undefined when it was dropped, which the report then says. */
function readMark(row: CsvRow, bounds: TimeRange, report: RowReport): Omit<CorruptionMark, 'id'> | undefined {
  const review = (row.get('review') ?? '').trim().toLowerCase();
  if (review === 'proposed' || review === 'rejected') {
    report.tell(
      'note',
      'mark_unconfirmed',
      `the mark is ${review}, not confirmed; dropped.`,
      'Confirm it before exporting marks for use as input.',
    );
    return undefined;
  }
  const modality: Modality | undefined = pick(row, 'modality', MODALITIES, report);
  const kind: MarkKind | undefined = pick(row, 'kind', MARK_KINDS, report);
  const severityText = pick(row, 'severity', SEVERITIES, report);
  const range = readRange(row, bounds, report);
  if (!modality || !kind || !severityText || !range) return undefined;
  const severity = Number(severityText) as MarkSeverity;
  const text = (column: string): string => {
    const cell = (row.get(column) ?? '').trim();
    return cell === MISSING ? '' : unguard(cell);
  };
  const ownKind = kind === 'other' ? text('own_kind').slice(0, LONGEST_KIND) : '';
  return {
    modality,
    range,
    kind,
    ...(ownKind === '' ? {} : { ownKind }),
    severity,
    source: 'human',
    review: 'confirmed',
    note: text('note'),
  };
}

/**
 * Reads marks made by a person: CSV with `modality,start_s,end_s,kind,severity` and optionally `note` and, for kind
 * other, `own_kind`; a `review`
 * column, as in the report's marks.csv, leaves out what nobody confirmed. All marks come back human and confirmed.
 *
 * Marks that reach outside [0, duration) are cut, those wholly outside dropped, unknown words dropped as errors; every
 * case is told with its line.
 */
export function parseMarksCsv(bytes: Uint8Array, duration: Microseconds): ParsedMarks {
  const decoded = decodeText(bytes, 'marks file', 'marks');
  if (decoded.text === undefined) return { marks: [], problems: [...decoded.problems] };
  const table = readCsv(decoded.text, 'marks file', 'marks');
  const lacking = missingColumns(table, REQUIRED, 'marks file', 'marks');
  if (lacking) return { marks: [], problems: [...decoded.problems, lacking] };
  const ignored = ignoredColumns(table, KNOWN, 'marks file', 'marks');
  const bounds: TimeRange = { start: microseconds(0), end: duration };
  const lineProblems: LineProblem[] = [];
  const drafts = table.rows.flatMap((row) => {
    const tell: RowReport['tell'] = (severity, code, what, tip) => {
      const message = `The marks file, line ${row.line}: ${what}`;
      lineProblems.push({ line: row.line, problem: { code: `marks.${code}`, severity, message, tip } });
    };
    const fail: RowReport['fail'] = (code, what, tip) => {
      tell('error', code, what, tip);
      return undefined;
    };
    return readMark(row, bounds, { fail, tell }) ?? [];
  });
  const marks = drafts
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)
    .map((draft, index) => ({ id: `human-${draft.modality}-${String(index + 1).padStart(4, '0')}`, ...draft }));
  return {
    marks,
    problems: [...decoded.problems, ...table.problems, ...(ignored ? [ignored] : []), ...limitProblems(lineProblems)],
  };
}
