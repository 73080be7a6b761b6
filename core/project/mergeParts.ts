/** What the parts of a merge share: conflicts, comparing, free names. */
import type { AnnotationDocument } from '../document/annotationDocument.js';

/** `both` keeps their side beside mine: a label as another rater's, an item of a list under another id. */
export const CHOICES = ['mine', 'theirs', 'both'] as const;
export type Choice = (typeof CHOICES)[number];

/** Something that both sides have and say differently. */
export interface Conflict {
  /** Unique in the recording, stable for the same two documents. */
  readonly key: string;
  readonly kind: 'segment' | 'label' | 'mark' | 'field';
  /** In words: `segment s0003`, `label of R1 for s0004`, `parameters`. */
  readonly what: string;
  readonly mine: string;
  readonly theirs: string;
  readonly choices: readonly Choice[];
}

export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** JSON with keys in order, so that equal values have equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** An id of the form of `wanted` that is not taken. */
export function freeId(wanted: string, taken: Set<string>): string {
  const base = wanted.slice(0, 70);
  let id = wanted;
  for (let number = 2; taken.has(id); number += 1) id = `${base}.${number}`;
  taken.add(id);
  return id;
}

/** Names a stretch of time. */
export const rangeKey = ({ range }: { readonly range: { readonly start: number; readonly end: number } }): string =>
  `${range.start} ${range.end}`;

/** What a choice does to the document that is being made. */
export interface Step {
  readonly conflict: Conflict;
  readonly take: (document: AnnotationDocument, choice: Choice) => AnnotationDocument;
}
