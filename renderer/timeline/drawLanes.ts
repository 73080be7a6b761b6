import type { CorruptionMark } from '../../core/marks/mark.js';
import { MODALITIES, type Modality, type ModalityState } from '../../core/recording/modality.js';
import { type StateRun, stateRuns } from '../../core/timeline/runs.js';
import { markWords } from '../words.js';
import { type DrawContext, plotSpan, separator } from './drawContext.js';
import { HEADER_WIDTH } from './layout.js';
import { type Box, fitText, hatch, quincunx, setFont, stateCell } from './patterns.js';
import type { TimelineModel } from './timelineModel.js';
import { visibleIndexes } from './viewport.js';

/** Width below which a cell or mark is drawn as one line, px. */
const NARROW = 3;

type KeptRuns = Map<Modality, { readonly items: unknown; readonly runs: readonly StateRun[] }>;
const RUNS = new WeakMap<TimelineModel['results'], KeptRuns>();

/** The runs of the whole recording, kept until segments or results change: the overview is drawn with every scroll. */
function allStateRuns({ segments, results }: TimelineModel, modality: Modality): readonly StateRun[] {
  const kept: KeptRuns = RUNS.get(results) ?? new Map<never, never>();
  RUNS.set(results, kept);
  const known = kept.get(modality);
  if (known?.items === segments.items) return known.runs;
  const runs = stateRuns(segments.items, results, modality);
  kept.set(modality, { items: segments.items, runs });
  return runs;
}

export function drawLanes(draw: DrawContext): void {
  for (const modality of MODALITIES) {
    drawStates(draw, modality);
    drawMarks(draw, modality);
    const row = draw.layout.states[modality];
    separator(draw, row.y + row.height - 1);
  }
}

function drawStates(draw: DrawContext, modality: Modality): void {
  const { canvas, model, palette, layout, viewport } = draw;
  const row = layout.states[modality];
  const [from, to] = visibleIndexes(model.segments.starts, model.segments.longest, viewport);
  const visible = model.segments.items.slice(from, to);
  if (model.results.size === 0) {
    setFont(canvas, palette);
    canvas.fillStyle = palette.ink3;
    canvas.textAlign = 'left';
    canvas.textBaseline = 'middle';
    const word = model.blind ? 'hidden, blind mode' : model.segments.items.length === 0 ? '' : 'not judged yet';
    canvas.fillText(word, HEADER_WIDTH + 8, row.y + row.height / 2);
    return;
  }
  let drawnTo = -1;
  for (const run of stateRuns(visible, model.results, modality)) {
    const { x, width } = plotSpan(draw, run.start, run.end);
    if (width < NARROW) {
      // several runs share a pixel: one of them is drawn, and zooming in shows the rest
      if (run.state === 'missing' || Math.floor(x) === drawnTo) continue;
      drawnTo = Math.floor(x);
      narrowCell(draw, modality, run.state, { x: drawnTo, y: row.y + 1, width: 1, height: row.height - 4 });
      continue;
    }
    const box = { x, y: row.y + 1, width: Math.max(1, width - 1), height: row.height - 4 };
    stateCell(canvas, box, run.state, palette.modality[modality], palette);
  }
}

/** A state in one pixel: no room for its pattern, so only how much ink it has tells it from its neighbours. */
function narrowCell(draw: DrawContext, modality: Modality, state: ModalityState, box: Box): void {
  const { canvas, palette } = draw;
  const colours = palette.modality[modality];
  canvas.fillStyle = state === 'recovered' ? colours.mark : colours.tint;
  canvas.fillRect(box.x, box.y, box.width, state === 'recovered' ? box.height / 2 : box.height);
  canvas.fillStyle = colours.mark;
  if (state === 'observed') canvas.fillRect(box.x, box.y + box.height - 3, box.width, 3);
}

function drawMarks(draw: DrawContext, modality: Modality): void {
  const lane = draw.model.marks[modality];
  const [from, to] = visibleIndexes(lane.starts, lane.longest, draw.viewport);
  let drawnTo = -1;
  for (const mark of lane.items.slice(from, to)) {
    const box = markBox(draw, mark);
    if (box.width > NARROW || draw.model.selectedMarkId === mark.id) drawMark(draw, mark);
    else if (Math.floor(box.x) !== drawnTo) {
      drawnTo = Math.floor(box.x);
      draw.canvas.fillStyle = draw.palette.ink2;
      draw.canvas.fillRect(drawnTo, box.y, 1, box.height);
    }
  }
}

/** Box of a mark on the canvas; also used for hit testing. */
export function markBox(draw: Pick<DrawContext, 'viewport' | 'layout'>, mark: CorruptionMark): Box {
  const row = draw.layout.marks[mark.modality];
  const { x, width } = plotSpan(draw as DrawContext, mark.range.start, mark.range.end);
  return { x, y: row.y + 2, width: Math.max(3, width), height: Math.min(18, row.height - 3) };
}

function drawMark(draw: DrawContext, mark: CorruptionMark): void {
  const { canvas, palette, model } = draw;
  const box = markBox(draw, mark);
  const selected = model.selectedMarkId === mark.id;
  const confirmed = mark.review === 'confirmed';
  canvas.save();
  canvas.beginPath();
  canvas.roundRect(box.x + 0.75, box.y + 0.75, Math.max(1, box.width - 1.5), box.height - 1.5, 2);
  canvas.fillStyle = selected ? palette.ink : palette.raised;
  if (confirmed || selected) canvas.fill();
  canvas.strokeStyle = selected ? palette.ink : palette.ink2;
  canvas.lineWidth = 1.5;
  if (!confirmed) canvas.setLineDash([3, 3]);
  canvas.stroke();
  canvas.restore();
  drawMarkWords(draw, mark, box, selected);
  if (selected) drawHandles(draw, box);
}

function drawMarkWords(draw: DrawContext, mark: CorruptionMark, box: Box, selected: boolean): void {
  const { canvas, palette } = draw;
  const ink = selected ? palette.panel : palette.ink;
  const baseline = box.y + box.height / 2 + 0.5;
  let x = Math.max(box.x, HEADER_WIDTH) + 6;
  const right = Math.min(box.x + box.width, HEADER_WIDTH + draw.viewport.width);
  canvas.textBaseline = 'middle';
  canvas.textAlign = 'left';
  canvas.fillStyle = ink;
  if (mark.review === 'proposed') {
    if (right - x < 10) return;
    setFont(canvas, palette, 600);
    canvas.fillText('?', x, baseline);
    x += 9;
  }
  setFont(canvas, palette);
  const words = markWords(mark);
  const whole = canvas.measureText(words).width;
  canvas.fillText(fitText(canvas, words, right - x - 4), x, baseline);
  if (right - x - whole < 34) return;
  if (mark.review === 'confirmed') drawSeverity(draw, mark.severity, right - 22, box.y + box.height - 4, ink);
  else if (mark.confidence !== undefined) {
    canvas.textAlign = 'right';
    canvas.fillStyle = selected ? palette.panel : palette.ink2;
    canvas.fillText(mark.confidence.toFixed(2), right - 6, baseline);
  }
}

function drawSeverity(draw: DrawContext, severity: number, x: number, bottom: number, ink: string): void {
  const { canvas, palette } = draw;
  for (let step = 0; step < 3; step += 1) {
    const height = 3 + step * 3;
    if (step < severity) {
      canvas.fillStyle = ink;
      canvas.fillRect(x + step * 6, bottom - height, 4, height);
    } else {
      canvas.strokeStyle = palette.edge;
      canvas.lineWidth = 1;
      canvas.strokeRect(x + step * 6 + 0.5, bottom - height + 0.5, 3, height - 1);
    }
  }
}

/** Two handles that say where the mark can be resized. */
export function drawHandles(draw: DrawContext, box: Box): void {
  const { canvas, palette } = draw;
  for (const x of [box.x, box.x + box.width]) {
    canvas.beginPath();
    canvas.roundRect(x - 3, box.y + 2, 6, box.height - 4, 2);
    canvas.fillStyle = palette.panel;
    canvas.fill();
    canvas.strokeStyle = palette.ink;
    canvas.lineWidth = 1.5;
    canvas.stroke();
  }
}

/** Three strips of the overview: the states over the whole recording; marks where nothing was judged yet. */
export function drawOverviewStrip(draw: DrawContext, modality: Modality, y: number): void {
  const { canvas, model, palette, viewport } = draw;
  const colours = palette.modality[modality];
  const toX = (time: number) => HEADER_WIDTH + (time / viewport.duration) * viewport.width;
  let drawnTo = -1;
  const cell = (start: number, end: number, state: ModalityState) => {
    const x = toX(start);
    const width = Math.max(1, toX(end) - x - 1);
    if (width < NARROW) {
      if (state === 'missing' || Math.floor(x) === drawnTo) return;
      drawnTo = Math.floor(x);
      narrowCell(draw, modality, state, { x: drawnTo, y, width: 1, height: 6 });
      return;
    }
    const box = { x, y, width, height: 6 };
    if (state === 'observed') {
      canvas.fillStyle = colours.mark;
      canvas.fillRect(x, y + 1.5, width, 3);
    } else if (state === 'degraded') quincunx(canvas, box, colours.mark);
    else if (state === 'recovered') hatch(canvas, box, colours.mark, 1.6, 5);
    else dotted(canvas, x, width, y + 3, palette.edge);
  };
  if (model.results.size > 0) {
    for (const run of allStateRuns(model, modality)) cell(run.start, run.end, run.state);
    return;
  }
  dotted(canvas, HEADER_WIDTH, viewport.width, y + 3, palette.line);
  for (const mark of model.marks[modality].items) {
    const x = toX(mark.range.start);
    canvas.fillStyle = palette.ink2;
    canvas.fillRect(x, y + 1.5, Math.max(1, toX(mark.range.end) - x), 3);
  }
}

function dotted(canvas: CanvasRenderingContext2D, x: number, width: number, y: number, colour: string): void {
  canvas.save();
  canvas.strokeStyle = colour;
  canvas.lineWidth = 1.5;
  canvas.lineCap = 'round';
  canvas.setLineDash([0.1, 4]);
  canvas.beginPath();
  canvas.moveTo(x, y);
  canvas.lineTo(x + width, y);
  canvas.stroke();
  canvas.restore();
}
