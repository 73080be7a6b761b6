import { formatHms } from '../../core/time/format.js';
import type { Microseconds, TimeRange } from '../../core/time/microseconds.js';
import { type DrawContext, plotSpan } from './drawContext.js';
import { HEADER_WIDTH } from './layout.js';
import { setFont } from './patterns.js';
import { timeToX } from './viewport.js';

/** What moves often and is drawn on its own canvas: playhead, selected time, and the range being dragged. */
export interface OverlayState {
  readonly time: Microseconds;
  readonly range: TimeRange | undefined;
  readonly drag: { readonly range: TimeRange; readonly y: number; readonly height: number } | undefined;
}

/** Selected time: a fill under the lanes with 1 px edges. */
export function drawSelection(draw: DrawContext, range: TimeRange | undefined): void {
  if (!range) return;
  const { canvas, layout, palette } = draw;
  const { x, width } = plotSpan(draw, range.start, range.end);
  const top = layout.ruler.y;
  canvas.fillStyle = palette.selfill;
  canvas.fillRect(x, top, width, layout.height - top);
  canvas.globalAlpha = 0.8;
  canvas.fillStyle = palette.ink;
  canvas.fillRect(Math.round(x), top, 1, layout.height - top);
  canvas.fillRect(Math.round(x + width), top, 1, layout.height - top);
  canvas.globalAlpha = 1;
}

export function drawOverlay(draw: DrawContext, state: OverlayState): void {
  if (state.drag) drawDrag(draw, state.drag);
  drawPlayhead(draw, state.time);
}

function drawDrag(draw: DrawContext, drag: NonNullable<OverlayState['drag']>): void {
  const { canvas, palette } = draw;
  const { x, width } = plotSpan(draw, drag.range.start, drag.range.end);
  canvas.fillStyle = palette.selfill;
  canvas.fillRect(x, drag.y, width, drag.height);
  canvas.strokeStyle = palette.ink;
  canvas.lineWidth = 1.5;
  canvas.strokeRect(x, drag.y + 0.75, width, drag.height - 1.5);
  const seconds = ((drag.range.end - drag.range.start) / 1e6).toFixed(3);
  const words = `${formatHms(drag.range.start)} to ${formatHms(drag.range.end)}, ${seconds} s`;
  pill(draw, words, x + width / 2, Math.max(2, drag.y - 20));
}

function drawPlayhead(draw: DrawContext, time: Microseconds): void {
  const { canvas, layout, palette, viewport } = draw;
  const offset = timeToX(viewport, time);
  if (offset < 0 || offset > viewport.width) return;
  const x = Math.round(HEADER_WIDTH + offset);
  const top = layout.ruler.y + 4;
  canvas.globalAlpha = 0.7;
  canvas.fillStyle = palette.panel;
  canvas.fillRect(x - 2, top, 4, layout.height - top);
  canvas.globalAlpha = 1;
  canvas.fillStyle = palette.ink;
  canvas.fillRect(x - 1, top, 2, layout.height - top);
  pill(draw, formatHms(time), x, layout.ruler.y + 2);
}

function pill(draw: DrawContext, words: string, middle: number, y: number): void {
  const { canvas, palette, viewport } = draw;
  setFont(canvas, palette, 600);
  const width = canvas.measureText(words).width + 12;
  const right = HEADER_WIDTH + viewport.width + 8 - width;
  const left = Math.min(Math.max(middle - width / 2, HEADER_WIDTH - 12), right);
  canvas.fillStyle = palette.ink;
  canvas.beginPath();
  canvas.roundRect(left, y, width, 17, 3);
  canvas.fill();
  canvas.fillStyle = palette.panel;
  canvas.textAlign = 'left';
  canvas.textBaseline = 'middle';
  canvas.fillText(words, left + 6, y + 9);
}
