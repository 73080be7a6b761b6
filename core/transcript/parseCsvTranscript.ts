import type { Problem } from '../problems/problem.js';
import type { LineProblem } from '../problems/limitProblems.js';
import { unguard } from '../report/csv.js';
import { ignoredColumns, missingColumns, readCsv } from '../text/readCsv.js';
import { parseTime } from '../time/format.js';
import { cleanCueText } from './cueText.js';
import type { RawCue, RawCues } from './parseTimedText.js';

const REQUIRED = ['start_s', 'end_s', 'text'] as const;
const KNOWN = [...REQUIRED, 'speaker'] as const;

/** Cues of a table, and what is to be said about the table as a whole. */
export interface CsvCues extends RawCues {
  readonly tableProblems: readonly Problem[];
}

/**
 * Reads a transcript table with the columns `start_s,end_s,text` and, optionally, `speaker`. Times are seconds (dot or
 * comma decimals) or `HH:MM:SS.mmm`.
 */
export function parseCsvTranscript(text: string): CsvCues {
  const table = readCsv(text, 'transcript', 'transcript');
  const lacking = missingColumns(table, REQUIRED, 'transcript', 'transcript');
  if (lacking) return { cues: [], problems: [], tableProblems: [lacking] };
  const ignored = ignoredColumns(table, KNOWN, 'transcript', 'transcript');
  const cues: RawCue[] = [];
  const problems: LineProblem[] = [];
  for (const row of table.rows) {
    const startText = row.get('start_s') ?? '';
    const endText = row.get('end_s') ?? '';
    const start = parseTime(startText);
    const end = parseTime(endText);
    if (start === undefined || end === undefined) {
      const column = start === undefined ? 'start_s' : 'end_s';
      problems.push({
        line: row.line,
        problem: {
          code: 'transcript.time_malformed',
          severity: 'error',
          message: `The transcript, line ${row.line}: ${column} "${start === undefined ? startText : endText}" is no time; the row was dropped.`,
          tip: 'Write seconds such as 12.5 or a time such as 00:00:12.500.',
        },
      });
      continue;
    }
    const content = cleanCueText([unguard(row.get('text') ?? '')]);
    const speaker = row.get('speaker')?.trim() || content.speaker;
    cues.push({ line: row.line, start, end, text: content.text, ...(speaker === undefined ? {} : { speaker }) });
  }
  return { cues, problems, tableProblems: ignored ? [...table.problems, ignored] : table.problems };
}
