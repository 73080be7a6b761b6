/** Edits of the tiers themselves. Each gives a new document; the old one stays. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { LONGEST_NAME } from './scheme.js';
import { type AnnotationTier, MOST_TIERS, nextId, schemesOf } from './tier.js';

/**
 * A usable name: trimmed, not empty, at most 80 characters, and none of the others.
 * @throws RangeError with a sentence for the person.
 */
export function checkName(name: string, others: readonly string[], what: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new RangeError(`Give the ${what} a name.`);
  if (trimmed.length > LONGEST_NAME) throw new RangeError(`The name is longer than ${LONGEST_NAME} characters.`);
  if (others.includes(trimmed)) throw new RangeError(`There is a ${what} “${trimmed}” already.`);
  return trimmed;
}

function requireTier(document: AnnotationDocument, id: string): AnnotationTier {
  const tier = document.tiers?.find((candidate) => candidate.id === id);
  if (!tier) throw new RangeError(`no tier ${id}`);
  return tier;
}

/**
 * Adds a tier below the others: free text, or of a scheme.
 * @throws RangeError when the name is taken or empty, the scheme does not exist, or there are too many tiers.
 */
export function addTier(
  document: AnnotationDocument,
  name: string,
  schemeId?: string,
): { readonly document: AnnotationDocument; readonly tier: AnnotationTier } {
  const tiers = document.tiers ?? [];
  if (tiers.length >= MOST_TIERS) throw new RangeError(`There are ${MOST_TIERS} tiers already, the most there can be.`);
  const checked = checkName(
    name,
    tiers.map((tier) => tier.name),
    'tier',
  );
  if (schemeId !== undefined && !schemesOf(document).some((scheme) => scheme.id === schemeId)) {
    throw new RangeError(`no scheme ${schemeId}`);
  }
  // ids of tiers that annotations of an undone edit may still name are not given again
  const known = [...tiers, ...(document.annotations ?? []).map(({ tierId }) => ({ id: tierId }))];
  const tier: AnnotationTier = {
    id: nextId('t', known),
    name: checked,
    ...(schemeId === undefined ? {} : { schemeId }),
  };
  return { document: { ...document, tiers: [...tiers, tier] }, tier };
}

/** Gives a tier another name. @throws RangeError when there is no such tier or the name is taken or empty. */
export function renameTier(document: AnnotationDocument, id: string, name: string): AnnotationDocument {
  const tier = requireTier(document, id);
  const tiers = document.tiers ?? [];
  const others = tiers.filter((other) => other !== tier).map((other) => other.name);
  const checked = checkName(name, others, 'tier');
  if (checked === tier.name) return document;
  return { ...document, tiers: tiers.map((other) => (other === tier ? { ...tier, name: checked } : other)) };
}

/** Moves a tier up (-1) or down (1) among the others; the same document at the end of the list. */
export function moveTier(document: AnnotationDocument, id: string, by: 1 | -1): AnnotationDocument {
  const tiers = [...(document.tiers ?? [])];
  const tier = requireTier(document, id);
  const from = tiers.indexOf(tier);
  const to = from + by;
  if (to < 0 || to >= tiers.length) return document;
  tiers.splice(from, 1);
  tiers.splice(to, 0, tier);
  return { ...document, tiers };
}

/** Removes a tier with all its annotations, of all raters. @throws RangeError when there is no such tier. */
export function removeTier(document: AnnotationDocument, id: string): AnnotationDocument {
  const tier = requireTier(document, id);
  return {
    ...document,
    tiers: (document.tiers ?? []).filter((other) => other !== tier),
    annotations: (document.annotations ?? []).filter((annotation) => annotation.tierId !== id),
  };
}
