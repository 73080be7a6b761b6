import type { VisualTrack } from '../../../core/perception/perception.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import { firstFrameFrom } from '../../../core/quality/tracks.js';
import type { TimeRange } from '../../../core/time/microseconds.js';

/** Extractor id and version of the segment features made here. */
export const VISUAL_FUNCTIONALS = 'expression-functionals/1';

const CLASSES = EMOTIONS.length;
/** Floor of the posteriors before the logarithm. */
const LOG_FLOOR = 1e-4;

/** Statistics in the order of the features; each gives one value per class. */
const STATISTICS: readonly ((values: readonly number[]) => number)[] = [
  mean,
  deviation,
  (values) => quantile(values, 0.1),
  (values) => quantile(values, 0.9),
  (values) => mean(values.map((value) => Math.log(Math.min(Math.max(value, LOG_FLOOR), 1)))),
  (values) => mean(values.slice(0, Math.ceil(values.length / 2))),
  (values) => mean(values.slice(Math.floor(values.length / 2))),
];

/** Number of features: seven statistics of seven classes. */
export const VISUAL_FUNCTIONAL_COUNT = STATISTICS.length * CLASSES;

/**
 * Expression features of a segment: mean, population standard deviation, 10th and 90th percentile, mean logarithm,
 * mean of the first and of the second half of the posteriors of its usable frames, statistic by statistic, each in
 * the order of EMOTIONS. The training package computes the same in Python; a fixture keeps the two equal.
 * @param usable half-open ranges, sorted and disjoint; frames shown outside are left out.
 * @returns 49 values, or undefined when no frame with a measured expression lies in the ranges.
 */
export function visualFunctionals(track: VisualTrack, usable: readonly TimeRange[]): Float32Array | undefined {
  const frames: number[] = [];
  for (const { start, end } of usable) {
    const last = firstFrameFrom(track, end);
    for (let frame = firstFrameFrom(track, start); frame < last; frame += 1) {
      if (!Number.isNaN(track.expression[frame * CLASSES]!)) frames.push(frame);
    }
  }
  if (frames.length === 0) return undefined;
  const curves = EMOTIONS.map((_, index) => frames.map((frame) => track.expression[frame * CLASSES + index]!));
  return Float32Array.from(STATISTICS.flatMap((statistic) => curves.map((curve) => statistic(curve))));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Quantile with linear interpolation, as numpy's default (Hyndman and Fan 1996, type 7). */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  const high = sorted[Math.ceil(position)]!;
  return low + (high - low) * (position - Math.floor(position));
}
