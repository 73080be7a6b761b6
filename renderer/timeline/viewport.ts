import { type Microseconds, microseconds } from '../../core/time/microseconds.js';

/** The part of a recording that the timeline shows. Times in microseconds (fractional while scrolling), width in CSS px. */
export interface Viewport {
  readonly start: number;
  /** Shown time, > 0. */
  readonly span: number;
  /** Width of the plot without the header column, px. */
  readonly width: number;
  readonly duration: number;
}

/** Shortest span that can be shown: 200 ms, about five frames of ordinary video. */
export const MIN_SPAN = 200_000;

/** A viewport that shows the whole recording. */
export function fitViewport(duration: Microseconds, width: number): Viewport {
  const whole = Math.max(duration, MIN_SPAN);
  return { start: 0, span: whole, width: Math.max(1, width), duration: whole };
}

/** Brings span and start back inside the recording, keeping the span where possible. */
export function clampViewport(viewport: Viewport): Viewport {
  const span = Math.min(Math.max(viewport.span, Math.min(MIN_SPAN, viewport.duration)), viewport.duration);
  const start = Math.min(Math.max(viewport.start, 0), viewport.duration - span);
  return { ...viewport, start, span };
}

export function timeToX(viewport: Viewport, time: number): number {
  return ((time - viewport.start) / viewport.span) * viewport.width;
}

/** Time under `x`, rounded to the microsecond and kept inside the recording. */
export function xToTime(viewport: Viewport, x: number): Microseconds {
  const time = viewport.start + (x / viewport.width) * viewport.span;
  return microseconds(Math.round(Math.min(Math.max(time, 0), viewport.duration)));
}

/** Zooms by `factor` (> 1 shows less time) and keeps the time under `x` where it is. */
export function zoomAt(viewport: Viewport, factor: number, x: number): Viewport {
  const span = Math.min(Math.max(viewport.span / factor, Math.min(MIN_SPAN, viewport.duration)), viewport.duration);
  const anchor = viewport.start + (x / viewport.width) * viewport.span;
  return clampViewport({ ...viewport, span, start: anchor - (x / viewport.width) * span });
}

/** Moves the view by `pixels` (> 0 shows later times). */
export function scrollBy(viewport: Viewport, pixels: number): Viewport {
  return clampViewport({ ...viewport, start: viewport.start + (pixels / viewport.width) * viewport.span });
}

/** Moves the view so that it is centred on `time`. */
export function centreOn(viewport: Viewport, time: number): Viewport {
  return clampViewport({ ...viewport, start: time - viewport.span / 2 });
}

/** The same view when `time` is inside it; else moved, so that `time` lies a tenth of the span from the left. */
export function ensureVisible(viewport: Viewport, time: number): Viewport {
  if (time >= viewport.start && time <= viewport.start + viewport.span) return viewport;
  return clampViewport({ ...viewport, start: time - viewport.span / 10 });
}

/** Shows [start, end) with a margin of a fifth on both sides. */
export function zoomToRange(viewport: Viewport, start: number, end: number): Viewport {
  const span = Math.max(end - start, MIN_SPAN) * 1.4;
  return clampViewport({ ...viewport, span, start: (start + end) / 2 - span / 2 });
}

export function resizeViewport(viewport: Viewport, width: number): Viewport {
  return { ...viewport, width: Math.max(1, width) };
}

/** Zoom slider position in [0, 1] (0 whole recording, 1 shortest span), on a logarithmic scale. */
export function zoomLevel(viewport: Viewport): number {
  const range = Math.log(viewport.duration / MIN_SPAN);
  return range <= 0 ? 0 : Math.log(viewport.duration / viewport.span) / range;
}

/** The view at a zoom slider position, centred on `time`. */
export function withZoomLevel(viewport: Viewport, level: number, time: number): Viewport {
  const span = viewport.duration / Math.pow(Math.max(1, viewport.duration / MIN_SPAN), level);
  return centreOn({ ...viewport, span }, time);
}

/**
 * Indexes [from, to) of the items that touch the view. Items are in order of start; `longest` bounds how far an item
 * can reach back, so that culling stays a binary search.
 */
export function visibleIndexes(
  starts: readonly number[],
  longest: number,
  viewport: Viewport,
): readonly [from: number, to: number] {
  return [lowerBound(starts, viewport.start - longest), lowerBound(starts, viewport.start + viewport.span)];
}

function lowerBound(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
