import { type DrawContext, separator } from './drawContext.js';
import { HEADER_WIDTH } from './layout.js';
import { setFont } from './patterns.js';
import { timeToX } from './viewport.js';

/** The spectrogram row: pictures of tiles in the resolution that fits; a word where there is none. */
export function drawSpectrogram(draw: DrawContext): void {
  const { canvas, layout, model, palette, viewport } = draw;
  const row = layout.spectrogram;
  if (!row) return;
  const { spectrogram } = model;
  if (!spectrogram) {
    setFont(canvas, palette);
    canvas.fillStyle = palette.ink3;
    canvas.textBaseline = 'middle';
    canvas.textAlign = 'left';
    const word = model.hasAudio ? 'spectrogram not made yet' : 'no sound track';
    canvas.fillText(word, HEADER_WIDTH + 8, row.y + row.height / 2);
    separator(draw, row.y + row.height - 1);
    return;
  }
  const { summary } = spectrogram;
  const level = spectrogram.levelFor(viewport.span / viewport.width);
  const { hop, columns } = summary.levels[level] ?? { hop: 1, columns: 0 };
  const tileSpan = hop * summary.columnsPerTile;
  const first = Math.max(0, Math.floor(viewport.start / tileSpan));
  const last = Math.min(Math.ceil(columns / summary.columnsPerTile) - 1, (viewport.start + viewport.span) / tileSpan);
  for (let tile = first; tile <= last; tile += 1) {
    const picture = spectrogram.picture(level, tile, palette.ramp);
    if (!picture) continue;
    // a column is centred on its time
    const x = HEADER_WIDTH + timeToX(viewport, tile * tileSpan - hop / 2);
    const width = (picture.width * hop * viewport.width) / viewport.span;
    canvas.drawImage(picture, x, row.y + 1, width, row.height - 3);
  }
  separator(draw, row.y + row.height - 1);
}
