import { type DrawContext, inPlot } from './drawContext.js';
import { drawHeaders, drawOverview } from './drawHeaders.js';
import { drawLanes } from './drawLanes.js';
import { drawSelection } from './drawOverlay.js';
import { drawRaters } from './drawRaters.js';
import { drawRuler } from './drawRuler.js';
import { drawSegments } from './drawSegments.js';
import { drawSentiment } from './drawSentiment.js';
import { drawSpectrogram } from './drawSpectrogram.js';
import { drawTiers } from './drawTiers.js';
import { drawTraces } from './drawTraces.js';
import { drawWaveform } from './drawWaveform.js';
import type { TimeRange } from '../../core/time/microseconds.js';

/** Draws everything that only changes with view, document, results, selection or theme. */
export function drawTimeline(draw: DrawContext, selected: TimeRange | undefined): void {
  const { canvas, layout, viewport } = draw;
  canvas.clearRect(0, 0, viewport.width + 200, layout.height);
  drawOverview(draw);
  inPlot(draw, () => {
    drawSelection(draw, selected);
    drawRuler(draw);
    drawWaveform(draw);
    drawSpectrogram(draw);
    drawLanes(draw);
    drawSegments(draw);
    drawRaters(draw);
    drawTiers(draw);
    drawTraces(draw);
    drawSentiment(draw);
  });
  drawHeaders(draw);
}

/** Sizes a canvas for the screen's pixel ratio and gives its context in CSS px; undefined where there is no 2D canvas. */
export function prepareCanvas(
  element: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  const ratio = devicePixelRatio || 1;
  const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  if (element.width !== pixels.width || element.height !== pixels.height) Object.assign(element, pixels);
  const context = element.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context ?? undefined;
}
