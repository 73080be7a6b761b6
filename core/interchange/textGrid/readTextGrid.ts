import { fromSeconds, type Microseconds } from '../../time/microseconds.js';
import { classifyTier } from '../classifyTier.js';
import { withParents } from '../dependents.js';
import { withoutLane } from '../lanes.js';
import { refuse, ReadingReport, TierCollector, type Reading } from '../reading.js';
import { TextGridTokens, type TextGridToken } from './textGridTokens.js';

/** Praat's own limit on times is far beyond; larger numbers are damage. */
const LONGEST_SECONDS = 1e9;
/** Suffix of the point tier that holds the points of an interval tier. */
export const POINTS_SUFFIX = ' #points';
const YIELD_EVERY = 2_000;

interface RawItem {
  readonly start: Microseconds;
  readonly end: Microseconds;
  readonly value: string;
  readonly line: number;
}

interface RawTier {
  readonly name: string;
  readonly items: RawItem[];
}

function damaged(line: number, what: string): never {
  throw refuse(
    'textgrid_malformed',
    `Line ${line}: ${what}`,
    'The file may be cut short. Save it again from Praat as a text file.',
  );
}

/** Takes one value after the other and says what it expected where something else stands. */
class TextGridParser {
  readonly #tokens: TextGridTokens;

  constructor(text: string) {
    this.#tokens = new TextGridTokens(text);
  }

  get fraction(): number {
    return this.#tokens.fraction;
  }

  get line(): number {
    return this.#tokens.line;
  }

  #take<K extends TextGridToken['kind']>(kind: K, what: string): Extract<TextGridToken, { kind: K }> {
    const token = this.#tokens.next();
    if (token?.kind === kind) return token as Extract<TextGridToken, { kind: K }>;
    if (!token) return damaged(this.#tokens.line, `the file ends where ${what} should follow.`);
    return damaged(token.line, `"${String(token.value).slice(0, 40)}" stands where ${what} should be.`);
  }

  text(what: string): { readonly value: string; readonly line: number } {
    return this.#take('text', what);
  }

  flag(what: string): string {
    return this.#take('flag', what).value;
  }

  time(what: string): { readonly value: Microseconds; readonly line: number } {
    const { value, line } = this.#take('number', what);
    if (Math.abs(value) > LONGEST_SECONDS) return damaged(line, `${value} is no time in seconds.`);
    return { value: fromSeconds(value), line };
  }

  count(what: string): number {
    const { value, line } = this.#take('number', what);
    return Number.isSafeInteger(value) && value >= 0 ? value : damaged(line, `${value} is no number of ${what}.`);
  }
}

function requireTextGrid(parser: TextGridParser): void {
  const type = parser.text('the file type "ooTextFile"').value;
  if (!type.startsWith('ooTextFile')) damaged(1, `the file type is "${type.slice(0, 40)}", not "ooTextFile".`);
  const objectClass = parser.text('the object class "TextGrid"').value;
  if (objectClass === 'TextGrid') return;
  throw refuse(
    'textgrid_class',
    `The file holds a ${objectClass.slice(0, 40)} of Praat, not a TextGrid.`,
    'Choose the TextGrid, or select only the TextGrid in Praat before saving.',
  );
}

function* parseTier(parser: TextGridParser): Generator<number, RawTier, void> {
  const { value: kind, line } = parser.text('"IntervalTier" or "TextTier"');
  if (kind !== 'IntervalTier' && kind !== 'TextTier') damaged(line, `"${kind.slice(0, 40)}" is no kind of tier.`);
  const name = parser.text('the name of the tier').value;
  parser.time('the start of the tier');
  parser.time('the end of the tier');
  const count = parser.count('annotations');
  const items: RawItem[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = parser.time('a start time');
    const end = kind === 'IntervalTier' ? parser.time('an end time').value : start.value;
    const { value } = parser.text('the text of the annotation');
    items.push({ start: start.value, end, value, line: start.line });
    if (index % YIELD_EVERY === 0) yield parser.fraction;
  }
  return { name, items };
}

/** Refuses the binary and the chronological form, which begin in their own ways. */
function requireTextForm(text: string): void {
  if (text.startsWith('ooBinaryFile')) {
    throw refuse('textgrid_binary', 'This is a binary TextGrid.', 'Save it in Praat with "Save as text file…".');
  }
  if (/^"Praat chronological TextGrid/.test(text)) {
    throw refuse(
      'textgrid_chronological',
      'This is a chronological TextGrid, which is not read.',
      'Save it in Praat with "Save as text file…".',
    );
  }
}

/** Names of tiers made unique, because Praat allows the same name twice. */
function uniqueNames(tiers: readonly RawTier[], report: ReadingReport): string[] {
  const seen = new Set<string>();
  return tiers.map(({ name: given, items }, index) => {
    const base = given.trim() === '' ? `tier ${index + 1}` : given;
    let name = base;
    for (let number = 2; seen.has(name); number += 1) name = `${base} (${number})`;
    if (name !== base) {
      const what = `there is more than one tier ${base}; this one is called ${name} here.`;
      report.line(items[0]?.line ?? 1, 'note', 'tier_name_twice', what, 'Nothing to do.');
    }
    seen.add(name);
    return name;
  });
}

/** Reads a Praat TextGrid, long or short text form. Blank intervals are gaps, not annotations. */
export function* readTextGrid(text: string): Generator<number, Reading, void> {
  requireTextForm(text);
  const report = new ReadingReport();
  const parser = new TextGridParser(text);
  requireTextGrid(parser);
  parser.time('the start of the TextGrid');
  const duration = parser.time('the end of the TextGrid').value;
  const tiers: RawTier[] = [];
  if (parser.flag('<exists> or <absent>') === '<exists>') {
    const count = parser.count('tiers');
    for (let index = 0; index < count; index += 1) tiers.push(yield* parseTier(parser));
  }
  const fileNames = uniqueNames(tiers, report);
  const known = new Set(fileNames);
  const names = fileNames.map((name) => {
    const base = name.endsWith(POINTS_SUFFIX) ? name.slice(0, -POINTS_SUFFIX.length) : withoutLane(name, known);
    return known.has(base) ? base : name;
  });
  const collector = new TierCollector(report);
  tiers.forEach((tier, index) => {
    const name = names[index] ?? tier.name;
    const filled = tier.items.filter(({ value }) => value.trim() !== '');
    const guess = classifyTier(
      name,
      filled.map(({ value }) => value),
    );
    const head = { name, ...guess };
    collector.open(head);
    for (const { start, end, value, line } of filled) collector.add(head, start, end, value, line);
  });
  const set = { ...(duration > 0 ? { duration } : {}), tiers: withParents(collector.tiers()), vocabularies: [] };
  return { set, problems: report.problems() };
}
