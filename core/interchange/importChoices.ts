/** What becomes of each tier of a file on import: a first guess, which the person can change. */
import { MODALITIES, type Modality } from '../recording/modality.js';
import type { AnnotationSet, Tier } from './annotationSet.js';
import { MODEL_OWNER, parseTierName, partsOfOwner } from './tierNames.js';

/** What a tier is taken as. */
export type TierChoice =
  | { readonly role: 'segments' | 'transcript' | 'speakers' | 'leave out' }
  | { readonly role: 'segment notes' }
  | { readonly role: 'segment flags' }
  | { readonly role: 'labels'; readonly raterId: string }
  | { readonly role: 'scores'; readonly raterId: string }
  | { readonly role: 'notes'; readonly raterId: string }
  | { readonly role: 'tier'; readonly raterId: string; readonly name: string }
  | { readonly role: 'tier notes'; readonly raterId: string; readonly name: string }
  | { readonly role: 'tier flags'; readonly raterId: string; readonly name: string }
  | { readonly role: 'marks'; readonly modality: Modality }
  | { readonly role: 'mark notes'; readonly modality: Modality };

export type ImportRole = TierChoice['role'];

/** Choices by the name of the tier; a tier that is not named is left out. */
export type ImportChoices = ReadonlyMap<string, TierChoice>;

const LEAVE_OUT: TierChoice = { role: 'leave out' };

/** A name as the id of a rater: letters, digits, dot, underscore and hyphen, at most 80. */
export function raterIdOf(name: string | undefined): string {
  const id = (name ?? '')
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, 80);
  return id === '' || id === '_' ? 'R2' : id;
}

function modalityOf(tier: Tier): Modality | undefined {
  return MODALITIES.find((modality) => modality === tier.owner);
}

/** Notes are about marks or about labels, as their parent is. */
function noteChoice(tier: Tier): TierChoice {
  const parent = tier.parent === undefined ? undefined : parseTierName(tier.parent)?.kind;
  const modality = modalityOf(tier);
  if (parent === 'mark' && modality !== undefined) return { role: 'mark notes', modality };
  const isRater = parent === 'label' && tier.owner !== undefined && tier.owner !== MODEL_OWNER;
  return isRater ? { role: 'notes', raterId: raterIdOf(tier.owner) } : LEAVE_OUT;
}

/** Kinds of tiers of ours whose owner is a tier's name and its rater. */
const OF_TIERS: ReadonlySet<Tier['kind']> = new Set(['tier', 'tier-note', 'tier-flag']);

/** As a tier here, or what is remarked on it: of its own name and rater where it was ours, else of the name in the file. */
export function tierChoice(tier: Tier, role: 'tier' | 'tier notes' | 'tier flags' = 'tier'): TierChoice {
  if (!OF_TIERS.has(tier.kind) || tier.owner === undefined) {
    return { role, name: tier.name, raterId: raterIdOf(tier.owner) };
  }
  const { name, raterId } = partsOfOwner(tier.owner);
  return { role, name, raterId: raterIdOf(raterId) };
}

function choose(tier: Tier, has: (kind: Tier['kind']) => boolean): TierChoice {
  const modality = modalityOf(tier);
  switch (tier.kind) {
    case 'segment':
      return { role: 'segments' };
    case 'transcript':
      return { role: 'transcript' };
    case 'word':
      return has('transcript') ? LEAVE_OUT : { role: 'transcript' };
    case 'speaker':
      return has('transcript') || has('word') ? { role: 'speakers' } : LEAVE_OUT;
    case 'label':
      return tier.owner === MODEL_OWNER ? LEAVE_OUT : { role: 'labels', raterId: raterIdOf(tier.owner) };
    case 'score':
      return tier.owner === MODEL_OWNER ? LEAVE_OUT : { role: 'scores', raterId: raterIdOf(tier.owner) };
    case 'mark':
      return modality === undefined ? LEAVE_OUT : { role: 'marks', modality };
    case 'note':
      return noteChoice(tier);
    case 'segment-note':
      return { role: 'segment notes' };
    case 'segment-flag':
      return { role: 'segment flags' };
    case 'tier-note':
      return tierChoice(tier, 'tier notes');
    case 'tier-flag':
      return tierChoice(tier, 'tier flags');
    case 'tier':
    case 'other':
      return tierChoice(tier);
    default:
      return LEAVE_OUT;
  }
}

/**
 * First guess for every tier. What the model or a detector said in another session is left out: it is made again here,
 * and never passes for somebody's judgement.
 */
export function defaultChoices(set: AnnotationSet): ImportChoices {
  const has = (kind: Tier['kind']) => set.tiers.some((tier) => tier.kind === kind && tier.items.length > 0);
  return new Map(
    set.tiers.map((tier) => [tier.name, tier.items.length === 0 ? LEAVE_OUT : choose(tier, has)] as const),
  );
}
