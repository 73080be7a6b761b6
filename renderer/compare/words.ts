import { MODALITIES, type Modality, MODALITY_KEY } from '../../core/recording/modality.js';
import type { AblationName } from '../../core/recovery/estimate.js';

const NAMES: Readonly<Record<string, string>> = { T: 'T', A: 'A', V: 'V' };
const PLAIN: Readonly<Record<Modality, string>> = { text: 'words', audio: 'voice', visual: 'face' };

/** `TA` -> `T and A`. */
export function patternWords(pattern: string): string {
  return listWords([...pattern].map((key) => NAMES[key] ?? key));
}

/** `TA` -> `words and voice`. */
export function patternNames(pattern: string): string {
  return listWords(MODALITIES.filter((modality) => pattern.includes(MODALITY_KEY[modality])).map((m) => PLAIN[m]));
}

export function plainName(modality: Modality): string {
  return PLAIN[modality];
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? 'nothing') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Titles of what can be left out. */
export const WITHOUT_TITLE: Readonly<Record<AblationName, string>> = {
  recovery: 'Without recovery',
  text: 'Without T',
  audio: 'Without A',
  visual: 'Without V',
};

const QUANTITIES: Readonly<Record<string, string>> = {
  f0: 'pitch',
  hnr: 'harmonics to noise',
  jitter_local: 'jitter',
  shimmer_local: 'shimmer',
  voiced_segments_rate: 'voiced stretches per second',
  loudness_peaks_rate: 'loudness peaks per second',
};

/** `f0.sd` -> `pitch, sd`. */
export function quantityTitle(name: string): string {
  const [quantity = name, statistic] = name.split('.');
  const title = QUANTITIES[quantity] ?? quantity.replaceAll('_', ' ');
  return statistic === undefined ? title : `${title}, ${statistic}`;
}
