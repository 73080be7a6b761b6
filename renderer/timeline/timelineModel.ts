import type { CorruptionMark } from '../../core/marks/mark.js';
import { MODALITIES, type Modality } from '../../core/recording/modality.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import type { RaterLabel } from '../../core/labels/label.js';
import type { Segment } from '../../core/segments/segment.js';
import type { Microseconds, TimeRange } from '../../core/time/microseconds.js';
import { orderByStart } from '../../core/time/orderByStart.js';
import type { PeakPyramid } from './peakPyramid.js';
import type { SpectrogramTiles } from './spectrogramTiles.js';
import type { Stack } from './stackLanes.js';
import type { TierRow, TraceRow } from './tierRows.js';

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
  readonly peaks: PeakPyramid | undefined;
  /** Factor of the drawn waveform, 1 when auto-gain is off. */
  readonly gain: number;
  readonly spectrogram: SpectrogramTiles | undefined;
  readonly segments: SortedItems<Segment>;
  readonly stack: Stack;
  readonly segmentNumber: ReadonlyMap<string, number>;
  readonly marks: Readonly<Record<Modality, SortedItems<CorruptionMark>>>;
  readonly results: ReadonlyMap<string, SegmentResult>;
  /** Labels of the person at the keyboard, by segment. */
  readonly labels: ReadonlyMap<string, RaterLabel>;
  /** Labels of all raters who may be seen now, by rater and segment. */
  readonly raters: readonly { readonly id: string; readonly labels: ReadonlyMap<string, RaterLabel> }[];
  /** The model and other raters are hidden. */
  readonly blind: boolean;
  /** The segment that the panes show. */
  readonly selectedSegmentId: string | undefined;
  /** All selected segments. */
  readonly selectedSegmentIds: ReadonlySet<string>;
  readonly selectedMarkId: string | undefined;
  readonly tiers: readonly TierRow[];
  /** The tier that keys act on; undefined while it is the segments. */
  readonly activeTierId: string | undefined;
  readonly selectedAnnotationId: string | undefined;
  readonly traces: readonly TraceRow[];
  readonly selectedTraceId: string | undefined;
  /** Traces are drawn earlier by their stated lag. */
  readonly tracesShifted: boolean;
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

/** 1-based number of every segment in order of time, by id. */
export function numberSegments(segments: readonly Segment[]): ReadonlyMap<string, number> {
  return new Map(segments.map((segment, index) => [segment.id, index + 1]));
}

/** Labels by rater, those of `own` first (also when there are none), then by name. */
export function groupByRater(labels: readonly RaterLabel[], own: string): TimelineModel['raters'] {
  const others = [...new Set(labels.map((label) => label.raterId))].filter((id) => id !== own).sort();
  return [own, ...others].map((id) => ({ id, labels: bySegment(labels.filter((label) => label.raterId === id)) }));
}

export function bySegment<T extends { readonly segmentId: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.segmentId, item]));
}
