import type { LineProblem } from '../problems/limitProblems.js';
import { parseTime } from '../time/format.js';
import type { Microseconds } from '../time/microseconds.js';
import { cleanCueText } from './cueText.js';

/** A cue as its file has it, before anything is judged: times may be negative, empty or out of order. */
export interface RawCue {
  /** Line of the times, from 1. */
  readonly line: number;
  readonly start: Microseconds;
  readonly end: Microseconds;
  readonly text: string;
  readonly speaker?: string;
}

/** Cues of a file and the trouble of its single lines. */
export interface RawCues {
  readonly cues: readonly RawCue[];
  readonly problems: readonly LineProblem[];
}

const ARROW = '-->';
const TIMING = /^\s*(\S+)\s*-->\s*(\S+)(?:\s.*)?$/;

interface OpenCue {
  line: number;
  start: Microseconds;
  end: Microseconds;
  lines: string[];
}

function trouble(line: number, code: string, what: string, tip: string, severity: 'error' | 'warning' | 'note') {
  return {
    line,
    problem: { code: `transcript.${code}`, severity, message: `The transcript, line ${line}: ${what}`, tip },
  };
}

/** Reads the time line of a cue; undefined where it is malformed. Times need a colon, so `1 --> 2` is refused. */
function parseTiming(text: string): { start: Microseconds; end: Microseconds } | undefined {
  const match = TIMING.exec(text);
  const [startText = '', endText = ''] = match?.slice(1) ?? [];
  if (!startText.includes(':') || !endText.includes(':')) return undefined;
  const start = parseTime(startText);
  const end = parseTime(endText);
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** Walks over the lines of a SubRip or WebVTT file; every line ends in a cue, in a problem or in a skipped block. */
class TimedTextReader {
  readonly cues: OpenCue[] = [];
  readonly problems: LineProblem[] = [];
  private readonly lines: readonly string[];
  private readonly isVtt: boolean;
  private index = 0;

  constructor(lines: readonly string[], isVtt: boolean) {
    this.lines = lines;
    this.isVtt = isVtt;
  }

  read(): void {
    if (this.isVtt) this.skipHeader();
    while (this.index < this.lines.length) {
      const line = this.at(this.index);
      if (line.trim() === '') this.index += 1;
      else if (line.includes(ARROW)) this.readCue();
      else if (this.isVtt && /^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(line)) this.skipBlock();
      else if (this.at(this.index + 1).includes(ARROW)) this.index += 1;
      else this.readOrphan();
    }
  }

  private at(index: number): string {
    return this.lines[index] ?? '';
  }

  /** The WEBVTT line and its metadata; a time line ends it where the blank line was forgotten. */
  private skipHeader(): void {
    while (this.at(this.index).trim() === '' && this.index < this.lines.length) this.index += 1;
    if (!this.at(this.index).trim().startsWith('WEBVTT')) return;
    while (this.index < this.lines.length && this.at(this.index).trim() !== '') {
      if (this.at(this.index).includes(ARROW)) return;
      this.index += 1;
    }
  }

  private skipBlock(): void {
    while (this.index < this.lines.length && this.at(this.index).trim() !== '') this.index += 1;
  }

  /** Text lines up to a blank line, the next time line, or the counter before it where the blank line is missing. */
  private takeText(): string[] {
    const taken: string[] = [];
    for (; this.index < this.lines.length; this.index += 1) {
      const line = this.at(this.index);
      const isCounter = /^\s*\d+\s*$/.test(line) && this.at(this.index + 1).includes(ARROW);
      if (line.trim() === '' || line.includes(ARROW) || isCounter) break;
      taken.push(line);
    }
    return taken;
  }

  private readCue(): void {
    const number = this.index + 1;
    const timing = parseTiming(this.at(this.index));
    this.index += 1;
    const lines = this.takeText();
    if (timing) {
      this.cues.push({ line: number, ...timing, lines });
      return;
    }
    this.problems.push(
      trouble(
        number,
        'time_malformed',
        `the times cannot be read; the cue "${excerpt(lines.join(' '))}" was dropped.`,
        'Write times as 00:00:01,000 --> 00:00:02,500.',
        'error',
      ),
    );
  }

  /** Text behind a blank line belongs to the cue before it; text before the first cue belongs to nothing. */
  private readOrphan(): void {
    const number = this.index + 1;
    const lines = this.takeText();
    const last = this.cues.at(-1);
    if (last && !this.isVtt) {
      last.lines.push(...lines);
      const what = `text after a blank line was added to the cue of line ${last.line}.`;
      this.problems.push(trouble(number, 'text_after_blank', what, 'Check whether it belongs there.', 'note'));
    } else {
      const what = `the text "${excerpt(lines.join(' '))}" has no times and was dropped.`;
      this.problems.push(trouble(number, 'text_without_time', what, 'Give it a line of times.', 'warning'));
    }
  }
}

/** First words of a text, for messages. */
function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 40 ? `${flat.slice(0, 39)}…` : flat;
}

/**
 * Reads SubRip (.srt) or WebVTT (.vtt) text. Malformed lines become problems with their line number.
 * @param isVtt WebVTT rules: a header block, NOTE, STYLE and REGION blocks are skipped, cue ids may be any text.
 */
export function parseTimedText(text: string, isVtt: boolean): RawCues {
  const reader = new TimedTextReader(text.split(/\r\n|\r|\n/), isVtt);
  reader.read();
  const problems = [...reader.problems];
  const cues = reader.cues.map(({ line, start, end, lines }): RawCue => {
    const { severalSpeakers, ...content } = cleanCueText(lines);
    if (severalSpeakers) {
      const what = 'the cue names several speakers; the first was kept.';
      problems.push(trouble(line, 'several_speakers', what, 'Give every speaker an own cue.', 'note'));
    }
    return { line, start, end, ...content };
  });
  return { cues, problems };
}
