import type { Microseconds, TimeRange } from '../../core/time/microseconds.js';
import { type FrameClock, snapToFrame } from '../document/frames.js';
import { type Viewport, visibleIndexes } from './viewport.js';
import type { SortedItems } from './timelineModel.js';

/** Distance within which an edge or cue is preferred to the frame, px. */
const CATCH = 7;

/** What a time can snap to besides frames. */
export interface SnapTargets {
  readonly lists: readonly SortedItems<{ readonly range: TimeRange }>[];
  readonly times: readonly number[];
  /** What is being dragged: its own edges catch nothing. */
  readonly except?: TimeRange | undefined;
}

/**
 * The nearest edge of a segment, mark or cue, or the playhead, when it is within a few pixels; else the nearest frame.
 */
export function snapTime(time: number, viewport: Viewport, targets: SnapTargets, clock: FrameClock): Microseconds {
  const reach = (CATCH * viewport.span) / viewport.width;
  const near: Viewport = { start: time - reach, span: 2 * reach, width: 1, duration: viewport.duration };
  let best: number | undefined;
  const offer = (candidate: number) => {
    const distance = Math.abs(candidate - time);
    if (distance <= reach && (best === undefined || distance < Math.abs(best - time))) best = candidate;
  };
  targets.times.forEach(offer);
  for (const { items, starts, longest } of targets.lists) {
    const [from, to] = visibleIndexes(starts, longest, near);
    for (let index = from; index < to; index += 1) {
      const range = items[index]?.range;
      if (range && range !== targets.except) {
        offer(range.start);
        offer(range.end);
      }
    }
  }
  return best === undefined ? snapToFrame(time, clock) : (best as Microseconds);
}
