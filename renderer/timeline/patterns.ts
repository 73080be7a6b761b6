import type { ModalityState } from '../../core/recording/modality.js';
import type { ModalityColours, Palette } from './palette.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const SHORT_WORD: Readonly<Record<ModalityState, string>> = {
  observed: 'obs.',
  degraded: 'degr.',
  recovered: 'rec.',
  missing: 'miss.',
};

/** Word that fits a cell of the given width: the full word, its short form, or none (then the tooltip says it). */
export function stateWord(state: ModalityState, width: number): string {
  if (width >= 70) return state;
  return width >= 36 ? SHORT_WORD[state] : '';
}

export function setFont(context: CanvasRenderingContext2D, palette: Palette, weight: 400 | 600 = 400): void {
  context.font = `${weight} 11px ${palette.font}`;
}

/** 45 degree lines over a box. `period` is the distance between lines, px. */
export function hatch(
  context: CanvasRenderingContext2D,
  box: Box,
  colour: string,
  width: number,
  period: number,
): void {
  const step = period * Math.SQRT2;
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.beginPath();
  hatchLines(context, box, step);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
  context.restore();
}

/** Adds 45 degree lines to the current path; anchored to the page, so that hatches of neighbours line up. */
export function hatchLines(context: CanvasRenderingContext2D, box: Box, step: number): void {
  const bottom = box.y + box.height;
  const first = Math.ceil((box.x + box.y) / step) * step;
  for (let sum = first; sum < box.x + box.width + bottom; sum += step) {
    context.moveTo(sum - box.y, box.y);
    context.lineTo(sum - bottom, bottom);
  }
}

/** Dots of radius 1.15 on a 6x6 quincunx. */
export function quincunx(context: CanvasRenderingContext2D, box: Box, colour: string): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.beginPath();
  for (let y = box.y + 1.5; y < box.y + box.height + 1; y += 6) {
    for (let x = Math.floor(box.x / 6) * 6 + 1.5; x < box.x + box.width + 3; x += 6) {
      context.moveTo(x + 1.15, y);
      context.arc(x, y, 1.15, 0, Math.PI * 2);
      context.moveTo(x + 4.15, y + 3);
      context.arc(x + 3, y + 3, 1.15, 0, Math.PI * 2);
    }
  }
  context.fillStyle = colour;
  context.fill();
  context.restore();
}

/** Outline of a gap: dotted, round caps, in the edge colour. */
export function gapOutline(context: CanvasRenderingContext2D, box: Box, palette: Palette): void {
  context.save();
  context.strokeStyle = palette.edge;
  context.lineWidth = 1.5;
  context.lineCap = 'round';
  context.setLineDash([0.1, 3.4]);
  context.strokeRect(box.x + 0.75, box.y + 0.75, Math.max(0, box.width - 1.5), box.height - 1.5);
  context.restore();
}

/** One cell of a state row: pattern, colour and word, as the pattern table of the design page has them. */
export function stateCell(
  context: CanvasRenderingContext2D,
  box: Box,
  state: ModalityState,
  colours: ModalityColours,
  palette: Palette,
): void {
  const bar = 3;
  if (state === 'observed' || state === 'degraded') {
    context.fillStyle = colours.tint;
    context.fillRect(box.x, box.y, box.width, box.height);
  } else {
    context.fillStyle = palette.panel;
    context.fillRect(box.x, box.y, box.width, box.height);
  }
  if (state === 'observed') {
    context.fillStyle = colours.mark;
    context.fillRect(box.x, box.y + box.height - bar, box.width, bar);
  } else if (state === 'degraded') {
    quincunx(context, { ...box, height: box.height - bar }, colours.mark);
    dashedLine(context, box, colours.mark);
  } else if (state === 'recovered') {
    hatch(context, box, colours.mark, 1.6, 7);
    dashedOutline(context, box, colours.mark);
  } else {
    gapOutline(context, box, palette);
  }
  cellWord(context, box, state, palette);
}

function dashedLine(context: CanvasRenderingContext2D, box: Box, colour: string): void {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.setLineDash([7, 3]);
  context.beginPath();
  context.moveTo(box.x, box.y + box.height - 1.5);
  context.lineTo(box.x + box.width, box.y + box.height - 1.5);
  context.stroke();
  context.restore();
}

function dashedOutline(context: CanvasRenderingContext2D, box: Box, colour: string): void {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash([5, 3]);
  context.strokeRect(box.x + 0.75, box.y + 0.75, Math.max(0, box.width - 1.5), box.height - 1.5);
  context.restore();
}

function cellWord(context: CanvasRenderingContext2D, box: Box, state: ModalityState, palette: Palette): void {
  const word = stateWord(state, box.width);
  if (word === '') return;
  setFont(context, palette);
  if (state === 'degraded' || state === 'recovered') {
    context.fillStyle = palette.panel;
    const plate = context.measureText(word).width + 8;
    context.beginPath();
    context.roundRect(box.x + 4, box.y + 2, plate, box.height - (state === 'degraded' ? 6 : 4), 2);
    context.fill();
  }
  context.fillStyle = palette.ink;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillText(word, box.x + 8, box.y + box.height / 2 - (state === 'observed' ? 1 : 0.5));
}

/** Shortens `text` with an ellipsis until it fits `room` px; empty when not even two letters fit. */
export function fitText(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = Math.min(text.length - 1, Math.floor(room / 5));
  while (length > 1) {
    const candidate = `${text.slice(0, length)}…`;
    if (context.measureText(candidate).width <= room) return candidate;
    length -= 1;
  }
  return '';
}
