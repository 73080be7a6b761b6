/** Raters from annotations of any format: tiers of labels and scores. */
import type { AnnotationSet, Tier } from '../interchange/annotationSet.js';
import { parseEmotion } from '../interchange/emotionWords.js';
import { MODEL_OWNER, partsOfOwner } from '../interchange/tierNames.js';
import type { Problem } from '../problems/problem.js';
import { MODALITIES, MODALITY_STATES, type ModalityState } from '../recording/modality.js';
import type { TimeRange } from '../time/microseconds.js';
import type { RaterTrack, Rating, StateStretch } from './rating.js';
import { type Topic, topicOfTier } from './topic.js';
import type { RatingFile, RatingFileDefaults } from './readRatingTable.js';

/** What is taken from the tiers of a file. */
export interface TierSelection extends RatingFileDefaults {
  /** Names of tiers to take as labels whatever they are; each is a rater of its own name. */
  readonly tiers: readonly string[];
}

const rangeKey = ({ start, end }: TimeRange) => `${start} ${end}`;

interface OpenRater {
  readonly raterId: string;
  readonly topic?: Topic;
  readonly raterType: RaterTrack['raterType'];
  readonly byRange: Map<string, Rating>;
}

/** Who speaks on a tier, and of what; undefined for what is no rating. Free text cannot be compared. */
function raterOf(tier: Tier, { tiers, raterId }: TierSelection): Pick<OpenRater, 'raterId' | 'topic'> | undefined {
  if (tiers.includes(tier.name)) return { raterId: tier.owner ?? tier.name };
  if (tier.kind === 'tier' && tier.vocabulary !== undefined) {
    const { name, raterId: named } = partsOfOwner(tier.owner ?? tier.name);
    return { raterId: named ?? raterId, topic: topicOfTier(name) };
  }
  return tier.kind === 'label' || tier.kind === 'score' ? { raterId: tier.owner ?? raterId } : undefined;
}

/** Emotions of other programs have other words; values of a scheme are what they are. */
const labelOf = (value: string, { topic }: OpenRater) =>
  topic === undefined ? (parseEmotion(value) ?? value.trim()) : value.trim();

function addItems(tier: Tier, rater: OpenRater, defaults: RatingFileDefaults): string[] {
  const { recordingId } = defaults;
  const refused: string[] = [];
  for (const { range, value, line } of tier.items) {
    const key = rangeKey(range);
    const known = rater.byRange.get(key) ?? { recordingId, range };
    const score = Number(value.trim().replace(',', '.'));
    if (tier.kind === 'score' && !Number.isFinite(score)) refused.push(line === undefined ? value : String(line));
    else if (tier.kind === 'score') rater.byRange.set(key, { ...known, score });
    else rater.byRange.set(key, { ...known, label: labelOf(value, rater) });
  }
  return refused;
}

/** States of stretches that every modality has a tier item for. */
function statesOf(set: AnnotationSet, recordingId: string): StateStretch[] {
  const byRange = new Map<string, { range: TimeRange; states: Partial<Record<string, ModalityState>> }>();
  for (const tier of set.tiers) {
    const modality = MODALITIES.find((name) => name === tier.owner);
    if (tier.kind !== 'state' || !modality) continue;
    for (const { range, value } of tier.items) {
      const state = MODALITY_STATES.find((name) => name === value.trim());
      const entry = byRange.get(rangeKey(range)) ?? { range, states: {} };
      if (state) entry.states[modality] = state;
      byRange.set(rangeKey(range), entry);
    }
  }
  return [...byRange.values()].flatMap(({ range, states }) => {
    const { text, audio, visual } = states;
    return text && audio && visual ? [{ recordingId, range, states: { text, audio, visual } }] : [];
  });
}

function problemsOf(set: AnnotationSet, selection: TierSelection, refused: readonly string[]): Problem[] {
  const missing = selection.tiers.filter((name) => !set.tiers.some((tier) => tier.name === name));
  const names = set.tiers.map((tier) => tier.name).join(', ');
  return [
    ...missing.map((name): Problem => ({
      code: 'agreement.no_tier',
      severity: 'warning',
      message: `There is no tier ${name}.`,
      tip: `The file has ${names || 'no tiers'}.`,
    })),
    ...(refused.length === 0
      ? []
      : [
          {
            code: 'agreement.score_malformed',
            severity: 'error',
            message: `${refused.length} scores are no numbers and were not taken: ${refused.slice(0, 20).join(', ')}.`,
            tip: 'Correct the values.',
          } satisfies Problem,
        ]),
  ];
}

/** Label and score tiers, and own tiers with a vocabulary, as raters: by owner, else by the name of the file. */
export function ratingsOfTiers(set: AnnotationSet, selection: TierSelection): RatingFile {
  const raters = new Map<string, OpenRater>();
  const refused: string[] = [];
  for (const tier of set.tiers) {
    const who = raterOf(tier, selection);
    if (who === undefined || tier.items.length === 0) continue;
    const raterType = who.raterId === MODEL_OWNER ? 'model' : 'human';
    const key = JSON.stringify([who.raterId, who.topic]);
    const rater = raters.get(key) ?? { ...who, raterType, byRange: new Map<string, Rating>() };
    raters.set(key, rater);
    refused.push(...addItems(tier, rater, selection));
  }
  return {
    tracks: [...raters.values()].map(({ byRange, ...who }) => ({
      ...who,
      ratings: [...byRange.values()].sort((a, b) => a.range.start - b.range.start),
    })),
    states: statesOf(set, selection.recordingId),
    problems: problemsOf(set, selection, refused),
  };
}
