import type { Picture } from '../../core/pictures/pictureFrame.js';
import { stateLegend } from '../../core/pictures/pictureFrame.js';

/** Properties that make up the look of an SVG element; written into the copy, because a file has no style sheet. */
const LOOK = [
  ...[
    'fill',
    'fill-opacity',
    'stroke',
    'stroke-width',
    'stroke-dasharray',
    'stroke-linecap',
    'stroke-opacity',
    'opacity',
  ],
  ...['font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline', 'visibility', 'display'],
] as const;

/** Plots on the page that can be saved: `<svg data-picture="Title">`, their caption in `data-caption`. */
export function shownPlots(): readonly SVGSVGElement[] {
  return [...document.querySelectorAll<SVGSVGElement>('svg[data-picture]')].filter((svg) => svg.clientWidth > 0);
}

/** A copy of an element with its computed look; `references` gets the ids that it points to. */
function withLook(source: Element, references: Set<string>): Element {
  const copy = source.cloneNode(false) as Element;
  const style = getComputedStyle(source);
  for (const name of LOOK) {
    const value = style.getPropertyValue(name);
    if (value === '') continue;
    const id = /url\("?#([^")]+)"?\)/.exec(value)?.[1];
    if (id !== undefined) references.add(id);
    copy.setAttribute(name, id === undefined ? value : `url(#${id})`);
  }
  for (const name of ['class', 'style', 'data-picture', 'data-caption', 'data-testid', 'aria-hidden']) {
    copy.removeAttribute(name);
  }
  for (const child of source.childNodes) {
    if (child instanceof Element) copy.append(withLook(child, references));
    else if (child instanceof Text) copy.append(child.cloneNode());
  }
  return copy;
}

/** Does something while the page has the light theme: pictures go on paper. Nothing is painted meanwhile. */
function inLightTheme<T>(action: () => T): T {
  const { dataset } = document.documentElement;
  const before = dataset['theme'];
  dataset['theme'] = 'light';
  try {
    return action();
  } finally {
    if (before === undefined) delete dataset['theme'];
    else dataset['theme'] = before;
  }
}

/** A plot of the page as a picture, in the light theme, with the patterns that it uses. */
export function pictureOfPlot(svg: SVGSVGElement, caption: string): Picture {
  const references = new Set<string>();
  const { width, height } = svg.getBoundingClientRect();
  const drawn = inLightTheme(() => {
    const copy = withLook(svg, references);
    copy.setAttribute('width', String(width));
    copy.setAttribute('height', String(height));
    const definitions = document.createElementNS('http://www.w3.org/2000/svg', 'defs');
    for (const id of references) {
      const target = document.getElementById(id);
      if (target && !svg.contains(target)) definitions.append(withLook(target, new Set()));
    }
    copy.prepend(definitions);
    return new XMLSerializer().serializeToString(copy);
  });
  const own = svg.dataset['caption'];
  const usesStates = [...references].some((id) => /^(recovered|degraded)-/.test(id));
  return {
    title: svg.dataset['picture'] ?? 'Plot',
    width: Math.max(width, 420),
    height,
    draw: () => drawn,
    legend: (pen) => (usesStates ? stateLegend(pen) : []),
    caption: own === undefined ? caption : `${own} ${caption}`,
  };
}
