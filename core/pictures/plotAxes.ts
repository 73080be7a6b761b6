/** Axes of a plot that the page draws without: values to the left, time below. */
import { formatHms } from '../time/format.js';
import { microseconds } from '../time/microseconds.js';
import { pictureColours } from './colours.js';
import { element, estimatedWidth, textLine } from './svg.js';

export interface PlotAxes {
  /** Values at bottom and top of the plot, with their unit. */
  readonly values: readonly [number, number];
  readonly unit: string;
  /** Times at its left and right end, microseconds. */
  readonly times: readonly [number, number];
}

const BELOW = 22;
const GAP = 8;

function valueWords(value: number, span: number): string {
  return value.toFixed(span < 1 ? 2 : span < 20 ? 1 : 0).replace('-', '−');
}

/** The axes of a plot whose top left stands `left` px from theirs. */
export function drawnAxes(
  { values, unit, times }: PlotAxes,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly drawn: string; readonly left: number; readonly below: number } {
  const colours = pictureColours(false);
  const span = Math.abs(values[1] - values[0]);
  const words = values.map((value) => valueWords(value, span));
  const left = Math.ceil(Math.max(...[...words, unit].map((word) => estimatedWidth(word)))) + GAP;
  const right = (y: number, text: string) =>
    textLine(left - GAP + 2, y, text, { fill: colours.ink2, 'text-anchor': 'end' });
  const middle = height >= 40 && unit !== '' ? right(height / 2 + 4, unit) : '';
  const ends = times.map((time) => formatHms(microseconds(Math.round(time))));
  const tick = (x: number) => element('line', { x1: x, x2: x, y1: height, y2: height + 4, stroke: colours.edge });
  const drawn = [
    right(10, words[1] ?? ''),
    middle,
    right(height, words[0] ?? ''),
    element('line', { x1: left, x2: left, y1: 0, y2: height, stroke: colours.edge }),
    tick(left),
    tick(left + width),
    textLine(left, height + 16, ends[0] ?? '', { fill: colours.ink2 }),
    textLine(left + width, height + 16, ends[1] ?? '', { fill: colours.ink2, 'text-anchor': 'end' }),
  ].join('');
  return { drawn, left, below: BELOW };
}
