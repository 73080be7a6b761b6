import type { WaveformPeaks } from '../../core/perception/perception.js';
import { type DrawContext, plotSpan } from './drawContext.js';
import { HEADER_WIDTH } from './layout.js';
import { gapOutline, setFont } from './patterns.js';
import { levelFor } from './peakPyramid.js';
import { visibleIndexes, type Viewport } from './viewport.js';

export interface PeakColumn {
  /** -1 to 1. */
  readonly low: number;
  readonly high: number;
}

/**
 * Minimum and maximum of the peaks under pixel column `column`; undefined where there are no peaks, which is a gap and
 * not silence.
 */
export function peakColumn(peaks: WaveformPeaks, viewport: Viewport, column: number): PeakColumn | undefined {
  const perPixel = viewport.span / viewport.width;
  const binCount = peaks.minMax.length / 2;
  const first = Math.floor((viewport.start + column * perPixel) / peaks.hop);
  const last = Math.max(first + 1, Math.ceil((viewport.start + (column + 1) * perPixel) / peaks.hop));
  if (first >= binCount || last <= 0) return undefined;
  let low = 32767;
  let high = -32768;
  for (let bin = Math.max(0, first); bin < Math.min(last, binCount); bin += 1) {
    low = Math.min(low, peaks.minMax[bin * 2] ?? 0);
    high = Math.max(high, peaks.minMax[bin * 2 + 1] ?? 0);
  }
  return { low: low / 32768, high: high / 32768 };
}

/** The waveform row: peaks as bars, stretches without signal as gaps with a word. */
export function drawWaveform(draw: DrawContext): void {
  const { canvas, layout, palette, model, viewport } = draw;
  const row = layout.waveform;
  if (!model.hasAudio) {
    gap(draw, 0, model.duration, 'no sound track');
    return;
  }
  if (!model.peaks) {
    setFont(canvas, palette);
    canvas.fillStyle = palette.ink3;
    canvas.textBaseline = 'middle';
    canvas.textAlign = 'left';
    canvas.fillText('waveform not read yet', HEADER_WIDTH + 8, row.y + row.height / 2);
    return;
  }
  const middle = row.y + row.height / 2;
  const scale = row.height * 0.46;
  const limit = row.height / 2 - 1;
  const peaks = levelFor(model.peaks, viewport.span / viewport.width);
  canvas.fillStyle = palette.wave;
  for (let column = 0; column < viewport.width; column += 1) {
    const peak = peakColumn(peaks, viewport, column);
    if (!peak) continue;
    const high = Math.min(limit, peak.high * scale * model.gain);
    const low = Math.max(-limit, peak.low * scale * model.gain);
    canvas.fillRect(HEADER_WIDTH + column, middle - high, 1, Math.max(1, high - low));
  }
  if (model.peaks.levels[0]) drawGaps(draw, model.peaks.levels[0]);
}

function drawGaps(draw: DrawContext, peaks: WaveformPeaks): void {
  const { model, viewport } = draw;
  const lane = model.marks.audio;
  const [from, to] = visibleIndexes(lane.starts, lane.longest, viewport);
  for (const mark of lane.items.slice(from, to)) {
    if (mark.kind === 'dropout' || mark.kind === 'missing_track')
      gap(draw, mark.range.start, mark.range.end, 'no signal');
  }
  const end = (peaks.minMax.length / 2) * peaks.hop;
  if (end < model.duration - 2 * peaks.hop) gap(draw, end, model.duration, 'not decoded');
}

function gap(draw: DrawContext, start: number, end: number, word: string): void {
  const { canvas, layout, palette } = draw;
  const row = layout.waveform;
  const { x, width } = plotSpan(draw, start, end);
  if (width < 4) return;
  const box = { x: x + 2, y: row.y + 5, width: width - 4, height: row.height - 10 };
  canvas.fillStyle = palette.panel;
  canvas.fillRect(box.x, row.y, box.width, row.height);
  gapOutline(canvas, box, palette);
  setFont(canvas, palette);
  if (canvas.measureText(word).width + 8 > box.width) return;
  canvas.fillStyle = palette.ink2;
  canvas.textAlign = 'center';
  canvas.textBaseline = 'middle';
  canvas.fillText(word, box.x + box.width / 2, row.y + row.height / 2);
}
