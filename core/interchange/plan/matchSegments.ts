import type { Segment } from '../../segments/segment.js';
import { durationOf, overlap } from '../../time/ranges.js';
import type { ChosenItem } from './chosenItems.js';

/** What was found for the segments, and the items that fit none. */
export interface SegmentMatches {
  /** Item of each segment that has one. */
  readonly bySegment: ReadonlyMap<Segment, ChosenItem>;
  readonly unused: readonly ChosenItem[];
}

/**
 * Finds for each segment the item that shares most time with it, at least half of the segment. One long item may belong
 * to several segments. Of items that share the same time one that belongs to no segment yet is preferred, then the first.
 * @param segments in order of start.
 * @param items in order of start.
 */
export function matchSegments(segments: readonly Segment[], items: readonly ChosenItem[]): SegmentMatches {
  const longest = items.reduce((most, { range }) => Math.max(most, range.end - range.start), 0);
  const used = new Set<ChosenItem>();
  const bySegment = new Map<Segment, ChosenItem>();
  let first = 0;
  for (const segment of segments) {
    while (first < items.length && (items[first]?.range.start ?? 0) + longest <= segment.range.start) first += 1;
    let best: ChosenItem | undefined;
    let bestShared = 0;
    for (let index = first; index < items.length; index += 1) {
      const item = items[index];
      if (!item || item.range.start >= segment.range.end) break;
      const shared = overlap(item.range, segment.range);
      const better = shared > bestShared || (shared === bestShared && best && used.has(best) && !used.has(item));
      if (shared * 2 < durationOf(segment.range) || !better) continue;
      best = item;
      bestShared = shared;
    }
    if (!best) continue;
    used.add(best);
    bySegment.set(segment, best);
  }
  return { bySegment, unused: items.filter((item) => !used.has(item)) };
}
