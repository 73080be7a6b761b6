import { microseconds, type Microseconds } from '../../time/microseconds.js';
import type { AnnotationSet, Tier, TierItem } from '../annotationSet.js';
import { splitOverlaps } from '../lanes.js';
import { latestEnd } from '../reading.js';
import { formatPreciseSeconds } from '../preciseSeconds.js';
import { POINTS_SUFFIX } from './readTextGrid.js';

/** How much is written around the values: names of all fields, or the values alone. Praat reads both. */
export type TextGridForm = 'long' | 'short';

interface GridTier {
  readonly name: string;
  readonly isPoints: boolean;
  readonly items: readonly TierItem[];
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Gaps filled with empty text, so that the intervals tile the whole duration, as Praat demands. */
function tiled(items: readonly TierItem[], start: Microseconds, end: Microseconds): TierItem[] {
  const filled: TierItem[] = [];
  let at = start;
  for (const item of items) {
    if (item.range.start > at) filled.push({ range: { start: at, end: item.range.start }, value: '' });
    filled.push(item);
    at = item.range.end;
  }
  if (at < end || filled.length === 0) filled.push({ range: { start: at, end }, value: '' });
  return filled;
}

/** Interval tiers without overlaps, and a point tier beside each tier that has points. */
function gridTiers(set: AnnotationSet): GridTier[] {
  const isPoint = ({ range }: TierItem) => range.start === range.end;
  return set.tiers.flatMap((tier): GridTier[] => {
    const points = tier.items.filter(isPoint);
    const intervals: Tier = { ...tier, items: tier.items.filter((item) => !isPoint(item)) };
    const split = splitOverlaps([intervals], { grid: 1, minimum: 0 });
    const onlyPoints = points.length > 0 && intervals.items.length === 0;
    return [
      ...(onlyPoints ? [] : split.map(({ name, items }) => ({ name, isPoints: false, items }))),
      ...(points.length === 0
        ? []
        : [{ name: onlyPoints ? tier.name : tier.name + POINTS_SUFFIX, isPoints: true, items: points }]),
    ];
  });
}

/** The lines of a tier in the long form; the short form is their values. */
function* tierLines(
  tier: GridTier,
  index: number,
  start: Microseconds,
  end: Microseconds,
): Generator<readonly string[]> {
  const items = tier.isPoints ? tier.items : tiled(tier.items, start, end);
  const unit = tier.isPoints ? 'points' : 'intervals';
  yield ['    item [', String(index + 1), ']:'];
  yield ['        class = ', quote(tier.isPoints ? 'TextTier' : 'IntervalTier'), ' '];
  yield ['        name = ', quote(tier.name), ' '];
  yield ['        xmin = ', formatPreciseSeconds(start), ' '];
  yield ['        xmax = ', formatPreciseSeconds(end), ' '];
  yield [`        ${unit}: size = `, String(items.length), ' '];
  for (const [number, { range, value }] of items.entries()) {
    yield [`        ${unit} [`, String(number + 1), ']:'];
    if (tier.isPoints) {
      yield ['            number = ', formatPreciseSeconds(range.start), ' '];
      yield ['            mark = ', quote(value), ' '];
    } else {
      yield ['            xmin = ', formatPreciseSeconds(range.start), ' '];
      yield ['            xmax = ', formatPreciseSeconds(range.end), ' '];
      yield ['            text = ', quote(value), ' '];
    }
  }
}

/**
 * Writes a TextGrid in pieces. Interval tiers tile the duration; overlaps go to a tier of the same name with `#2`, points
 * of an interval tier to a point tier with `#points`. Times have microseconds.
 */
export function* writeTextGrid(set: AnnotationSet, form: TextGridForm): Generator<string> {
  const tiers = gridTiers(set);
  const earliest = set.tiers.reduce((low, tier) => Math.min(low, tier.items[0]?.range.start ?? 0), 0);
  const start = microseconds(earliest);
  // A TextGrid cannot be empty in time.
  const end = microseconds(Math.max(set.duration ?? 0, latestEnd(set.tiers), earliest + 1));
  const isLong = form === 'long';
  yield 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n';
  const [xmin, xmax] = [formatPreciseSeconds(start), formatPreciseSeconds(end)];
  yield isLong
    ? `xmin = ${xmin} \nxmax = ${xmax} \ntiers? <exists> \nsize = ${tiers.length} \nitem []: \n`
    : `${xmin}\n${xmax}\n<exists>\n${tiers.length}\n`;
  for (const [index, tier] of tiers.entries()) {
    for (const [before, value, after] of tierLines(tier, index, start, end)) {
      if (isLong) yield `${before ?? ''}${value ?? ''}${after ?? ''}\n`;
      else if (after !== ']:') yield `${value ?? ''}\n`;
    }
  }
}
