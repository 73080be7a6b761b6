import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Modality } from '../../core/recording/modality.js';
import type { Segment } from '../../core/segments/segment.js';
import type { TierAnnotation } from '../../core/tiers/tier.js';
import { type Microseconds, microseconds, type TimeRange } from '../../core/time/microseconds.js';
import type { Edge } from './hitTest.js';
import type { Row, TimelineLayout } from './layout.js';

/** What is being dragged; the document changes only when the button comes up. */
export type Drag = { readonly kind: 'scrub' } | { readonly kind: 'brush'; readonly grip: number } | RangeDrag;

/** A drag that makes or changes a stretch of time. */
export type RangeDrag = { readonly range: TimeRange } & (
  | { readonly kind: 'range'; readonly anchor: Microseconds }
  | { readonly kind: 'newSegment'; readonly anchor: Microseconds }
  | { readonly kind: 'create'; readonly modality: Modality; readonly anchor: Microseconds }
  | { readonly kind: 'mark'; readonly mark: CorruptionMark; readonly edge: Edge | 'body'; readonly grip: number }
  | { readonly kind: 'newAnnotation'; readonly tierId: string; readonly anchor: Microseconds }
  | {
      readonly kind: 'annotation';
      readonly annotation: TierAnnotation;
      readonly edge: Edge | 'body';
      readonly grip: number;
    }
  | { readonly kind: 'segment'; readonly segment: Segment; readonly edge: Edge | 'body'; readonly grip: number }
);

/** Where a drag may go. */
export interface DragLimits {
  readonly duration: Microseconds;
  /** Least length that is left, microseconds. */
  readonly minimum: Microseconds;
}

/** The range of a drag when the pointer is at `time`, which has been snapped. */
export function draggedRange(drag: RangeDrag, time: Microseconds, limits: DragLimits): TimeRange {
  if ('anchor' in drag) {
    return time < drag.anchor ? { start: time, end: drag.anchor } : { start: drag.anchor, end: time };
  }
  const { start, end } = ownRange(drag);
  if (drag.edge === 'start') return { start: microseconds(Math.min(time, end - limits.minimum)), end };
  if (drag.edge === 'end') return { start, end: microseconds(Math.max(time, start + limits.minimum)) };
  const moved = Math.min(Math.max(0, time), limits.duration - (end - start));
  return { start: microseconds(moved), end: microseconds(moved + (end - start)) };
}

/** Where the dragged thing was before. */
export function ownRange(drag: Extract<RangeDrag, { readonly grip: number }>): TimeRange {
  if (drag.kind === 'mark') return drag.mark.range;
  return drag.kind === 'segment' ? drag.segment.range : drag.annotation.range;
}

/** The row to draw a drag over. @param tierIds tiers in the order of their rows. */
export function rowOfDrag(drag: RangeDrag, layout: TimelineLayout, tierIds: readonly string[]): Row {
  if (drag.kind === 'annotation' || drag.kind === 'newAnnotation') {
    const tierId = drag.kind === 'annotation' ? drag.annotation.tierId : drag.tierId;
    return layout.tiers[tierIds.indexOf(tierId)] ?? layout.segments;
  }
  if (drag.kind === 'mark') return layout.marks[drag.mark.modality];
  if (drag.kind === 'create') return layout.marks[drag.modality];
  return drag.kind === 'range' ? layout.waveform : layout.segments;
}
