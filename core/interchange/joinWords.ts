import { fromSeconds } from '../time/microseconds.js';
import type { TierItem } from './annotationSet.js';

/** A pause from this length on ends an utterance. */
const PAUSE = fromSeconds(0.5);

/** Single words joined to utterances at pauses of half a second. Words in order of start. */
export function joinWords(words: readonly TierItem[]): TierItem[] {
  const utterances: TierItem[] = [];
  for (const word of words) {
    const last = utterances.at(-1);
    if (last && word.range.start - last.range.end < PAUSE) {
      const range = { start: last.range.start, end: word.range.end > last.range.end ? word.range.end : last.range.end };
      utterances[utterances.length - 1] = { ...last, range, value: `${last.value} ${word.value}` };
    } else {
      utterances.push(word);
    }
  }
  return utterances;
}
