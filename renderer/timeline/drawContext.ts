import type { TimelineLayout } from './layout.js';
import { HEADER_WIDTH } from './layout.js';
import type { Palette } from './palette.js';
import type { TimelineModel } from './timelineModel.js';
import { timeToX, type Viewport } from './viewport.js';

/** What every drawing module gets. x of the plot starts at HEADER_WIDTH. */
export interface DrawContext {
  readonly canvas: CanvasRenderingContext2D;
  readonly viewport: Viewport;
  readonly layout: TimelineLayout;
  readonly palette: Palette;
  readonly model: TimelineModel;
}

/** x on the canvas of a time, clipped to a little outside the plot so that outlines of long items stay out of view. */
export function plotX(draw: DrawContext, time: number): number {
  const x = timeToX(draw.viewport, time);
  return HEADER_WIDTH + Math.min(Math.max(x, -4), draw.viewport.width + 4);
}

/** Left and width of a time range on the canvas. */
export function plotSpan(
  draw: DrawContext,
  start: number,
  end: number,
): { readonly x: number; readonly width: number } {
  const x = plotX(draw, start);
  return { x, width: plotX(draw, end) - x };
}

/** Horizontal separator over the full width. */
export function separator(draw: DrawContext, y: number): void {
  draw.canvas.fillStyle = draw.palette.line;
  draw.canvas.fillRect(0, y, HEADER_WIDTH + draw.viewport.width + 8, 1);
}

/** Restricts drawing to the plot for the time of `body`. */
export function inPlot(draw: DrawContext, body: () => void): void {
  const { canvas, layout, viewport } = draw;
  canvas.save();
  canvas.beginPath();
  canvas.rect(HEADER_WIDTH, 0, viewport.width, layout.height);
  canvas.clip();
  body();
  canvas.restore();
}
