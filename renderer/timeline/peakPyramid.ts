import type { WaveformPeaks } from '../../core/perception/perception.js';
import { microseconds } from '../../core/time/microseconds.js';

/** Bins of one level that become one of the next. */
const SHRINK = 8;
/** Share of bins that may be louder than what fills the row: a single click must not make speech flat. */
const LOUDER_SHARE = 0.001;
const MOST_GAIN = 32;

/** Peaks in several resolutions, fine to coarse, so that drawing a long recording looks at few bins per pixel. */
export interface PeakPyramid {
  readonly levels: readonly WaveformPeaks[];
  /** Factor that makes a quiet recording fill the row: a power of two from 1 to 32, so that it can be named. */
  readonly gain: number;
}

function shrink(peaks: WaveformPeaks): WaveformPeaks {
  const { minMax } = peaks;
  const bins = Math.ceil(minMax.length / 2 / SHRINK);
  const coarse = new Int16Array(bins * 2);
  for (let bin = 0; bin < bins; bin += 1) {
    let low = 32_767;
    let high = -32_768;
    const end = Math.min(minMax.length, (bin + 1) * SHRINK * 2);
    for (let at = bin * SHRINK * 2; at < end; at += 2) {
      low = Math.min(low, minMax[at] ?? 0);
      high = Math.max(high, minMax[at + 1] ?? 0);
    }
    coarse[bin * 2] = low;
    coarse[bin * 2 + 1] = high;
  }
  return { hop: microseconds(peaks.hop * SHRINK), minMax: coarse };
}

function gainOf({ minMax }: WaveformPeaks): number {
  const histogram = new Uint32Array(257);
  for (const value of minMax) {
    const bucket = Math.ceil(Math.abs(value) / 128);
    histogram[bucket] = (histogram[bucket] ?? 0) + 1;
  }
  let above = 0;
  let level = 256;
  for (; level > 0; level -= 1) {
    above += histogram[level] ?? 0;
    if (above > minMax.length * LOUDER_SHARE) break;
  }
  const wanted = 256 / Math.max(1, level);
  return Math.min(MOST_GAIN, 2 ** Math.floor(Math.log2(wanted)));
}

/** Builds the coarser levels of the peaks of a recording. */
export function peakPyramid(peaks: WaveformPeaks): PeakPyramid {
  const levels = [peaks];
  for (let last = peaks; last.minMax.length > 4_096; levels.push(last)) last = shrink(last);
  return { levels, gain: gainOf(peaks) };
}

/** The coarsest level that still has at least two bins per `perPixel` microseconds, else the finest. */
export function levelFor(pyramid: PeakPyramid, perPixel: number): WaveformPeaks {
  const { levels } = pyramid;
  return (
    levels.findLast((level) => level.hop * 2 <= perPixel) ??
    levels[0] ?? { hop: microseconds(1), minMax: new Int16Array(0) }
  );
}
