import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Modality } from '../../core/recording/modality.js';
import type { Segment } from '../../core/segments/segment.js';
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
  if (drag.kind === 'create' || drag.kind === 'range' || drag.kind === 'newSegment') {
    return time < drag.anchor ? { start: time, end: drag.anchor } : { start: drag.anchor, end: time };
  }
  const original = drag.kind === 'mark' ? drag.mark.range : drag.segment.range;
  const { start, end } = original;
  if (drag.edge === 'start') return { start: microseconds(Math.min(time, end - limits.minimum)), end };
  if (drag.edge === 'end') return { start, end: microseconds(Math.max(time, start + limits.minimum)) };
  const moved = Math.min(Math.max(0, time), limits.duration - (end - start));
  return { start: microseconds(moved), end: microseconds(moved + (end - start)) };
}

/** The row to draw a drag over. */
export function rowOfDrag(drag: RangeDrag, layout: TimelineLayout): Row {
  if (drag.kind === 'mark') return layout.marks[drag.mark.modality];
  if (drag.kind === 'create') return layout.marks[drag.modality];
  return drag.kind === 'range' ? layout.waveform : layout.segments;
}
