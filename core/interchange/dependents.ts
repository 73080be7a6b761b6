/** Restores who depends on whom among tiers of ours, for formats that cannot say it. */
import type { Tier, TierItem } from './annotationSet.js';
import { parseTierName, tierName } from './tierNames.js';

const byRange = ({ range }: TierItem): string => `${range.start}-${range.end}`;

/** Names under which the parent of a tier of ours may stand, best first. */
function parentNames(name: string): readonly string[] {
  const ours = parseTierName(name);
  switch (ours?.kind) {
    case 'score':
    case 'confidence':
    case 'note':
      return [tierName('label', ours.owner), tierName('mark', ours.owner)];
    case 'tier-note':
    case 'tier-flag':
      return [tierName('tier', ours.owner)];
    case 'segment-note':
    case 'segment-flag':
    case 'transcript':
    case 'label':
    case 'state':
      return [tierName('segment')];
    default:
      return [];
  }
}

/**
 * Gives tiers of ours their parents back, by name, where every item has its item of the same times there, as the model
 * promises. Tiers that have a parent keep it under the same condition.
 */
export function withParents(tiers: readonly Tier[]): Tier[] {
  const ranges = new Map(tiers.map((tier) => [tier.name, new Set(tier.items.map(byRange))]));
  return tiers.map((tier) => {
    const { parent: given, ...rest } = tier;
    const candidates = given === undefined ? parentNames(tier.name) : [given];
    const parent = candidates.find((name) => {
      const known = name === tier.name ? undefined : ranges.get(name);
      return known !== undefined && tier.items.every((item) => known.has(byRange(item)));
    });
    return parent === undefined ? rest : { ...rest, parent };
  });
}
