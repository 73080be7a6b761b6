/** SVG as text. Every text and attribute value is escaped here and nowhere else. */
import { escapeXml } from '../text/escapeXml.js';

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A number with at most two decimals, as short as it can be. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** One element with its children; attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? short(value) : escapeXml(value)}"`],
  );
  const inside = children.join('');
  return inside === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${inside}</${name}>`;
}

/** A line of text; the words are escaped. */
export function textLine(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeXml(words));
}

/** Coordinates of a path with at most two decimals. */
export function pathData(...parts: readonly (string | number)[]): string {
  return parts.map((part) => (typeof part === 'number' ? short(part) : part)).join(' ');
}

/** Width of words at 11 px, estimated from mean advances of the platform faces; a picture has no font to measure. */
export function estimatedWidth(words: string, size = 11): number {
  return words.length * size * 0.54;
}

/** Words cut with an ellipsis to fit `room` px; empty when not even three letters fit. */
export function cutToFit(words: string, room: number, size = 11): string {
  if (estimatedWidth(words, size) <= room) return words;
  const length = Math.floor(room / (size * 0.54)) - 1;
  return length < 2 ? '' : `${words.slice(0, length)}…`;
}

/** Words broken into lines of at most `room` px. */
export function wrapWords(words: string, room: number, size = 11): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && estimatedWidth(longer, size) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}
