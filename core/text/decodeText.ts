import type { Problem } from '../problems/problem.js';

/** Characters of windows-1252 bytes 0x80 to 0x9f; the five unassigned bytes map to their C1 controls (WHATWG Encoding). */
const WINDOWS_1252_HIGH =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/**
 * Own table, because several releases of Node decode `windows-1252` as ISO 8859-1.
 * @param bytes any bytes; every one has a character.
 */
function decodeWindows1252(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += 4_096) {
    const codes = Array.from(bytes.subarray(start, start + 4_096), (byte) =>
      byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252_HIGH.charCodeAt(byte - 0x80) : byte,
    );
    parts.push(String.fromCharCode(...codes));
  }
  return parts.join('');
}

/** A decoded text file. `text` is undefined when the bytes are no text; the problem then says so. */
export interface DecodedText {
  readonly text?: string;
  readonly problems: readonly Problem[];
}

function startsWith(bytes: Uint8Array, ...prefix: number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

/**
 * Decodes a text file: UTF-8 with or without byte order mark, UTF-16 LE or BE with one, otherwise windows-1252 with a
 * Problem that says it was assumed. Bytes with NUL characters after decoding are refused as no text.
 * @param what the file in words, for messages, for example `transcript`.
 * @param area first part of the problem codes.
 */
export function decodeText(bytes: Uint8Array, what: string, area: string): DecodedText {
  const problems: Problem[] = [];
  let text: string;
  if (startsWith(bytes, 0xff, 0xfe)) {
    text = new TextDecoder('utf-16le').decode(bytes);
  } else if (startsWith(bytes, 0xfe, 0xff)) {
    text = new TextDecoder('utf-16be').decode(bytes);
  } else {
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      text = decodeWindows1252(bytes);
      problems.push({
        code: `${area}.encoding`,
        severity: 'warning',
        message: `The ${what} is not valid UTF-8; it was read as windows-1252.`,
        tip: 'Look at accented letters and quotation marks; if they are wrong, save the file as UTF-8 and load it again.',
      });
    }
  }
  if (text.includes('\0')) {
    return {
      problems: [
        {
          code: `${area}.binary`,
          severity: 'error',
          message: `The ${what} holds NUL characters, so it is not a text file in UTF-8, UTF-16 with a byte order mark or windows-1252.`,
          tip: 'Save it as plain text in UTF-8 and load it again.',
        },
      ],
    };
  }
  return { text, problems };
}
