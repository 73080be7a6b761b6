import { quantile } from '../../../core/statistics/quantile.js';
import type { VisualTrack } from '../../../core/perception/perception.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import { firstFrameFrom } from '../../../core/quality/tracks.js';
import type { TimeRange } from '../../../core/time/microseconds.js';

/** Extractor id and version of the segment features made here. */
export const VISUAL_FUNCTIONALS = 'expression-functionals/2';

const CLASSES = EMOTIONS.length;
/** Floor of the posteriors before the logarithm. */
const LOG_FLOOR = 1e-4;

/** Statistics of the centred log ratios in the order of the features; each gives one value per class. */
const STATISTICS: readonly ((values: readonly number[]) => number)[] = [
  mean,
  deviation,
  (values) => quantile(values, 0.1),
  (values) => quantile(values, 0.9),
  ...[0, 1, 2].map((third) => (values: readonly number[]) => {
    const { length } = values;
    return mean(values.slice(Math.floor((third * length) / 3), Math.ceil(((third + 1) * length) / 3)));
  }),
  meanStep,
];

/** Number of features: eight statistics of the log ratios and the dominance of seven classes. */
export const VISUAL_FUNCTIONAL_COUNT = (STATISTICS.length + 1) * CLASSES;

/**
 * Expression features of a segment from the posteriors of its usable frames. Most are statistics of centred log ratios
 * (log posterior minus its mean over the classes, Aitchison 1982), the scale on which the network's error is additive:
 * mean, population standard deviation, 10th and 90th percentile, mean of each third, mean absolute step between
 * frames. The last is the share of frames in which a class has the largest posterior. They come statistic by
 * statistic, each in the order of EMOTIONS. The training package computes the same in Python; a fixture keeps the two
 * equal.
 * @param usable half-open ranges, sorted and disjoint; frames shown outside are left out.
 * @returns 63 values, or undefined when no frame with a measured expression lies in the ranges.
 */
export function visualFunctionals(track: VisualTrack, usable: readonly TimeRange[]): Float32Array | undefined {
  const rows: Float32Array[] = [];
  for (const { start, end } of usable) {
    const last = firstFrameFrom(track, end);
    for (let frame = firstFrameFrom(track, start); frame < last; frame += 1) {
      const row = track.expression.subarray(frame * CLASSES, (frame + 1) * CLASSES);
      if (!Number.isNaN(row[0]!)) rows.push(row);
    }
  }
  if (rows.length === 0) return undefined;
  const ratios = rows.map(centredLogRatios);
  const curves = EMOTIONS.map((_, index) => ratios.map((row) => row[index]!));
  const winners = rows.map((row) => row.indexOf(Math.max(...row)));
  const dominance = EMOTIONS.map((_, index) => mean(winners.map((winner) => (winner === index ? 1 : 0))));
  return Float32Array.from([...STATISTICS.flatMap((statistic) => curves.map(statistic)), ...dominance]);
}

function centredLogRatios(posteriors: Float32Array): number[] {
  const logs = Array.from(posteriors, (value) => Math.log(Math.min(Math.max(value, LOG_FLOOR), 1)));
  const centre = mean(logs);
  return logs.map((value) => value - centre);
}

/** Mean absolute difference of neighbours; 0 for one value. */
function meanStep(values: readonly number[]): number {
  return values.length < 2 ? 0 : mean(values.slice(1).map((value, index) => Math.abs(value - values[index]!)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
