import { type Trace, traceRuns } from '../../core/traces/trace.js';
import { type DrawContext, plotX, separator } from './drawContext.js';
import { HEADER_WIDTH, type Row } from './layout.js';
import { setFont } from './patterns.js';
import type { TraceRow } from './tierRows.js';

/** Free height above and below the scale, px. */
const MARGIN = 6;

/** y of a value from -1 to 1 in a row. */
function toY(row: Row, value: number): number {
  const half = row.height / 2 - MARGIN;
  return row.y + row.height / 2 - value * half;
}

/** Continuous ratings: one row per dimension, one line per trace, broken where nothing was rated. */
export function drawTraces(draw: DrawContext): void {
  draw.model.traces.forEach((traceRow, index) => {
    const row = draw.layout.traces[index];
    if (!row) return;
    drawScale(draw, row);
    traceRow.traces.forEach((trace) => drawTrace(draw, row, trace));
    notes(draw, row, traceRow);
    separator(draw, row.y + row.height - 1);
  });
}

function drawScale(draw: DrawContext, row: Row): void {
  const { canvas, palette, viewport } = draw;
  canvas.save();
  canvas.strokeStyle = palette.line;
  canvas.lineWidth = 1;
  for (const value of [1, 0, -1]) {
    canvas.setLineDash(value === 0 ? [] : [2, 4]);
    canvas.beginPath();
    canvas.moveTo(HEADER_WIDTH, Math.round(toY(row, value)) + 0.5);
    canvas.lineTo(HEADER_WIDTH + viewport.width, Math.round(toY(row, value)) + 0.5);
    canvas.stroke();
  }
  canvas.restore();
}

function drawTrace(draw: DrawContext, row: Row, trace: Trace): void {
  const { canvas, palette, model, viewport } = draw;
  const own = trace.raterId === model.raters[0]?.id;
  const { step } = trace;
  canvas.save();
  canvas.strokeStyle = palette.rater;
  canvas.lineWidth = trace.id === model.selectedTraceId ? 2.5 : 1.5;
  // other raters are told by the dash, not by the colour
  if (!own) canvas.setLineDash([5, 3]);
  canvas.beginPath();
  for (const { start, values } of traceRuns(trace, model.tracesShifted)) {
    const first = Math.max(0, Math.floor((viewport.start - start) / step) - 1);
    const last = Math.min(values.length, Math.ceil((viewport.start + viewport.span - start) / step) + 1);
    // no more than a point per half pixel
    const stride = Math.max(1, Math.floor((last - first) / (viewport.width * 2)));
    for (let index = first; index < last; index += stride) {
      const x = plotX(draw, start + index * step);
      const y = toY(row, values[index] ?? 0);
      if (index === first) canvas.moveTo(x, y);
      else canvas.lineTo(x, y);
    }
    if (last > first) canvas.lineTo(plotX(draw, start + last * step), toY(row, values[last - 1] ?? 0));
  }
  canvas.stroke();
  canvas.restore();
}

/** Who, and the shift where the traces are drawn with one: it is never silent. */
function notes(draw: DrawContext, row: Row, { traces }: TraceRow): void {
  const { canvas, palette, model } = draw;
  const lags = [...new Set(traces.map(({ reactionLag }) => reactionLag / 1000))];
  const raters = [...new Set(traces.map(({ raterId }) => raterId))];
  const shift = model.tracesShifted && lags.some((lag) => lag > 0) ? `, shifted by ${lags.join(' and ')} ms` : '';
  setFont(canvas, palette);
  canvas.textAlign = 'left';
  canvas.textBaseline = 'middle';
  canvas.fillStyle = palette.ink2;
  canvas.fillText(`${raters.join(', ')}${shift}`, HEADER_WIDTH + 6, row.y + 8);
}
