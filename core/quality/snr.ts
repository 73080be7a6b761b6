import type { AudioTrack } from '../perception/perception.js';
import { fromSeconds, microseconds, type TimeRange } from '../time/microseconds.js';
import { audioRowsIn, DIGITAL_ZERO_DBFS } from './tracks.js';

/** An estimated signal-to-noise ratio and how it was got. */
export interface SnrEstimate {
  /** Ratio in dB, from -20 to 60. */
  readonly db: number;
  /**
   * `pauses`: noise measured between stretches of speech; `floor`: no pause near, noise is the quietest tenth of rows,
   * an upper bound of the noise; `levels`: no speech was recognised, loudest against quietest tenth.
   */
  readonly method: 'pauses' | 'floor' | 'levels';
}

/** Rows surely speech and surely not; rows between count for neither. */
const SPEECH_MIN = 0.5;
const PAUSE_MAX = 0.35;
/** Context on either side in which noise is looked for, because utterances have few pauses inside. */
const CONTEXT = fromSeconds(2);
const MIN_SPEECH_ROWS = 10;
const MIN_PAUSE_ROWS = 20;
/** Below this share of rows with any sound the rest says nothing about the stretch; the silence is reported itself. */
const MIN_SOUND_SHARE = 0.5;
const LOWEST_DB = -20;
const HIGHEST_DB = 60;

interface Powers {
  readonly speech: readonly number[];
  readonly pauses: readonly number[];
  readonly all: readonly number[];
}

const powerOf = (dbfs: number): number => 10 ** (dbfs / 10);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Powers of the rows; digital zero is no noise and no speech, so it counts for nothing. */
function collect(track: AudioTrack, range: TimeRange): Powers {
  const inside = audioRowsIn(track, range);
  const around = audioRowsIn(track, {
    start: microseconds(range.start - CONTEXT),
    end: microseconds(range.end + CONTEXT),
  });
  const speech: number[] = [];
  const pauses: number[] = [];
  const all: number[] = [];
  for (let row = around.first; row < around.last; row += 1) {
    const level = track.levelDbfs[row] ?? Number.NaN;
    if (!(level > DIGITAL_ZERO_DBFS)) continue;
    const power = powerOf(level);
    const probability = track.speechProbability[row] ?? Number.NaN;
    const isInside = row >= inside.first && row < inside.last;
    if (isInside) all.push(power);
    if (isInside && probability >= SPEECH_MIN) speech.push(power);
    if (probability < PAUSE_MAX) pauses.push(power);
  }
  return { speech, pauses, all };
}

/** 10 log10((S - N) / N) with S the power of speech plus noise; bounded where speech hardly exceeds the noise. */
function ratioDb(total: number, noise: number): number {
  const db = 10 * Math.log10(Math.max(total - noise, Number.MIN_VALUE) / noise);
  return Math.min(HIGHEST_DB, Math.max(LOWEST_DB, db));
}

/**
 * Estimates the signal-to-noise ratio of a stretch of speech by power subtraction: mean power of its speech rows
 * (speech probability >= 0.5) minus the noise, over the noise. Noise is the mean power of non-speech rows (< 0.35)
 * within 2 s of the stretch; with fewer than 0.2 s of these, the quietest tenth of the stretch's rows. Where no speech
 * was recognised at all, the loudest tenth stands for speech.
 * @returns undefined where fewer than 0.1 s of sound, or less than half of the stretch, could be measured.
 */
export function estimateSnr(track: AudioTrack, range: TimeRange): SnrEstimate | undefined {
  const { speech, pauses, all } = collect(track, range);
  const rows = audioRowsIn(track, range);
  if (all.length < Math.max(MIN_SPEECH_ROWS, MIN_SOUND_SHARE * (rows.last - rows.first))) return undefined;
  const floor = percentile(all, 0.1);
  if (speech.length < MIN_SPEECH_ROWS) return { db: ratioDb(percentile(all, 0.9), floor), method: 'levels' };
  const signal = mean(speech);
  return pauses.length >= MIN_PAUSE_ROWS
    ? { db: ratioDb(signal, mean(pauses)), method: 'pauses' }
    : { db: ratioDb(signal, floor), method: 'floor' };
}
