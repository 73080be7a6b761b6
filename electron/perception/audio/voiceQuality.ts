import { SAMPLE_RATE_HZ } from './audioClock.js';

/** Window of jitter and shimmer around a row's centre: 60 ms as in eGeMAPS. */
export const QUALITY_WINDOW = 960;
const MIN_PERIODS = 3;
/** Periods are searched this far around the one the pitch tracker gives. */
const SEARCH = 0.12;

/** Cycle-to-cycle irregularity of a voiced row; NaN where fewer than three periods fit the window. */
export interface VoiceQuality {
  /** Mean absolute difference of consecutive periods over the mean period, dimensionless. */
  readonly jitterLocal: number;
  /** Mean absolute level difference of the peak amplitudes of consecutive periods, dB. */
  readonly shimmerLocalDb: number;
}

/**
 * Local jitter and shimmer by waveform matching: every period is the lag of the greatest normalised cross-correlation
 * between one cycle and the next.
 * @param window QUALITY_WINDOW samples around the row. @param frequencyHz F0 of the row.
 */
export function voiceQuality(window: Float64Array, frequencyHz: number): VoiceQuality {
  const expected = SAMPLE_RATE_HZ / frequencyHz;
  const periods: number[] = [];
  const amplitudes: number[] = [];
  let position = firstCycle(window, expected);
  amplitudes.push(peakToPeak(window, position, expected));
  while (position + 2 * expected * (1 + SEARCH) + 1 < window.length) {
    const period = nextPeriod(window, Math.round(position), expected);
    periods.push(period);
    position += period;
    amplitudes.push(peakToPeak(window, position, expected));
  }
  if (periods.length < MIN_PERIODS) return { jitterLocal: Number.NaN, shimmerLocalDb: Number.NaN };
  return {
    jitterLocal: meanStep(periods) / (periods.reduce((sum, period) => sum + period, 0) / periods.length),
    shimmerLocalDb: meanStep(amplitudes.map((amplitude) => 20 * Math.log10(amplitude))),
  };
}

/** Start of the first whole cycle whose strongest sample lies in its middle, so that cycle borders fall between peaks. */
function firstCycle(window: Float64Array, period: number): number {
  let peak = 0;
  for (let i = 1; i < 1.5 * period && i < window.length; i++) {
    if (Math.abs(window[i]!) > Math.abs(window[peak]!)) peak = i;
  }
  const start = peak - period / 2;
  return start < 0 ? start + period : start;
}

function nextPeriod(window: Float64Array, start: number, expected: number): number {
  const length = Math.round(expected);
  const low = Math.max(2, Math.floor(expected * (1 - SEARCH))) - 1;
  const high = Math.ceil(expected * (1 + SEARCH)) + 1;
  const scores: number[] = [];
  for (let lag = low; lag <= high; lag++) scores.push(similarity(window, start, lag, length));
  let best = 1;
  for (let i = 2; i < scores.length - 1; i++) if (scores[i]! > scores[best]!) best = i;
  const [before, here, after] = [scores[best - 1]!, scores[best]!, scores[best + 1]!];
  const bend = before - 2 * here + after;
  const offset = bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend)) : 0;
  return low + best + offset;
}

/** Normalised cross-correlation of the cycle at `start` and the stretch `lag` later. */
function similarity(window: Float64Array, start: number, lag: number, length: number): number {
  const end = Math.min(start + length, window.length - lag);
  let product = 0;
  let energy = 0;
  for (let i = start; i < end; i++) {
    const later = window[i + lag]!;
    product += window[i]! * later;
    energy += later * later;
  }
  return energy > 0 ? product / Math.sqrt(energy) : 0;
}

function peakToPeak(window: Float64Array, start: number, period: number): number {
  let [low, high] = [Infinity, -Infinity];
  const end = Math.min(Math.round(start + period), window.length);
  for (let i = Math.round(start); i < end; i++) {
    low = Math.min(low, window[i]!);
    high = Math.max(high, window[i]!);
  }
  return high - low;
}

function meanStep(values: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += Math.abs(values[i]! - values[i - 1]!);
  return sum / (values.length - 1);
}
