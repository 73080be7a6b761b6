/** What an element of the page shows, as SVG: its plots, its words where they stand, its boxes. Nothing of it is a bitmap. */
import { element, textLine } from '../../core/pictures/svg.js';
import { NOW_ONLY, plainColour, svgWithLook } from './svgLook.js';

interface Corner {
  readonly left: number;
  readonly top: number;
}

interface Line {
  words: string;
  left: number;
  right: number;
  readonly top: number;
  readonly bottom: number;
}

const HIDDEN = `.visually-hidden, select, input, ${NOW_ONLY}`;
const SIDES = ['top', 'right', 'bottom', 'left'] as const;

/** Does something while the page has the light theme: pictures go on paper. Nothing is painted meanwhile. */
function inLightTheme<T>(action: () => T): T {
  const { dataset } = document.documentElement;
  const before = dataset['theme'];
  dataset['theme'] = 'light';
  // colours that fade would still be those of the other theme
  dataset['picturing'] = '';
  try {
    return action();
  } finally {
    if (before === undefined) delete dataset['theme'];
    else dataset['theme'] = before;
    delete dataset['picturing'];
  }
}

/** The drawing of an element, its top left at 0, 0, in the light theme. */
export function snapshotOf(shown: Element): {
  readonly width: number;
  readonly height: number;
  readonly drawn: string;
} {
  return inLightTheme(() => {
    const { left, top, width, height } = shown.getBoundingClientRect();
    return { width, height, drawn: drawElement(shown, { left, top }) };
  });
}

function drawElement(shown: Element, corner: Corner): string {
  const style = getComputedStyle(shown);
  if (shown.matches(HIDDEN) || style.display === 'none' || style.visibility === 'hidden') return '';
  const box = shown.getBoundingClientRect();
  const [x, y] = [box.left - corner.left, box.top - corner.top];
  if (shown instanceof SVGSVGElement) return svgWithLook(shown, { x, y, width: box.width, height: box.height });
  const inside = [...shown.childNodes].map((child) => {
    if (child instanceof Element) return drawElement(child, corner);
    return child instanceof Text ? drawText(child, style, corner) : '';
  });
  return drawBox(style, { x, y, width: box.width, height: box.height }) + inside.join('');
}

function drawBox(style: CSSStyleDeclaration, box: { x: number; y: number; width: number; height: number }): string {
  const { colour, opacity } = plainColour(style.backgroundColor);
  const filled = opacity > 0 ? element('rect', { ...box, fill: colour, 'fill-opacity': opacity }) : '';
  const { x, y, width, height } = box;
  const ends = {
    top: [x, y, x + width, y],
    right: [x + width, y, x + width, y + height],
    bottom: [x, y + height, x + width, y + height],
    left: [x, y, x, y + height],
  } as const;
  const borders = SIDES.map((side) => {
    const thick = Number.parseFloat(style.getPropertyValue(`border-${side}-width`));
    const kind = style.getPropertyValue(`border-${side}-style`);
    const ink = plainColour(style.getPropertyValue(`border-${side}-color`));
    if (!(thick > 0) || kind === 'none' || ink.opacity === 0) return '';
    const dashes = kind === 'dashed' ? '4 3' : kind === 'dotted' ? '1 2' : undefined;
    const [x1, y1, x2, y2] = ends[side];
    return element('line', {
      ...{ x1, y1, x2, y2, stroke: ink.colour, 'stroke-width': thick, 'stroke-dasharray': dashes },
    });
  });
  return filled + borders.join('');
}

/** Lines of a text as the page broke them. */
function linesOf(text: Text): readonly Line[] {
  const lines: Line[] = [];
  const range = document.createRange();
  for (const { index, 0: word } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const box = range.getClientRects()[0];
    if (!box || box.width === 0) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.top - box.top) < 2) {
      last.words += ` ${word}`;
      last.right = box.right;
    } else lines.push({ words: word, left: box.left, right: box.right, top: box.top, bottom: box.bottom });
  }
  return lines;
}

function drawText(text: Text, style: CSSStyleDeclaration, corner: Corner): string {
  const size = Number.parseFloat(style.fontSize);
  const { colour } = plainColour(style.color);
  return linesOf(text)
    .map(({ words, left, right, top, bottom }) =>
      textLine(left - corner.left, (top + bottom) / 2 - corner.top + size * 0.35, words, {
        ...{ fill: colour, 'font-size': size, 'font-weight': style.fontWeight, 'font-style': style.fontStyle },
        // the words keep their place where another font is wider
        ...{ textLength: right - left, lengthAdjust: 'spacingAndGlyphs' },
      }),
    )
    .join('');
}
