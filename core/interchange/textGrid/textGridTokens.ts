import { refuse } from '../reading.js';

/** A value of a TextGrid: the format counts only free-standing numbers, quoted texts and flags. */
export type TextGridToken =
  | { readonly kind: 'text'; readonly value: string; readonly line: number }
  | { readonly kind: 'number'; readonly value: number; readonly line: number }
  | { readonly kind: 'flag'; readonly value: string; readonly line: number };

// A number stands alone: after white space or the start, before white space or the end; a unit such as `s` may follow.
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?s?$/;

/**
 * Splits a TextGrid into its values. Both text forms give the same values, because everything else (`xmin =`,
 * `intervals [1]:`, comments after `!`) is decoration, as Praat's manual page "TextGrid file formats" says.
 * @throws ProblemError `import.textgrid_quote` where a quotation mark is not closed.
 */
export class TextGridTokens {
  readonly #text: string;
  #index = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Done share, 0 to 1. */
  get fraction(): number {
    return this.#text.length === 0 ? 1 : this.#index / this.#text.length;
  }

  get line(): number {
    return this.#line;
  }

  /** The next value; undefined at the end of the file. */
  next(): TextGridToken | undefined {
    const text = this.#text;
    while (this.#index < text.length) {
      const character = text[this.#index];
      if (character === '\n') this.#line += 1;
      if (character === '"') return this.#quoted();
      if (character === '!') this.#skipComment();
      else if (character === undefined || /\s/.test(character)) this.#index += 1;
      else {
        const token = this.#word();
        if (token) return token;
      }
    }
    return undefined;
  }

  #quoted(): TextGridToken {
    const line = this.#line;
    let value = '';
    let from = this.#index + 1;
    for (;;) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) {
        throw refuse(
          'textgrid_quote',
          `Line ${line}: a quotation mark is opened and never closed; the file may be cut short.`,
          'Save it again from Praat.',
        );
      }
      value += this.#text.slice(from, quote);
      if (this.#text[quote + 1] !== '"') {
        this.#index = quote + 1;
        break;
      }
      value += '"';
      from = quote + 2;
    }
    for (const character of value) if (character === '\n') this.#line += 1;
    return { kind: 'text', value, line };
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#index);
    this.#index = end < 0 ? this.#text.length : end;
  }

  /** A run without white space or quotation marks; undefined when it is decoration. */
  #word(): TextGridToken | undefined {
    const start = this.#index;
    while (this.#index < this.#text.length && !/[\s"]/.test(this.#text[this.#index] ?? ' ')) this.#index += 1;
    const word = this.#text.slice(start, this.#index);
    if (NUMBER.test(word)) return { kind: 'number', value: parseFloat(word), line: this.#line };
    if (/^<[a-z]+>$/.test(word)) return { kind: 'flag', value: word, line: this.#line };
    return undefined;
  }
}
