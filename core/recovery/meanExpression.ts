import type { VisualTrack } from '../perception/perception.js';
import { firstFrameFrom } from '../quality/tracks.js';
import { EMOTIONS } from '../recording/emotion.js';
import type { TimeRange } from '../time/microseconds.js';

/**
 * Mean posterior of every expression, in EMOTIONS order, over the frames in the ranges whose expression was measured:
 * what the decoded expressions of a recovered face stand for.
 * @param ranges half-open, sorted and disjoint.
 * @returns undefined when no such frame lies in the ranges.
 */
export function meanExpression(track: VisualTrack, ranges: readonly TimeRange[]): number[] | undefined {
  const sums = EMOTIONS.map(() => 0);
  let count = 0;
  for (const { start, end } of ranges) {
    const last = firstFrameFrom(track, end);
    for (let frame = firstFrameFrom(track, start); frame < last; frame += 1) {
      const row = track.expression.subarray(frame * EMOTIONS.length, (frame + 1) * EMOTIONS.length);
      if (!row.every(Number.isFinite)) continue;
      row.forEach((value, emotion) => (sums[emotion] = sums[emotion]! + value));
      count += 1;
    }
  }
  return count === 0 ? undefined : sums.map((sum) => sum / count);
}
