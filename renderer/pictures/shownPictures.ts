import { drawnAxes, type PlotAxes } from '../../core/pictures/plotAxes.js';
import type { LegendEntry, Picture } from '../../core/pictures/pictureFrame.js';
import { stateLegend } from '../../core/pictures/pictureFrame.js';
import { inGrey } from '../../core/pictures/colours.js';
import { snapshotOf } from './snapshot.js';

/**
 * Plots on the page that can be saved: elements with `data-picture="Title"`, their caption in `data-caption`. `data-axes`
 * holds the axes that the page draws elsewhere (`PlotAxes` as JSON), `data-legend` the id of its legend where that stands
 * outside the element.
 */
export function shownPlots(): readonly (HTMLElement | SVGElement)[] {
  return [...document.querySelectorAll<HTMLElement | SVGElement>('[data-picture]')].filter(
    (shown) => shown.getBoundingClientRect().width > 0,
  );
}

/** Entries of a legend on the page: a drawing of 26 by 14 px and words each. */
function legendOf(id: string | undefined): readonly LegendEntry[] {
  const entries = id === undefined ? undefined : document.getElementById(id)?.querySelectorAll('[data-key]');
  return [...(entries ?? [])].map((entry) => {
    const key = entry.querySelector('svg');
    const { drawn } = key ? snapshotOf(key) : { drawn: '' };
    return {
      draw: (x, y) => `<g transform="translate(${x} ${y})">${drawn}</g>`,
      words: entry.textContent.trim().replace(/\s+/g, ' '),
    };
  });
}

/** A plot of the page as a picture, in the light theme, with its axes, its legend and the patterns that it uses. */
export function pictureOfPlot(shown: HTMLElement | SVGElement, caption: string): Picture {
  const { width, height, drawn } = snapshotOf(shown);
  const { picture: title = 'Plot', caption: own, axes: axesText, legend } = shown.dataset;
  const axes = axesText === undefined ? undefined : drawnAxes(JSON.parse(axesText) as PlotAxes, { width, height });
  const usesStates = /url\(#(?:recovered|degraded)-(?:text|audio|visual)\)/.test(drawn);
  const entries = legendOf(legend);
  return {
    title,
    width: Math.max(width + (axes?.left ?? 0), 420),
    height: height + (axes?.below ?? 0),
    draw: ({ greyscale }) => {
      const whole = axes ? `${axes.drawn}<g transform="translate(${axes.left} 0)">${drawn}</g>` : drawn;
      return greyscale ? inGrey(whole) : whole;
    },
    legend: (pen) => [
      ...entries.map(({ draw, words }) => ({
        draw: (x: number, y: number) => (pen.greyscale ? inGrey(draw(x, y)) : draw(x, y)),
        words,
      })),
      ...(usesStates ? stateLegend(pen) : []),
    ],
    caption: own === undefined ? caption : `${own} ${caption}`,
  };
}
