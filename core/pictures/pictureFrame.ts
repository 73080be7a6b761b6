/** What every saved picture has around its plot: title, legend, caption. */
import type { Analysis } from '../analysis/analysis.js';
import type { PictureColours } from './colours.js';
import { pictureColours } from './colours.js';
import { type Pen, patternDefinitions, stateCell } from './statePatterns.js';
import { MODALITY_STATES } from '../recording/modality.js';
import { element, estimatedWidth, textLine, wrapWords } from './svg.js';
import { escapeXml } from '../text/escapeXml.js';

/** One entry of a legend: a drawing of 26 by 14 px at the given place, and what it means. */
export interface LegendEntry {
  readonly draw: (x: number, y: number) => string;
  readonly words: string;
}

export interface PictureOptions {
  readonly greyscale?: boolean;
  /** Begins the ids inside the picture; needed where several stand in one page. */
  readonly prefix?: string;
}

export interface Picture {
  readonly title: string;
  readonly width: number;
  /** Height of the plot, px. */
  readonly height: number;
  /** Drawing of the plot, its top left at 0, 0. */
  readonly draw: (pen: Pen) => string;
  readonly legend: (pen: Pen) => readonly LegendEntry[];
  /** What was drawn and from what: bundle, seed, parameters. */
  readonly caption: string;
}

const FONT = "'Segoe UI', 'Helvetica Neue', 'Inter', 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif";
const MARGIN = 12;
const TITLE = 30;
const LEGEND_ROW = 20;

/** The pen of a picture. */
function penOf(options: PictureOptions): Pen {
  const greyscale = options.greyscale ?? false;
  const colours: PictureColours = pictureColours(greyscale);
  return { colours, greyscale, prefix: options.prefix ?? 'p' };
}

function placeLegend(entries: readonly LegendEntry[], width: number, { colours }: Pen) {
  let [x, y] = [0, 0];
  const parts = entries.map(({ draw, words }) => {
    const needed = 32 + estimatedWidth(words) + 18;
    if (x > 0 && x + needed > width) [x, y] = [0, y + LEGEND_ROW];
    const drawn = draw(x, y) + textLine(x + 32, y + 11, words, { fill: colours.ink2 });
    x += needed;
    return drawn;
  });
  return { drawn: parts.join(''), height: entries.length === 0 ? 0 : y + LEGEND_ROW };
}

/** A whole picture as an SVG document: self-contained, without script, style sheet or outside reference. */
export function svgPicture(picture: Picture, options: PictureOptions = {}): string {
  const pen = penOf(options);
  const { colours } = pen;
  const width = picture.width + 2 * MARGIN;
  const legend = placeLegend(picture.legend(pen), picture.width, pen);
  const lines = wrapWords(picture.caption, picture.width, 10.5);
  const legendTop = TITLE + picture.height + 12;
  const captionTop = legendTop + legend.height + 12;
  const height = captionTop + lines.length * 15 + 6;
  const caption = lines.map((line, index) =>
    textLine(MARGIN, captionTop + index * 15, line, { fill: colours.ink3, 'font-size': 10.5 }),
  );
  return element(
    'svg',
    {
      ...{ xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${Math.ceil(height)}` },
      ...{ role: 'img', 'font-family': FONT, 'font-size': 11 },
    },
    element('title', {}, escapeXml(picture.title)),
    element('desc', {}, escapeXml(picture.caption)),
    patternDefinitions(pen),
    element('rect', { width, height, fill: colours.paper }),
    textLine(MARGIN, 19, picture.title, { fill: colours.ink, 'font-size': 13, 'font-weight': 600 }),
    element('g', { transform: `translate(${MARGIN} ${TITLE})` }, picture.draw(pen)),
    element('g', { transform: `translate(${MARGIN} ${legendTop})` }, legend.drawn),
    ...caption,
  );
}

/** Legend of the four states. */
export function stateLegend(pen: Pen): readonly LegendEntry[] {
  const meaning = { observed: '', degraded: ', used', recovered: ', made by the model', missing: '' } as const;
  return MODALITY_STATES.map((state) => ({
    draw: (x, y) => stateCell(pen, 'visual', state, { x, y, width: 26, height: 14 }, false),
    words: state + meaning[state],
  }));
}

/** What a picture was made from, in words: program, bundle, seed, parameters. */
export function captionOf(
  { bundle, parameters, provider, intervalLevel }: Analysis,
  about: { readonly recordingId: string; readonly appVersion: string; readonly what: string },
): string {
  const recovery = parameters.recover
    ? `${parameters.samples} samples per recovered modality, seed ${parameters.seed}`
    : 'recovery switched off';
  return (
    `${about.what} Recording ${about.recordingId}. Bundle ${bundle.id} ${bundle.version} (SHA-256 ${bundle.sha256.slice(0, 12)}), ` +
    `${recovery}, provider ${provider}, intervals at ${Math.round(intervalLevel * 100)} %. Lacuna ${about.appVersion}.`
  );
}
