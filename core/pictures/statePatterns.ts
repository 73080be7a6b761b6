/** The four states as the pattern table of the design page draws them, as SVG. */
import { MODALITIES, type Modality, type ModalityState } from '../recording/modality.js';
import type { PictureColours } from './colours.js';
import { element, estimatedWidth, textLine } from './svg.js';

/** What every drawing of one picture shares. */
export interface Pen {
  readonly colours: PictureColours;
  /** Without hue, for print. */
  readonly greyscale: boolean;
  /** Begins the ids of the picture's patterns, so that several pictures can stand in one page. */
  readonly prefix: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pattern definitions that the cells and bands of a picture refer to. */
export function patternDefinitions({ colours, prefix }: Pen): string {
  const hatch = (id: string, size: number, width: number, colour: string) =>
    element(
      'pattern',
      {
        id: `${prefix}-${id}`,
        width: size,
        height: size,
        patternUnits: 'userSpaceOnUse',
        patternTransform: 'rotate(45)',
      },
      element('line', { x1: 1, x2: 1, y1: 0, y2: size, stroke: colour, 'stroke-width': width }),
    );
  const dots = (id: string, colour: string) =>
    element(
      'pattern',
      { id: `${prefix}-${id}`, width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
      element('circle', { cx: 1.5, cy: 1.5, r: 1.15, fill: colour }),
      element('circle', { cx: 4.5, cy: 4.5, r: 1.15, fill: colour }),
    );
  return element(
    'defs',
    {},
    ...MODALITIES.flatMap((modality) => [
      hatch(`recovered-${modality}`, 7, 1.6, colours.modality[modality].mark),
      dots(`degraded-${modality}`, colours.modality[modality].mark),
    ]),
    hatch('band', 6, 1.1, colours.ink3),
  );
}

const SHORT_WORD: Readonly<Record<ModalityState, string>> = {
  observed: 'obs.',
  degraded: 'degr.',
  recovered: 'rec.',
  missing: 'miss.',
};

/** The word that fits a cell: the full one, its short form, or none. */
function stateWord(state: ModalityState, width: number): string {
  if (width >= 70) return state;
  return width >= 36 ? SHORT_WORD[state] : '';
}

/** One cell of a state row: pattern, and the word where there is room. */
export function stateCell(pen: Pen, modality: Modality, state: ModalityState, box: Box, words = true): string {
  const { colours, prefix } = pen;
  const { mark, tint } = colours.modality[modality];
  const { x, y, width, height } = box;
  const bottom = y + height;
  const parts: Readonly<Record<ModalityState, readonly string[]>> = {
    observed: [
      element('rect', { x, y, width, height, fill: tint }),
      element('rect', { x, y: bottom - 3, width, height: 3, fill: mark }),
    ],
    degraded: [
      element('rect', { x, y, width, height, fill: tint }),
      element('rect', { x, y, width, height: height - 3, fill: `url(#${prefix}-degraded-${modality})` }),
      element('line', {
        ...{ x1: x, x2: x + width, y1: bottom - 1.5, y2: bottom - 1.5 },
        ...{ stroke: mark, 'stroke-width': 3, 'stroke-dasharray': '7 3' },
      }),
    ],
    recovered: [
      element('rect', { x, y, width, height, fill: colours.paper }),
      element('rect', { x, y, width, height, fill: `url(#${prefix}-recovered-${modality})` }),
      outline(box, mark, '5 3'),
    ],
    missing: [outline(box, colours.edge, '0.1 3.4', 'round')],
  };
  const word = words ? stateWord(state, width) : '';
  return parts[state].join('') + (word === '' ? '' : plateWord(pen, word, state, box));
}

function outline({ x, y, width, height }: Box, stroke: string, dashes: string, cap?: string): string {
  return element('rect', {
    ...{ x: x + 0.75, y: y + 0.75, width: Math.max(0.5, width - 1.5), height: height - 1.5, fill: 'none' },
    ...{ stroke, 'stroke-width': 1.5, 'stroke-dasharray': dashes, 'stroke-linecap': cap },
  });
}

function plateWord({ colours }: Pen, word: string, state: ModalityState, { x, y, height }: Box): string {
  const plate =
    state === 'degraded' || state === 'recovered'
      ? element('rect', {
          ...{ x: x + 4, y: y + 2, width: estimatedWidth(word) + 8, height: height - 6, rx: 2 },
          fill: colours.paper,
        })
      : '';
  return plate + textLine(x + 8, y + height / 2 + 3, word, { fill: colours.ink });
}

/** Dotted outline of a gap with its words. */
export function gapBox({ colours }: Pen, words: string, box: Box): string {
  const fits = estimatedWidth(words) + 6 < box.width;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 + 4 };
  return (
    outline(box, colours.edge, '0.1 3.4', 'round') +
    (fits ? textLine(middle.x, middle.y, words, { fill: colours.ink2, 'text-anchor': 'middle' }) : '')
  );
}
