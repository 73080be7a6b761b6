/** The items of a file that play one role, and how the report names them. */
import type { ProblemSeverity } from '../../problems/problem.js';
import { formatHms } from '../../time/format.js';
import { microseconds, type Microseconds, type TimeRange } from '../../time/microseconds.js';
import { clampRange } from '../../time/ranges.js';
import type { AnnotationSet, Tier, TierItem } from '../annotationSet.js';
import type { ImportChoices, ImportRole, TierChoice } from '../importChoices.js';
import type { ReadingReport } from '../reading.js';

/** An item with the tier it stands on. */
export interface ChosenItem extends TierItem {
  readonly tier: Tier;
}

/** Tells what was done with an item: with its line, or without one with its times. */
export function tellItem(
  report: ReadingReport,
  { tier, range, line }: ChosenItem,
  severity: ProblemSeverity,
  code: string,
  what: string,
  tip: string,
): void {
  if (line !== undefined) {
    report.line(line, severity, code, `tier ${tier.name}: ${what}`, tip);
    return;
  }
  const message = `Tier ${tier.name}, ${formatHms(range.start)} to ${formatHms(range.end)}: ${what}`;
  report.file({ code: `import.${code}`, severity, message, tip });
}

/** Tiers whose choice has a role, with that choice. */
export function tiersAs<R extends ImportRole>(
  set: AnnotationSet,
  choices: ImportChoices,
  role: R,
): { readonly tier: Tier; readonly choice: Extract<TierChoice, { role: R }> }[] {
  return set.tiers.flatMap((tier) => {
    const choice = choices.get(tier.name);
    return choice?.role === role ? [{ tier, choice: choice as Extract<TierChoice, { role: R }> }] : [];
  });
}

/** Items of tiers together, in order of start, then end. */
export function itemsOf(tiers: readonly Tier[]): ChosenItem[] {
  return tiers
    .flatMap((tier) => tier.items.map((item): ChosenItem => ({ ...item, tier })))
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/**
 * Items with the part of them that lies inside the recording. Points, and what lies outside, are told and left out; what
 * is cut is told.
 */
export function insideItems(items: readonly ChosenItem[], duration: Microseconds, report: ReadingReport): ChosenItem[] {
  const bounds: TimeRange = { start: microseconds(0), end: duration };
  const end = `the recording ends at ${formatHms(duration)}`;
  const tip = 'Check that the file belongs to this recording and has no offset.';
  return items.flatMap((item) => {
    if (item.range.start === item.range.end) {
      tellItem(report, item, 'warning', 'no_duration', 'it is a point without duration; not taken.', 'Give it an end.');
      return [];
    }
    const range = clampRange(item.range, bounds);
    if (!range) {
      tellItem(report, item, 'warning', 'outside', `it lies outside the recording; ${end}; not taken.`, tip);
      return [];
    }
    if (range.start !== item.range.start || range.end !== item.range.end) {
      tellItem(report, item, 'warning', 'cut', `it reaches outside the recording; ${end}; cut there.`, tip);
    }
    return [{ ...item, range }];
  });
}

/** Text on one line. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
