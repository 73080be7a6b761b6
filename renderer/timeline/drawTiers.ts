import { SCHEME_COLOURS, type SchemeValue } from '../../core/tiers/scheme.js';
import type { TierAnnotation } from '../../core/tiers/tier.js';
import { type DrawContext, plotSpan, separator } from './drawContext.js';
import { drawHandles } from './drawLanes.js';
import { HEADER_WIDTH, tierLaneRow } from './layout.js';
import { type Box, fitText, hatch, quincunx, setFont } from './patterns.js';
import type { TierRow } from './tierRows.js';
import { visibleIndexes } from './viewport.js';

/** Width of the coloured strip of a coded stretch, px. */
const STRIP = 9;
/** Width below which a stretch is all strip, px. */
const NARROW = 16;

/** Annotations on tiers: a strip in the value's colour and pattern, its letter, its words. */
export function drawTiers(draw: DrawContext): void {
  draw.model.tiers.forEach((row, index) => {
    drawTier(draw, row, index);
    const band = draw.layout.tiers[index];
    if (band) separator(draw, band.y + band.height - 1);
  });
}

function drawTier(draw: DrawContext, row: TierRow, index: number): void {
  const { items, stack, scheme } = row;
  const values = new Map(scheme?.values.map((value) => [value.value, value]));
  const [from, to] = visibleIndexes(items.starts, items.longest, draw.viewport);
  let drawnTo = -1;
  for (const annotation of items.items.slice(from, to)) {
    const band = tierLaneRow(draw.layout, index, stack.laneOf.get(annotation.id) ?? 0);
    const { x, width } = plotSpan(draw, annotation.range.start, annotation.range.end);
    const box = { x, y: band.y + 2, width: Math.max(1, width), height: band.height - 5 };
    const known = annotation.value === undefined ? undefined : values.get(annotation.value);
    const chosen = annotation.id === draw.model.selectedAnnotationId;
    if (box.width >= 3 || chosen) drawAnnotation(draw, annotation, known, box, chosen);
    else if (Math.floor(x) !== drawnTo) {
      drawnTo = Math.floor(x);
      draw.canvas.fillStyle = known ? draw.palette.codes[known.colour] : draw.palette.edge;
      draw.canvas.fillRect(drawnTo, box.y, 1, box.height);
    }
  }
}

function drawAnnotation(
  draw: DrawContext,
  annotation: TierAnnotation,
  known: SchemeValue | undefined,
  box: Box,
  chosen: boolean,
): void {
  const { canvas, palette } = draw;
  canvas.save();
  canvas.beginPath();
  canvas.roundRect(box.x + 0.75, box.y + 0.75, Math.max(0.5, box.width - 1.5), box.height - 1.5, 2);
  canvas.fillStyle = chosen ? palette.ink : palette.raised;
  canvas.fill();
  canvas.strokeStyle = chosen ? palette.ink : known ? palette.codes[known.colour] : palette.edge;
  canvas.lineWidth = box.width < 4 ? 0.75 : 1.5;
  if (annotation.value === undefined && box.width >= 12) canvas.setLineDash([3, 3]);
  canvas.stroke();
  canvas.restore();
  if (known) strip(draw, known, { ...box, width: box.width < NARROW ? box.width : STRIP });
  if (box.width >= NARROW) words(draw, annotation, known, box, chosen);
  if (chosen) drawHandles(draw, box);
}

function words(
  draw: DrawContext,
  annotation: TierAnnotation,
  known: SchemeValue | undefined,
  box: Box,
  chosen: boolean,
): void {
  const { canvas, palette, viewport } = draw;
  const left = Math.max(box.x, HEADER_WIDTH) + (known ? STRIP + 3 : 6);
  const room = Math.min(box.x + box.width, HEADER_WIDTH + viewport.width) - left - 4;
  if (room < 6) return;
  const flag = annotation.flagged ? '⚑ ' : '';
  const other = annotation.raterId === draw.model.raters[0]?.id ? '' : ` (${annotation.raterId})`;
  const text = flag + (annotation.value ?? '?') + other;
  setFont(canvas, palette, known ? 600 : 400);
  canvas.textBaseline = 'middle';
  canvas.textAlign = 'left';
  canvas.fillStyle = chosen ? palette.panel : annotation.value === undefined ? palette.ink3 : palette.ink;
  const whole = fitText(canvas, text, room);
  const shown = whole === '' || (known && whole.length < 3 && text.length > 3) ? (known?.letter ?? '') : whole;
  if (shown !== '' && canvas.measureText(shown).width <= room + 2) {
    canvas.fillText(shown, left, box.y + box.height / 2 + 0.5);
  }
}

/** Colour and pattern of a value; every colour has its own pattern, so that print and any eye can tell them apart. */
function strip(draw: DrawContext, { colour }: SchemeValue, box: Box): void {
  const { canvas, palette } = draw;
  const inner = { x: box.x + 1, y: box.y + 1, width: Math.max(1, box.width - 2), height: box.height - 2 };
  canvas.fillStyle = palette.codes[colour];
  canvas.fillRect(inner.x, inner.y, inner.width, inner.height);
  const pattern = SCHEME_COLOURS.indexOf(colour);
  canvas.fillStyle = palette.panel;
  if (pattern === 1 || pattern === 5) hatch(canvas, inner, palette.panel, 1.2, pattern === 1 ? 4 : 7);
  if (pattern === 2) quincunx(canvas, inner, palette.panel);
  if (pattern === 3 || pattern === 6) {
    for (let y = inner.y + 2; y < inner.y + inner.height; y += 4) canvas.fillRect(inner.x, y, inner.width, 1);
  }
  if (pattern === 4 || pattern === 6) {
    for (let x = inner.x + 2; x < inner.x + inner.width; x += 4) canvas.fillRect(x, inner.y, 1, inner.height);
  }
  if (pattern === 7 && inner.width > 4) canvas.fillRect(inner.x + 2, inner.y + 2, inner.width - 4, inner.height - 4);
}
