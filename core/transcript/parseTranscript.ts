import { limitProblems, type LineProblem } from '../problems/limitProblems.js';
import type { Problem } from '../problems/problem.js';
import type { TranscriptCue } from '../segments/segment.js';
import { decodeText } from '../text/decodeText.js';
import { formatHms } from '../time/format.js';
import { microseconds } from '../time/microseconds.js';
import { hasWords } from './cueText.js';
import { parseCsvTranscript, type CsvCues } from './parseCsvTranscript.js';
import { cuesOfTiers } from './cuesOfTiers.js';
import { parseTimedText, type RawCue } from './parseTimedText.js';

/** File endings of transcripts that are also looked for beside a recording; the JSON of a speech recogniser is read too. */
export const TRANSCRIPT_EXTENSIONS = ['srt', 'vtt', 'csv', 'tsv', 'TextGrid', 'eaf'] as const;

/** Cues in order of start, and everything that was changed or dropped on the way. */
export interface ParsedTranscript {
  readonly cues: TranscriptCue[];
  readonly problems: Problem[];
}

type Format = 'srt' | 'vtt' | 'csv' | 'tiers';

/** Whether a file holds tiers of annotations: a TextGrid, an EAF file or the JSON of a speech recogniser. */
function hasTiers(extension: string, text: string): boolean {
  return ['textgrid', 'eaf', 'json'].includes(extension) || /^\s*(?:File type\s*=\s*"?oo|<\?xml|\{)/.test(text);
}

/** The content decides before the ending does, because files are often misnamed. */
function detectFormat(fileName: string, text: string): Format | undefined {
  if (/^\s*WEBVTT(?:\s|$)/.test(text)) return 'vtt';
  const extension = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
  if (hasTiers(extension, text)) return 'tiers';
  if (extension === 'csv' || extension === 'tsv') return 'csv';
  if (text.includes('-->')) return extension === 'vtt' ? 'vtt' : 'srt';
  if (extension === 'vtt' || extension === 'srt') return extension;
  return undefined;
}

function note(cue: RawCue, code: string, severity: Problem['severity'], what: string, tip: string): LineProblem {
  return {
    line: cue.line,
    problem: { code: `transcript.${code}`, severity, message: `The transcript, line ${cue.line}: ${what}`, tip },
  };
}

/** Drops what cannot be placed in time or has nothing to say, and clamps what starts before the recording. */
function placeCue(cue: RawCue, problems: LineProblem[]): RawCue | undefined {
  const times = `${formatHms(cue.start)} to ${formatHms(cue.end)}`;
  if (cue.end < cue.start) {
    problems.push(
      note(cue, 'cue_reversed', 'warning', `the cue ends before it starts (${times}); dropped.`, 'Correct its times.'),
    );
    return undefined;
  }
  if (cue.end === cue.start) {
    problems.push(
      note(cue, 'cue_empty', 'warning', `the cue has no duration (${times}); dropped.`, 'Correct its times.'),
    );
    return undefined;
  }
  if (cue.end <= 0) {
    problems.push(
      note(
        cue,
        'cue_before_start',
        'warning',
        `the cue lies before the recording (${times}); dropped.`,
        'Check the offset of the transcript.',
      ),
    );
    return undefined;
  }
  if (!hasWords(cue.text)) {
    problems.push(
      note(
        cue,
        'cue_wordless',
        'note',
        `the cue (${times}) has no words; text is missing there.`,
        'Nothing to do if nobody speaks there.',
      ),
    );
  }
  if (cue.start >= 0) return cue;
  problems.push(
    note(
      cue,
      'cue_negative',
      'warning',
      `the cue starts before 0 (${times}); it now starts at 0.`,
      'Check the offset of the transcript.',
    ),
  );
  return { ...cue, start: microseconds(0) };
}

/** Sorts by start; tells every cue that stood out of order and every one that overlaps an earlier one. */
function orderCues(cues: readonly RawCue[], problems: LineProblem[]): RawCue[] {
  let latest = -Infinity;
  for (const cue of cues) {
    if (cue.start < latest) {
      problems.push(
        note(
          cue,
          'cue_unsorted',
          'note',
          `the cue starts earlier than one before it; the cues were sorted.`,
          'Nothing to do unless its time is wrong.',
        ),
      );
    }
    latest = Math.max(latest, cue.start);
  }
  const sorted = [...cues].sort((a, b) => a.start - b.start || a.end - b.end || a.line - b.line);
  let furthest: RawCue | undefined;
  for (const cue of sorted) {
    if (furthest && cue.start < furthest.end) {
      problems.push(
        note(
          cue,
          'cue_overlap',
          'note',
          `the cue overlaps the cue of line ${furthest.line}; both were kept as they are.`,
          'Move a boundary if they should not overlap.',
        ),
      );
    }
    if (!furthest || cue.end > furthest.end) furthest = cue;
  }
  return sorted;
}

function readCues(format: Format, text: string, fileName: string): CsvCues {
  if (format === 'csv') return parseCsvTranscript(text);
  if (format === 'tiers') return cuesOfTiers(fileName, text);
  return { ...parseTimedText(text, format === 'vtt'), tableProblems: [] };
}

/**
 * Reads a transcript: SubRip, WebVTT, CSV with `start_s,end_s,text`, or the transcript tiers of a TextGrid, of EAF or of
 * the JSON of a speech recogniser.
 *
 * Every cue that was dropped or changed is told with its line and the reason; overlapping cues are kept as they are.
 * Never throws for bad content: an unreadable file gives no cues and an error Problem.
 * @param fileName only its ending is used; it appears in no message.
 */
export function parseTranscript(fileName: string, bytes: Uint8Array): ParsedTranscript {
  const decoded = decodeText(bytes, 'transcript', 'transcript');
  const { text } = decoded;
  if (text === undefined) return { cues: [], problems: [...decoded.problems] };
  const format = detectFormat(fileName, text);
  if (!format) {
    const problem: Problem = {
      code: 'transcript.format',
      severity: 'error',
      message:
        'The transcript is neither SubRip, WebVTT, TextGrid, EAF, Whisper JSON nor CSV with the columns start_s,end_s,text.',
      tip: 'Export it as .srt, .vtt, .TextGrid, .eaf or .csv and load it again.',
    };
    return { cues: [], problems: [...decoded.problems, problem] };
  }
  const lineProblems: LineProblem[] = [];
  const raw = readCues(format, text, fileName);
  lineProblems.push(...raw.problems);
  const tableProblems = [...decoded.problems, ...raw.tableProblems];
  const placed = raw.cues.flatMap((cue) => placeCue(cue, lineProblems) ?? []);
  const cues = orderCues(placed, lineProblems).map(({ start, end, text: words, speaker }): TranscriptCue => {
    return { range: { start, end }, text: words, ...(speaker === undefined ? {} : { speaker }) };
  });
  const problems = [...tableProblems, ...limitProblems(lineProblems)];
  if (cues.length === 0 && !problems.some((problem) => problem.severity === 'error')) {
    problems.push({
      code: 'transcript.empty',
      severity: 'warning',
      message: 'The transcript has no cue that could be used; text is missing in the whole recording.',
      tip: 'Load another transcript, or go on without one.',
    });
  }
  return { cues, problems };
}
