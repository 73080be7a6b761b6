import type { Segment } from '../segments/segment.js';

/** Where a segment's words hold what was searched, characters [start, end). */
export interface FoundWords {
  readonly segmentId: string;
  readonly places: readonly { readonly start: number; readonly end: number }[];
}

/** Text for comparing: lower case, one character for one, so that places stay places. */
const folded = (text: string): string => [...text].map((sign) => foldSign(sign)).join('');

/** A sign in lower case without its accents, where that keeps its length; else as it is. */
function foldSign(sign: string): string {
  const bare = sign.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return bare.length === sign.length ? bare : sign;
}

/**
 * Finds words in the segments, whatever their case or accents.
 * @returns segments that hold them, in the given order, with all places; none for a query without a sign.
 */
export function findWords(segments: readonly Segment[], query: string): readonly FoundWords[] {
  const wanted = folded(query.trim());
  if (wanted === '') return [];
  return segments.flatMap(({ id, text }) => {
    if (text === undefined) return [];
    const words = folded(text);
    const places: { start: number; end: number }[] = [];
    for (let at = words.indexOf(wanted); at >= 0; at = words.indexOf(wanted, at + wanted.length)) {
      places.push({ start: at, end: at + wanted.length });
    }
    return places.length > 0 ? [{ segmentId: id, places }] : [];
  });
}

/** Speakers of the segments, in order of first speaking. */
export function speakersOf(segments: readonly Segment[]): readonly string[] {
  return [...new Set(segments.flatMap(({ speaker }) => speaker ?? []))];
}
