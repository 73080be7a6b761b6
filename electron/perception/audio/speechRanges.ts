import { microseconds, type TimeRange } from '../../../core/time/microseconds.js';

/** Thresholds that turn speech probabilities into stretches of speech; times in microseconds. */
const SPEECH_RULE = {
  startProbability: 0.5,
  endProbability: 0.35,
  minSpeech: 250_000,
  minSilence: 300_000,
  pad: 100_000,
} as const;

interface Stretch {
  start: number;
  end: number;
}

/**
 * Stretches of speech by hysteresis: speech begins at a window of at least `startProbability` and ends where the
 * probability stays below `endProbability` for `minSilence`; shorter stretches than `minSpeech` are dropped, the rest
 * is padded and kept inside the recording.
 * @param probabilities one per window. @param hop microseconds per window. @param duration of the recording, microseconds.
 */
export function speechRanges(probabilities: Float32Array, hop: number, duration: number): TimeRange[] {
  const padded: Stretch[] = [];
  for (const { start, end } of rawStretches(probabilities, hop)) {
    if (Math.min(end, duration) - start < SPEECH_RULE.minSpeech) continue;
    const wide = { start: Math.max(0, start - SPEECH_RULE.pad), end: Math.min(duration, end + SPEECH_RULE.pad) };
    const previous = padded.at(-1);
    if (previous && wide.start <= previous.end) previous.end = wide.end;
    else padded.push(wide);
  }
  return padded.map(({ start, end }) => ({ start: microseconds(start), end: microseconds(end) }));
}

function rawStretches(probabilities: Float32Array, hop: number): Stretch[] {
  const stretches: Stretch[] = [];
  let current: Stretch | undefined;
  probabilities.forEach((probability, index) => {
    const start = index * hop;
    if (!current) {
      if (probability >= SPEECH_RULE.startProbability) current = { start, end: start + hop };
    } else if (probability >= SPEECH_RULE.endProbability) {
      current.end = start + hop;
    } else if (start + hop - current.end >= SPEECH_RULE.minSilence) {
      stretches.push(current);
      current = undefined;
    }
  });
  if (current) stretches.push(current);
  return stretches;
}
