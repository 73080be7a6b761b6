import type { Segment } from '../../core/segments/segment.js';
import { type DrawContext, plotSpan, separator } from './drawContext.js';
import { drawHandles } from './drawLanes.js';
import { HEADER_WIDTH, laneRow } from './layout.js';
import { type Box, fitText, setFont } from './patterns.js';
import type { TimelineModel } from './timelineModel.js';
import { visibleIndexes } from './viewport.js';

/** Words of a segment's box: the rater's label, else the model's with a question mark, else `none`, else nothing yet. */
export function segmentWords(model: Pick<TimelineModel, 'labels' | 'results'>, segmentId: string): string {
  const label = model.labels.get(segmentId);
  if (label) return label.label;
  const result = model.results.get(segmentId);
  if (!result) return '';
  return result.estimate ? `${result.estimate.label}?` : 'none';
}

export function drawSegments(draw: DrawContext): void {
  const { model, viewport, layout } = draw;
  const [from, to] = visibleIndexes(model.segments.starts, model.segments.longest, viewport);
  let drawnTo = -1;
  for (const segment of model.segments.items.slice(from, to)) {
    const box = segmentBox(draw, segment);
    if (box.width >= 3 || model.selectedSegmentIds.has(segment.id)) drawSegment(draw, segment);
    else if (Math.floor(box.x) !== drawnTo) {
      drawnTo = Math.floor(box.x);
      draw.canvas.fillStyle = model.labels.has(segment.id) ? draw.palette.ink2 : draw.palette.line;
      draw.canvas.fillRect(drawnTo, box.y, 1, box.height);
    }
  }
  separator(draw, layout.segments.y + layout.segments.height - 1);
}

function segmentBox(draw: DrawContext, segment: Segment): Box {
  const { stack } = draw.model;
  const row = laneRow(draw.layout, stack.laneOf.get(segment.id) ?? 0);
  const { x, width } = plotSpan(draw, segment.range.start, segment.range.end);
  return { x, y: row.y + 3, width: Math.max(1, width), height: row.height - (stack.laneCount > 1 ? 5 : 7) };
}

function drawSegment(draw: DrawContext, segment: Segment): void {
  const { canvas, model, palette } = draw;
  const box = segmentBox(draw, segment);
  const rated = model.labels.has(segment.id);
  const selected = model.selectedSegmentIds.has(segment.id);
  canvas.save();
  canvas.beginPath();
  canvas.roundRect(box.x + 0.75, box.y + 0.75, Math.max(0.5, box.width - 1.5), box.height - 1.5, 2);
  canvas.fillStyle = selected ? palette.ink : palette.raised;
  if (selected || rated) canvas.fill();
  canvas.strokeStyle = selected ? palette.ink : palette.edge;
  canvas.lineWidth = box.width < 4 ? 0.75 : 1.5;
  if (!rated && !selected && box.width >= 12) canvas.setLineDash([3, 3]);
  canvas.stroke();
  canvas.restore();
  if (box.width >= 24) drawWords(draw, segment, box, rated, selected);
  if (model.selectedSegmentId === segment.id) drawHandles(draw, box);
}

function drawWords(draw: DrawContext, segment: Segment, box: Box, rated: boolean, selected: boolean): void {
  const { canvas, model, palette } = draw;
  const left = Math.max(box.x, HEADER_WIDTH) + 7;
  const right = Math.min(box.x + box.width, HEADER_WIDTH + draw.viewport.width) - 7;
  const middle = box.y + box.height / 2 + 0.5;
  const words = segmentWords(model, segment.id);
  const number = String(model.segmentNumber.get(segment.id) ?? '');
  setFont(canvas, palette, rated ? 600 : 400);
  canvas.textBaseline = 'middle';
  canvas.textAlign = 'left';
  canvas.fillStyle = selected ? palette.panel : palette.ink;
  const used = canvas.measureText(words).width;
  canvas.fillText(fitText(canvas, words, right - left), left, middle);
  setFont(canvas, palette);
  const numberWidth = canvas.measureText(number).width;
  if (right - left < used + numberWidth + 10) return;
  canvas.textAlign = 'right';
  canvas.fillStyle = selected ? palette.panel : palette.ink3;
  canvas.fillText(number, right, middle);
}
