/** Names of our own tiers: `kind@owner`, as ELAN users name theirs (`utterance@Anna`); read back by `parseTierName`. */
import { TIER_KINDS, type TierKind } from './annotationSet.js';

/** Owner of the model's labels and confidences. */
export const MODEL_OWNER = 'model';

/** Name of a tier of ours, `label@R1`, `state@audio`, or the bare kind without an owner. */
export function tierName(kind: TierKind, owner?: string): string {
  return owner === undefined ? kind : `${kind}@${owner}`;
}

/** Name of a tier of the person's own with its rater, as owner of a tier of the kind `tier`. */
export function ownerOfTier(name: string, raterId: string): string {
  return `${name}@${raterId}`;
}

/** What `ownerOfTier` was made of; a rater without an @ is none. */
export function partsOfOwner(owner: string): { readonly name: string; readonly raterId: string | undefined } {
  const at = owner.lastIndexOf('@');
  if (at <= 0) return { name: owner, raterId: undefined };
  return { name: owner.slice(0, at), raterId: owner.slice(at + 1) };
}

/** Kind and owner of a name made by `tierName`; undefined for the name of a tier of somebody else. */
export function parseTierName(name: string): { readonly kind: TierKind; readonly owner?: string } | undefined {
  const at = name.indexOf('@');
  const head = at < 0 ? name : name.slice(0, at);
  const kind = TIER_KINDS.find((item) => item === head);
  if (kind === undefined || kind === 'other') return undefined;
  const owner = at < 0 ? '' : name.slice(at + 1);
  return owner === '' ? { kind } : { kind, owner };
}
