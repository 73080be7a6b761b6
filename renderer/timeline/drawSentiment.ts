import type { Segment } from '../../core/segments/segment.js';
import { type CurvePoint, type CurveRun, curveRuns } from '../../core/timeline/runs.js';
import { type DrawContext, plotSpan, plotX } from './drawContext.js';
import { HEADER_WIDTH } from './layout.js';
import { gapOutline, hatchLines, setFont } from './patterns.js';
import { visibleIndexes } from './viewport.js';

type ScoreToY = (score: number) => number;

export function scoreScale(draw: Pick<DrawContext, 'layout'>): ScoreToY {
  const row = draw.layout.sentiment;
  const height = row.height - 4;
  return (score) => row.y + height / 2 - (Math.min(3, Math.max(-3, score)) / 3) * (height / 2 - 5);
}

export function drawSentiment(draw: DrawContext): void {
  const { model, viewport } = draw;
  const toY = scoreScale(draw);
  drawGrid(draw, toY);
  // one more on both sides, so that a line that leaves the view is drawn to the border
  const [from, to] = visibleIndexes(model.segments.starts, model.segments.longest, viewport);
  const visible = model.segments.items.slice(Math.max(0, from - 1), to + 1);
  drawRaterLines(draw, visible, toY);
  for (const run of curveRuns(visible, model.results)) drawRun(draw, run, toY);
  drawRaterSquares(draw, visible, toY);
  for (const segment of visible) {
    const result = model.results.get(segment.id);
    if (result && !result.estimate) drawNoEstimate(draw, segment, toY);
  }
}

function drawGrid(draw: DrawContext, toY: ScoreToY): void {
  const { canvas, palette, viewport } = draw;
  for (const score of [2, 0, -2]) {
    canvas.fillStyle = score === 0 ? palette.edge : palette.line;
    canvas.fillRect(HEADER_WIDTH, Math.round(toY(score)), viewport.width, 1);
  }
}

/** Adds a smooth line with a plateau per segment; the plateau is the segment's one value, slopes only join plateaus. */
function tracePlateaus(draw: DrawContext, run: CurveRun, valueOf: (p: CurvePoint) => number, reverse = false): void {
  const { canvas } = draw;
  const points = reverse ? [...run.points].reverse() : run.points;
  let previous: { x: number; y: number } | undefined;
  points.forEach((point, index) => {
    const inset = Math.min(18, (plotX(draw, point.end) - plotX(draw, point.start)) * 0.22);
    const first = index === 0;
    const last = index === points.length - 1;
    const left = plotX(draw, point.start) + ((reverse ? last : first) ? 0 : inset);
    const right = plotX(draw, point.end) - ((reverse ? first : last) ? 0 : inset);
    const [enter, leave] = reverse ? [right, left] : [left, right];
    const y = valueOf(point);
    if (previous) {
      const middle = (previous.x + enter) / 2;
      canvas.bezierCurveTo(middle, previous.y, middle, y, enter, y);
    } else if (reverse) canvas.lineTo(enter, y);
    else canvas.moveTo(enter, y);
    canvas.lineTo(leave, y);
    previous = { x: leave, y };
  });
}

function drawRun(draw: DrawContext, run: CurveRun, toY: ScoreToY): void {
  const { canvas, palette } = draw;
  const band = () => {
    canvas.beginPath();
    tracePlateaus(draw, run, (point) => toY(point.score.high));
    tracePlateaus(draw, run, (point) => toY(point.score.low), true);
    canvas.closePath();
  };
  canvas.save();
  band();
  if (run.recovered) hatchedBand(draw, run, toY);
  else {
    canvas.fillStyle = palette.band;
    canvas.fill();
    canvas.strokeStyle = palette.bandOutline;
    canvas.stroke();
  }
  canvas.restore();
  canvas.save();
  canvas.beginPath();
  tracePlateaus(draw, run, (point) => toY(point.score.value));
  canvas.strokeStyle = palette.model;
  canvas.lineWidth = 1.75;
  if (run.recovered) canvas.setLineDash([6, 3]);
  canvas.stroke();
  canvas.restore();
  drawNotes(draw, run);
}

function hatchedBand(draw: DrawContext, run: CurveRun, toY: ScoreToY): void {
  const { canvas, palette, layout } = draw;
  const first = run.points[0];
  const last = run.points.at(-1);
  if (!first || !last) return;
  const { x, width } = plotSpan(draw, first.start, last.end);
  canvas.save();
  canvas.clip();
  canvas.beginPath();
  hatchLines(canvas, { x, width, y: layout.sentiment.y, height: layout.sentiment.height }, 6 * Math.SQRT2);
  canvas.strokeStyle = palette.ink3;
  canvas.lineWidth = 1.1;
  canvas.stroke();
  canvas.restore();
  canvas.strokeStyle = palette.ink3;
  canvas.lineWidth = 1;
  canvas.setLineDash([3, 3]);
  for (const edge of ['low', 'high'] as const) {
    canvas.beginPath();
    tracePlateaus(draw, run, (point) => toY(point.score[edge]));
    canvas.stroke();
  }
}

function drawNotes(draw: DrawContext, run: CurveRun): void {
  const { canvas, palette, layout } = draw;
  const row = layout.sentiment;
  setFont(canvas, palette);
  canvas.fillStyle = palette.ink;
  canvas.textAlign = 'left';
  canvas.textBaseline = 'alphabetic';
  let note = '';
  for (const point of run.points) {
    if (point.note === note) continue;
    note = point.note;
    const { x, width } = plotSpan(draw, point.start, point.end);
    if (note !== '' && width > canvas.measureText(note).width + 6) {
      canvas.fillText(note, Math.max(x, HEADER_WIDTH) + 4, point.score.value > 0 ? row.y + row.height - 8 : row.y + 13);
    }
  }
}

function drawRaterLines(draw: DrawContext, segments: readonly Segment[], toY: ScoreToY): void {
  const { canvas, palette, model } = draw;
  canvas.fillStyle = palette.rater;
  for (const segment of segments) {
    const score = model.labels.get(segment.id)?.score;
    if (score === undefined) continue;
    const { x, width } = plotSpan(draw, segment.range.start, segment.range.end);
    canvas.fillRect(x, toY(score) - 1.25, width, 2.5);
  }
}

function drawRaterSquares(draw: DrawContext, segments: readonly Segment[], toY: ScoreToY): void {
  const { canvas, palette, model } = draw;
  canvas.lineWidth = 1.5;
  canvas.strokeStyle = palette.rater;
  canvas.fillStyle = palette.panel;
  for (const segment of segments) {
    const score = model.labels.get(segment.id)?.score;
    if (score === undefined) continue;
    const x = plotX(draw, (segment.range.start + segment.range.end) / 2);
    canvas.fillRect(x - 3, toY(score) - 3, 6, 6);
    canvas.strokeRect(x - 3, toY(score) - 3, 6, 6);
  }
}

function drawNoEstimate(draw: DrawContext, segment: Segment, toY: ScoreToY): void {
  const { canvas, palette, layout } = draw;
  const row = layout.sentiment;
  const { x, width } = plotSpan(draw, segment.range.start, segment.range.end);
  canvas.fillStyle = palette.panel;
  canvas.fillRect(x, row.y + 5, width, row.height - 10);
  gapOutline(canvas, { x, y: row.y + 5, width, height: row.height - 10 }, palette);
  setFont(canvas, palette);
  canvas.fillStyle = palette.ink2;
  canvas.textAlign = 'center';
  canvas.textBaseline = 'middle';
  if (width > canvas.measureText('no estimate').width + 8) canvas.fillText('no estimate', x + width / 2, toY(0));
  else if (width > canvas.measureText('estimate').width + 4) {
    canvas.fillText('no', x + width / 2, toY(0) - 8);
    canvas.fillText('estimate', x + width / 2, toY(0) + 8);
  }
}
