import type { AnnotationDocument } from '../document/annotationDocument.js';
import type { Microseconds, TimeRange } from '../time/microseconds.js';
import { EMOTION_SCHEME, type Scheme } from './scheme.js';

/** A row of annotations beside the segments: free text, or values of a scheme. */
export interface AnnotationTier {
  readonly id: string;
  /** Unique within the document. */
  readonly name: string;
  /** Scheme of the values; free text without one. */
  readonly schemeId?: string;
}

/** A stretch of time with a value, on a tier. Annotations may overlap. */
export interface TierAnnotation {
  readonly id: string;
  readonly tierId: string;
  readonly range: TimeRange;
  /** Text, or a value of the tier's scheme; absent as long as nobody has said one, never ''. */
  readonly value?: string;
  /** Pseudonym of who made it. */
  readonly raterId: string;
  readonly note?: string;
  readonly flagged?: true;
  /** Made live: this was taken off the times at which keys were pressed, µs; absent where nothing was. */
  readonly reactionLag?: Microseconds;
  /** ISO 8601 UTC time of the last change. */
  readonly modifiedUtc: string;
}

/** Most tiers of one recording. */
export const MOST_TIERS = 40;

/** All schemes of a document, the built-in one first. */
export function schemesOf(document: Pick<AnnotationDocument, 'schemes'>): readonly Scheme[] {
  return [EMOTION_SCHEME, ...(document.schemes ?? [])];
}

/** The scheme of a tier; undefined for free text. */
export function schemeOf(
  document: Pick<AnnotationDocument, 'schemes'>,
  tier: Pick<AnnotationTier, 'schemeId'>,
): Scheme | undefined {
  return schemesOf(document).find((scheme) => scheme.id === tier.schemeId);
}

/** The first of `prefix0001`, `prefix0002`, … after the highest in use, so that an id that was removed is not given again. */
export function nextId(prefix: string, items: readonly { readonly id: string }[]): string {
  const numbers = items.map(({ id }) =>
    id.startsWith(prefix) ? Number(/^\d{1,12}$/.exec(id.slice(prefix.length))?.[0] ?? 0) : 0,
  );
  return `${prefix}${String(numbers.reduce((most, number) => Math.max(most, number), 0) + 1).padStart(4, '0')}`;
}
