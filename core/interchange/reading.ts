/** What all readers share: the shape of a reader, the report of what was not taken, and the collector of tiers. */
import { limitProblems, type LineProblem } from '../problems/limitProblems.js';
import { ProblemError, type Problem, type ProblemSeverity } from '../problems/problem.js';
import { formatHms } from '../time/format.js';
import type { Microseconds } from '../time/microseconds.js';
import type { AnnotationSet, Tier, TierItem } from './annotationSet.js';

/** Most annotations taken from one file; a day of word-level annotation has about 150 000. */
const MAX_ITEMS = 300_000;
/** Most tiers taken from one file. */
const MAX_TIERS = 500;
/** Longest text of one annotation, characters. */
const MAX_VALUE = 20_000;

/** What was read, and everything that was changed or not taken. */
export interface Reading {
  readonly set: AnnotationSet;
  readonly problems: readonly Problem[];
}

/**
 * A reader of one format. It yields the done share, 0 to 1, every few milliseconds, so that a caller can show progress
 * and stop.
 * @throws ProblemError `import.*` when nothing of the file can be taken.
 */
export type Reader = (text: string) => Generator<number, Reading, void>;

/** A file of which nothing can be taken. */
export function refuse(code: string, message: string, tip: string): ProblemError {
  return new ProblemError({ code: `import.${code}`, severity: 'error', message, tip });
}

/** Collects the trouble of one file: of the file as a whole, and of its lines. */
export class ReadingReport {
  /** What is counted in this file: lines, or entries where lines mean nothing. */
  readonly place: 'Line' | 'Entry';
  readonly #lines: LineProblem[] = [];
  readonly #file: Problem[] = [];

  constructor(place: 'Line' | 'Entry' = 'Line') {
    this.place = place;
  }

  line(line: number, severity: ProblemSeverity, code: string, what: string, tip: string): void {
    this.#lines.push({
      line,
      problem: { code: `import.${code}`, severity, message: `${this.place} ${line}: ${what}`, tip },
    });
  }

  /** Takes over what another reader of lines met. */
  lines(problems: readonly LineProblem[]): void {
    this.#lines.push(...problems);
  }

  file(problem: Problem): void {
    this.#file.push(problem);
  }

  problems(): Problem[] {
    return [...this.#file, ...limitProblems(this.#lines)];
  }
}

/** A tier without its items. */
export type TierHead = Omit<Tier, 'items'>;

interface OpenTier {
  readonly head: TierHead;
  readonly items: TierItem[];
}

/** Gathers the annotations of a file by tier; refuses or reports what cannot be an annotation. */
export class TierCollector {
  readonly #report: ReadingReport;
  readonly #tiers = new Map<string, OpenTier>();
  #count = 0;

  constructor(report: ReadingReport) {
    this.#report = report;
  }

  /** Makes sure that a tier exists, also when it stays empty. The first head of a name counts. */
  open(head: TierHead): void {
    if (this.#tiers.has(head.name)) return;
    if (this.#tiers.size >= MAX_TIERS) {
      throw refuse('too_many_tiers', `The file has more than ${MAX_TIERS} tiers.`, 'Check that it is the right file.');
    }
    this.#tiers.set(head.name, { head, items: [] });
  }

  /** Adds an annotation, or says why it was not taken. */
  add(head: TierHead, start: Microseconds, end: Microseconds, value: string, line: number): void {
    this.open(head);
    const times = `${formatHms(start)} to ${formatHms(end)}`;
    if (end < start) {
      const what = `the annotation ends before it starts (${times}); not taken.`;
      this.#report.line(line, 'error', 'time_reversed', what, 'Correct its times.');
    } else if (value.trim() === '') {
      const what = `the annotation (${times}) on tier ${head.name} has no text; not taken.`;
      this.#report.line(line, 'note', 'no_text', what, 'Nothing to do if there is nothing to say there.');
    } else if (value.length > MAX_VALUE) {
      const what = `the annotation (${times}) has ${value.length} characters, at most ${MAX_VALUE} are taken; not taken.`;
      this.#report.line(line, 'error', 'text_long', what, 'Check whether a quotation mark is missing.');
    } else {
      this.#count += 1;
      if (this.#count > MAX_ITEMS) {
        const message = `The file has more than ${MAX_ITEMS} annotations.`;
        throw refuse('too_many', message, 'Split it, or leave out tiers in the program it comes from.');
      }
      const item = { range: { start, end }, value };
      this.#tiers.get(head.name)?.items.push(this.#report.place === 'Line' ? { ...item, line } : item);
    }
  }

  /** All tiers with their items in order of start. Items that stood out of order are told. */
  tiers(): Tier[] {
    return [...this.#tiers.values()].map(({ head, items }) => ({ ...head, items: this.#ordered(items) }));
  }

  #ordered(items: readonly TierItem[]): TierItem[] {
    let latest = -Infinity;
    for (const { range, line } of items) {
      if (range.start < latest && line !== undefined) {
        const what = `${formatHms(range.start)} is earlier than the time before it; the annotations were sorted.`;
        this.#report.line(line, 'note', 'out_of_order', what, 'Nothing to do unless the time is wrong.');
      }
      latest = Math.max(latest, range.start);
    }
    return sortItems(items);
  }
}

/** A copy in order of start, then end; items of the same times stay in their order. */
export function sortItems(items: readonly TierItem[]): TierItem[] {
  return [...items].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/** Latest end of all items; 0 for a set without any. */
export function latestEnd(tiers: readonly Tier[]): number {
  let end = 0;
  for (const tier of tiers) for (const { range } of tier.items) end = Math.max(end, range.end);
  return end;
}
