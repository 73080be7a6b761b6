import { MODALITIES, MODALITY_KEY, type Modality } from '../../core/recording/modality.js';
import { formatShort } from '../../core/time/format.js';
import { signed } from '../words.js';
import type { DrawContext } from './drawContext.js';
import { separator } from './drawContext.js';
import { drawOverviewStrip } from './drawLanes.js';
import { labelRows } from './drawRaters.js';
import { scoreScale } from './drawSentiment.js';
import { HEADER_WIDTH, type Row } from './layout.js';
import { fitText, setFont } from './patterns.js';

const RIGHT = HEADER_WIDTH - 8;

/** The header column: names of the rows, the keys of the curves, the score axis. */
export function drawHeaders(draw: DrawContext): void {
  const { canvas, layout, palette, model } = draw;
  canvas.fillStyle = palette.panel;
  canvas.fillRect(0, 0, HEADER_WIDTH, layout.height);
  rowName(draw, layout.overview, 'Overview', formatShort(model.duration));
  setFont(canvas, palette);
  canvas.fillStyle = palette.ink3;
  canvas.textAlign = 'left';
  canvas.fillText('HH:MM:SS', 12, layout.ruler.y + 12);
  rowName(draw, layout.waveform, 'Waveform', model.gain > 1 ? `×${model.gain}` : '');
  if (layout.spectrogram) rowName(draw, layout.spectrogram, 'Spectrogram', '8 kHz');
  for (const modality of MODALITIES) laneName(draw, modality);
  rowName(draw, layout.segments, 'Segments', '');
  const names = labelRows(model).map((row) => row.name);
  layout.raters.forEach((row, index) => rowName(draw, row, names[index] ?? '', ''));
  layout.tiers.forEach((row, index) => tierName(draw, row, index));
  layout.traces.forEach((row, index) => traceName(draw, row, index));
  sentimentKey(draw);
  const lined = [
    layout.overview,
    layout.ruler,
    layout.waveform,
    layout.segments,
    ...layout.raters,
    ...layout.tiers,
    ...layout.traces,
  ];
  for (const row of [...lined, ...(layout.spectrogram ? [layout.spectrogram] : [])]) {
    separator(draw, row.y + row.height - 1);
  }
  canvas.fillStyle = palette.line;
  canvas.fillRect(HEADER_WIDTH - 1, 0, 1, layout.height);
}

function rowName(draw: DrawContext, row: Row, name: string, note: string): void {
  const { canvas, palette } = draw;
  const middle = row.y + row.height / 2 + 0.5;
  canvas.textBaseline = 'middle';
  setFont(canvas, palette, 600);
  canvas.textAlign = 'left';
  canvas.fillStyle = palette.ink;
  canvas.fillText(name, 12, middle);
  if (note === '') return;
  setFont(canvas, palette);
  canvas.textAlign = 'right';
  canvas.fillStyle = palette.ink3;
  canvas.fillText(note, RIGHT, middle);
}

/** The active tier, the one that keys act on, has a bar at the left and a plate. */
function tierName(draw: DrawContext, row: Row, index: number): void {
  const { canvas, palette, model } = draw;
  const tier = model.tiers[index]?.tier;
  if (!tier) return;
  if (tier.id === model.activeTierId) {
    canvas.fillStyle = palette.selfill;
    canvas.fillRect(0, row.y, HEADER_WIDTH, row.height);
    canvas.fillStyle = palette.ink;
    canvas.fillRect(0, row.y, 3, row.height - 1);
  }
  setFont(canvas, palette, 600);
  rowName(draw, row, fitText(canvas, tier.name, HEADER_WIDTH - 20), '');
}

function traceName(draw: DrawContext, row: Row, index: number): void {
  const { canvas, palette, model } = draw;
  const dimension = model.traces[index]?.dimension ?? '';
  rowName(draw, row, dimension.charAt(0).toUpperCase() + dimension.slice(1), '');
  setFont(canvas, palette);
  canvas.textAlign = 'right';
  canvas.fillStyle = palette.ink3;
  [signed(1, 0), signed(-1, 0)].forEach((words, at) =>
    canvas.fillText(words, RIGHT, row.y + 7 + at * (row.height - 14)),
  );
}

function laneName(draw: DrawContext, modality: Modality): void {
  const { canvas, palette, layout } = draw;
  const marks = layout.marks[modality];
  const states = layout.states[modality];
  const colours = palette.modality[modality];
  const top = marks.y + (marks.height >= 22 ? 6 : 4);
  canvas.strokeStyle = colours.mark;
  canvas.lineWidth = 1.5;
  canvas.beginPath();
  canvas.roundRect(12.75, top, 17, 17, 3);
  canvas.stroke();
  setFont(canvas, palette, 600);
  canvas.textBaseline = 'middle';
  canvas.textAlign = 'center';
  canvas.fillStyle = colours.text;
  canvas.fillText(MODALITY_KEY[modality], 21.25, top + 9);
  canvas.textAlign = 'left';
  canvas.fillStyle = palette.ink;
  canvas.fillText(modality[0]!.toUpperCase() + modality.slice(1), 37, top + 9);
  setFont(canvas, palette);
  canvas.textAlign = 'right';
  canvas.fillStyle = palette.ink3;
  canvas.fillText('marks', RIGHT, marks.y + marks.height / 2);
  canvas.fillText('state', RIGHT, states.y + states.height / 2 - 1);
}

function sentimentKey(draw: DrawContext): void {
  const { canvas, palette, layout, model } = draw;
  const top = layout.sentiment.y;
  setFont(canvas, palette, 600);
  canvas.textAlign = 'left';
  canvas.textBaseline = 'middle';
  canvas.fillStyle = palette.ink;
  canvas.fillText('Sentiment', 12, top + 11);
  scoreAxis(draw);
  setFont(canvas, palette);
  canvas.textAlign = 'left';
  canvas.fillStyle = palette.model;
  canvas.fillRect(12, top + 24, 18, 1.75);
  canvas.fillStyle = palette.ink2;
  canvas.fillText('model', 36, top + 25);
  if (model.intervalLevel !== undefined) {
    canvas.fillStyle = palette.band;
    canvas.fillRect(12, top + 34, 18, 9);
    canvas.fillStyle = palette.ink2;
    canvas.fillText(`${Math.round(model.intervalLevel * 100)} %`, 36, top + 39);
  }
  if (layout.sentiment.height < 64) return;
  canvas.fillStyle = palette.rater;
  canvas.fillRect(12, top + 51.5, 18, 2.5);
  canvas.fillStyle = palette.panel;
  canvas.strokeStyle = palette.rater;
  canvas.lineWidth = 1.5;
  canvas.fillRect(18, top + 50, 6, 6);
  canvas.strokeRect(18, top + 50, 6, 6);
  canvas.fillStyle = palette.ink2;
  canvas.fillText('rater', 36, top + 53);
}

function scoreAxis(draw: DrawContext): void {
  const { canvas, palette } = draw;
  const toY = scoreScale(draw);
  setFont(canvas, palette, 600);
  canvas.textAlign = 'right';
  for (const score of [2, 0, -2]) {
    canvas.fillStyle = score > 0 ? palette.positive : score < 0 ? palette.negative : palette.ink3;
    canvas.fillText(signed(score, 0), RIGHT, toY(score));
  }
}

/** The overview row: three strips of states and the brush that says where the view is. */
export function drawOverview(draw: DrawContext): void {
  const { canvas, layout, palette, viewport } = draw;
  MODALITIES.forEach((modality, index) => drawOverviewStrip(draw, modality, layout.overview.y + 4 + index * 8));
  const left = HEADER_WIDTH + (viewport.start / viewport.duration) * viewport.width;
  const width = Math.max(6, (viewport.span / viewport.duration) * viewport.width);
  canvas.beginPath();
  canvas.roundRect(left + 1, layout.overview.y + 1, width - 2, layout.overview.height - 3, 2);
  canvas.fillStyle = palette.selfill;
  canvas.fill();
  canvas.strokeStyle = palette.ink;
  canvas.lineWidth = 2;
  canvas.stroke();
}
