import type { CorruptionMark } from '../../core/marks/mark.js';
import type { WaveformPeaks } from '../../core/perception/perception.js';
import { MODALITIES, type Modality } from '../../core/recording/modality.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import type { RaterLabel } from '../../core/labels/label.js';
import type { Segment } from '../../core/segments/segment.js';
import type { Microseconds, TimeRange } from '../../core/time/microseconds.js';
import { orderByStart } from '../../core/time/orderByStart.js';

/** Items in order of start, with what is needed to find the visible ones by binary search. */
export interface SortedItems<T> {
  readonly items: readonly T[];
  readonly starts: readonly number[];
  readonly longest: number;
}

/** Everything the timeline draws, besides where it looks (viewport), where it is (layout) and its colours (palette). */
export interface TimelineModel {
  readonly duration: Microseconds;
  readonly hasAudio: boolean;
  readonly peaks: WaveformPeaks | undefined;
  readonly segments: SortedItems<Segment>;
  readonly segmentNumber: ReadonlyMap<string, number>;
  readonly marks: Readonly<Record<Modality, SortedItems<CorruptionMark>>>;
  readonly results: ReadonlyMap<string, SegmentResult>;
  readonly labels: ReadonlyMap<string, RaterLabel>;
  readonly selectedSegmentId: string | undefined;
  readonly selectedMarkId: string | undefined;
  readonly selectedRange: TimeRange | undefined;
  /** Nominal interval level, 0 to 1; undefined before an analysis. */
  readonly intervalLevel: number | undefined;
}

export function sortByStart<T extends { readonly id: string; readonly range: TimeRange }>(
  items: readonly T[],
): SortedItems<T> {
  const sorted = orderByStart(items);
  return {
    items: sorted,
    starts: sorted.map((item) => item.range.start),
    longest: sorted.reduce((most, item) => Math.max(most, item.range.end - item.range.start), 0),
  };
}

/** Marks of each modality in order of time; rejected ones are kept in the document but not drawn. */
export function marksByModality(marks: readonly CorruptionMark[]): TimelineModel['marks'] {
  const shown = marks.filter((mark) => mark.review !== 'rejected');
  return Object.fromEntries(
    MODALITIES.map((modality) => [modality, sortByStart(shown.filter((mark) => mark.modality === modality))]),
  ) as Record<Modality, SortedItems<CorruptionMark>>;
}

/** Modalities whose recovered representation the estimate of this segment used. */
export function recoveredModalities(result: SegmentResult | undefined): readonly Modality[] {
  return result ? MODALITIES.filter((modality) => result.use[modality].state === 'recovered') : [];
}

/** 1-based number of every segment in order of time, by id. */
export function numberSegments(segments: readonly Segment[]): ReadonlyMap<string, number> {
  return new Map(segments.map((segment, index) => [segment.id, index + 1]));
}

export function bySegment<T extends { readonly segmentId: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.segmentId, item]));
}
