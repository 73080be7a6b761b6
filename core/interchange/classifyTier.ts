/** Guesses what the tiers of other people's files are; the person can say otherwise before anything is imported. */
import { MODALITIES, type Modality } from '../recording/modality.js';
import { hasWords } from '../transcript/cueText.js';
import type { TierKind } from './annotationSet.js';
import { parseEmotion } from './emotionWords.js';
import { parseMarkText } from './markText.js';
import { parseTierName } from './tierNames.js';

/** What a file says about a tier beside its name. */
export interface TierHints {
  readonly annotator?: string | undefined;
  readonly participant?: string | undefined;
  /** The tier says more about another one: a translation, a gloss. */
  readonly isDependent?: boolean;
  /** Its values come from a list. */
  readonly hasVocabulary?: boolean;
}

export interface TierGuess {
  readonly kind: TierKind;
  readonly owner?: string;
}

/** Values that are looked at; the rest of a long tier is like them. */
const LOOKED_AT = 500;
const WORDS = /(?:^|[\s_\-.@])(?:words?|tokens?|wrd)(?:$|[\s_\-.@])/i;
const SOUNDS = /phon|phone|syll|pitch|tone|gloss|morph|pos(?:$|[\s_\-.@])/i;
const SPEECH = /transcri|utter|text|sentence|ortho|speech|caption|subtitle|say|spk|speaker/i;

/** The modality that a name speaks of: `marks (audio)`, `face`, `sound quality`. */
function modalityInName(name: string): Modality | undefined {
  const lower = name.toLowerCase();
  const exact = MODALITIES.find((item) => lower.includes(item));
  if (exact !== undefined) return exact;
  if (/face|video|picture|image/.test(lower)) return 'visual';
  if (/sound|noise|voice|speech/.test(lower)) return 'audio';
  return /transcript|word/.test(lower) ? 'text' : undefined;
}

function owned(kind: TierKind, ...owners: readonly (string | undefined)[]): TierGuess {
  const owner = owners.find((item) => item !== undefined && item.trim() !== '')?.trim();
  return owner === undefined ? { kind } : { kind, owner };
}

/** Average number of words per value. */
function wordsPerValue(values: readonly string[]): number {
  const words = values.reduce((sum, value) => sum + value.trim().split(/\s+/).length, 0);
  return values.length === 0 ? 0 : words / values.length;
}

/**
 * Kind and owner of a tier, by its name when we wrote it, else by what stands on it: emotions are labels, kinds of
 * damage are marks, several words per annotation are a transcript.
 */
export function classifyTier(name: string, allValues: readonly string[], hints: TierHints = {}): TierGuess {
  const ours = parseTierName(name);
  if (ours !== undefined) return ours.owner === undefined ? owned(ours.kind, hints.participant) : ours;
  const values = allValues.slice(0, LOOKED_AT);
  if (values.length === 0) return { kind: 'other' };
  if (values.every((value) => parseEmotion(value) !== undefined)) {
    return owned('label', hints.annotator, hints.participant, name);
  }
  if (values.every((value) => parseMarkText(value) !== undefined)) return owned('mark', modalityInName(name));
  if (hints.hasVocabulary === true || hints.isDependent === true || SOUNDS.test(name)) return { kind: 'other' };
  if (!values.some(hasWords)) return { kind: 'other' };
  const perValue = wordsPerValue(values);
  if (WORDS.test(name) && perValue <= 1.05) return owned('word', hints.participant);
  const isSpeech = perValue >= 1.5 || SPEECH.test(name);
  return isSpeech ? owned('transcript', hints.participant) : { kind: 'other' };
}
