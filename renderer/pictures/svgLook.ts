/** Copies of SVG elements that look the same without the page's style sheet. */

/** Properties that make up the look of an SVG element; written into the copy, because a file has no style sheet. */
const LOOK = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-opacity'],
  ...['opacity', 'font-family', 'font-size', 'font-style', 'font-weight', 'text-anchor', 'dominant-baseline'],
  ...['visibility', 'display'],
] as const;
const PAGE_ONLY = [
  'class',
  'style',
  'data-picture',
  'data-caption',
  'data-legend',
  'data-axes',
  'data-testid',
  'aria-hidden',
];

/** Things of the moment, as the line of the player; a picture leaves them out. */
export const NOW_ONLY = '[data-now]';

/** A colour that every program reads, and how much of it covers: style sheets may compute `color(srgb …)` and alpha. */
export function plainColour(value: string): { readonly colour: string; readonly opacity: number } {
  const [, red, green, blue, cover] =
    /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(value) ?? [];
  if (red !== undefined) {
    const parts = [red, green, blue].map((part) => Math.round(255 * Number(part)));
    return { colour: `rgb(${parts.join(', ')})`, opacity: Number(cover ?? 1) };
  }
  const [, parts, alpha] = /^rgba\(([^)]+), ([\d.]+)\)$/.exec(value) ?? [];
  return parts === undefined ? { colour: value, opacity: 1 } : { colour: `rgb(${parts})`, opacity: Number(alpha) };
}

/** A copy of an element with its computed look; `references` gets the ids of what it points to. */
function withLook(source: Element, references: Set<string>): Element {
  const copy = source.cloneNode(false) as Element;
  const style = getComputedStyle(source);
  for (const name of LOOK) {
    const value = style.getPropertyValue(name);
    if (value === '') continue;
    const id = /url\("?#([^")]+)"?\)/.exec(value)?.[1];
    if (id !== undefined) references.add(id);
    copy.setAttribute(name, id === undefined ? plainColour(value).colour : `url(#${id})`);
  }
  for (const name of ['fill', 'stroke']) {
    const { opacity } = plainColour(style.getPropertyValue(name));
    const own = Number(style.getPropertyValue(`${name}-opacity`));
    if (opacity < 1) copy.setAttribute(`${name}-opacity`, String(opacity * own));
  }
  for (const name of PAGE_ONLY) copy.removeAttribute(name);
  for (const child of source.childNodes) {
    if (child instanceof Element) {
      if (!child.matches(NOW_ONLY)) copy.append(withLook(child, references));
    } else if (child instanceof Text) copy.append(child.cloneNode());
  }
  return copy;
}

/** A copy of a plot as markup, with the patterns of the page that it uses. */
export function svgWithLook(svg: SVGSVGElement, place: Readonly<Record<string, number>>): string {
  const references = new Set<string>();
  const copy = withLook(svg, references);
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  const definitions = document.createElementNS('http://www.w3.org/2000/svg', 'defs');
  for (const id of references) {
    const target = document.getElementById(id);
    if (target && !svg.contains(target)) definitions.append(withLook(target, new Set()));
  }
  if (definitions.childElementCount > 0) copy.prepend(definitions);
  return new XMLSerializer().serializeToString(copy);
}
