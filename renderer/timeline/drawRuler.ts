import { formatHms } from '../../core/time/format.js';
import { microseconds } from '../../core/time/microseconds.js';
import { type DrawContext, plotX, separator } from './drawContext.js';
import { HEADER_WIDTH } from './layout.js';
import { setFont } from './patterns.js';

const STEPS_SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** Distance of labelled ticks, microseconds: the smallest round step whose labels have at least `minimum` px. */
export function rulerStep(span: number, width: number, minimum = 84): number {
  const perPixel = span / width;
  const step = STEPS_SECONDS.find((seconds) => (seconds * 1e6) / perPixel >= minimum) ?? 14_400;
  return Math.round(step * 1e6);
}

/** Label of a tick: whole seconds unless the step is finer. */
function rulerLabel(time: number, step: number): string {
  const label = formatHms(microseconds(Math.round(time)));
  return step < 1_000_000 ? label : label.slice(0, 8);
}

export function drawRuler(draw: DrawContext): void {
  const { canvas, layout, palette, viewport } = draw;
  const row = layout.ruler;
  const step = rulerStep(viewport.span, viewport.width);
  const minor = step / 5;
  setFont(canvas, palette);
  canvas.textAlign = 'left';
  canvas.textBaseline = 'alphabetic';
  const bottom = row.y + row.height;
  for (let index = Math.floor(viewport.start / minor); index * minor <= viewport.start + viewport.span; index += 1) {
    const time = index * minor;
    const x = Math.round(plotX(draw, time));
    const labelled = index % 5 === 0;
    canvas.fillStyle = palette.edge;
    canvas.fillRect(x, bottom - (labelled ? 8 : 4), 1, labelled ? 8 : 4);
    if (!labelled) continue;
    canvas.fillStyle = palette.ink2;
    const label = rulerLabel(time, step);
    if (x + 4 + canvas.measureText(label).width > HEADER_WIDTH + viewport.width) continue;
    canvas.fillText(label, x + 4, row.y + 13);
  }
  separator(draw, bottom - 1);
}
