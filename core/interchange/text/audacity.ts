/** Audacity label files: `start<TAB>end<TAB>text`, seconds; a point has start = end. */
import { parseTime } from '../../time/format.js';
import type { AnnotationSet } from '../annotationSet.js';
import { classifyTier } from '../classifyTier.js';
import { withParents } from '../dependents.js';
import { formatPreciseSeconds } from '../preciseSeconds.js';
import { ReadingReport, TierCollector, type Reading } from '../reading.js';
import { parseTierName } from '../tierNames.js';

/** Tier of a label of ours: `[label@R1] sadness`. Audacity itself knows one track per file. */
const TIER_PREFIX = /^\[([^\]]+)\] (.*)$/s;
const FOREIGN_TIER = 'labels';
const YIELD_EVERY = 5_000;

interface LabelLine {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Lines of labels; the line after a spectral label, which begins with a backslash, holds frequencies and is left out. */
function labelLines(text: string): LabelLine[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((content, index) => ({ line: index + 1, content }))
    .filter(({ content }) => content.trim() !== '' && !content.startsWith('\\'))
    .map(({ line, content }) => ({ line, fields: content.split('\t') }));
}

/** Whether a text looks like a label file: its first line begins with two times and tabs. */
export function looksLikeAudacity(text: string): boolean {
  return /^\s*-?\d+(?:[.,]\d+)?\t-?\d+(?:[.,]\d+)?(?:\t|\r|\n|$)/.test(text);
}

/** Whether the first words in brackets are the tier of every label, as we write it. */
function hasTiers(lines: readonly LabelLine[]): boolean {
  return lines.every(({ fields }) => {
    const name = TIER_PREFIX.exec(fields.slice(2).join('\t'))?.[1];
    return name !== undefined && parseTierName(name) !== undefined;
  });
}

/** Reads a label file of Audacity. */
export function* readAudacity(text: string): Generator<number, Reading, void> {
  const report = new ReadingReport();
  const lines = labelLines(text);
  const prefixed = lines.length > 0 && hasTiers(lines);
  const collector = new TierCollector(report);
  const values = prefixed ? [] : lines.map(({ fields }) => fields.slice(2).join('\t'));
  const foreign = {
    name: FOREIGN_TIER,
    ...classifyTier(
      FOREIGN_TIER,
      values.filter((value) => value.trim() !== ''),
    ),
  };
  for (const [index, { line, fields }] of lines.entries()) {
    const [start, end] = [parseTime(fields[0] ?? ''), parseTime(fields[1] ?? '')];
    if (start === undefined || end === undefined) {
      const what = `"${fields.slice(0, 2).join(' ').slice(0, 60)}" are no two times in seconds; not taken.`;
      report.line(line, 'error', 'time_malformed', what, 'A line is: start, tab, end, tab, text.');
      continue;
    }
    const label = fields.slice(2).join('\t');
    const [, name = '', value = ''] = (prefixed ? TIER_PREFIX.exec(label) : null) ?? [];
    if (prefixed) collector.add({ name, ...classifyTier(name, []) }, start, end, value, line);
    else collector.add(foreign, start, end, label, line);
    if (index % YIELD_EVERY === 0) yield index / lines.length;
  }
  return { set: { tiers: withParents(collector.tiers()), vocabularies: [] }, problems: report.problems() };
}

/** Writes a label file in pieces, in order of time; the tier stands in brackets before the text. */
export function* writeAudacity(set: AnnotationSet): Generator<string> {
  const labels = set.tiers
    .flatMap(({ name, items }) => items.map((item) => ({ name, ...item })))
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  for (const { name, range, value } of labels) {
    const times = `${formatPreciseSeconds(range.start)}\t${formatPreciseSeconds(range.end)}`;
    yield `${times}\t[${name}] ${value.replace(/\s+/g, ' ')}\n`;
  }
}
