import { type Microseconds, microseconds } from '../../core/time/microseconds.js';

/** Steps used where there is no picture: 10 ms, one row of acoustic descriptors. */
const AUDIO_STEPS_PER_SECOND = 100;

/** Where the frames of a recording begin; everything that steps or snaps asks it. */
export interface FrameClock {
  /** Number of the frame shown at a time; the first one before the first frame. */
  frameAt(time: number): number;
  /** Start of a frame; the last one's beyond the end of a list. */
  frameStart(frame: number): Microseconds;
}

/** Frames at a steady rate; 10 ms steps where there is no picture. */
export function steadyFrames(framesPerSecond: number | undefined): FrameClock {
  const rate =
    framesPerSecond !== undefined && framesPerSecond > 0 ? Math.min(framesPerSecond, 1e6) : AUDIO_STEPS_PER_SECOND;
  return {
    // a microsecond of slack takes up the rounding of frame starts
    frameAt: (time) => Math.max(0, Math.floor(((time + 1) * rate) / 1e6)),
    frameStart: (frame) => microseconds(Math.round((Math.max(0, frame) * 1e6) / rate)),
  };
}

/**
 * Frames where the file says they are, for video of variable frame rate.
 * @param starts presentation times in microseconds, ascending; without any, steps are 10 ms.
 * @param end end of the recording, the last boundary.
 */
export function listedFrames(starts: ArrayLike<number>, end: Microseconds): FrameClock {
  const { length } = starts;
  if (length === 0) return steadyFrames(undefined);
  return {
    frameAt: (time) => (time >= end ? length : Math.max(0, countUpTo(starts, time) - 1)),
    frameStart: (frame) => (frame >= length ? end : microseconds(starts[Math.max(0, frame)] ?? 0)),
  };
}

/** How many of the ascending values are at most `limit`. */
function countUpTo(values: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The frame boundary nearest to `time`. */
export function snapToFrame(time: number, clock: FrameClock): Microseconds {
  const frame = clock.frameAt(time);
  const [before, after] = [clock.frameStart(frame), clock.frameStart(frame + 1)];
  return Math.abs(after - time) < Math.abs(time - before) ? after : before;
}

/** `time` moved by whole frames. Back from the middle of a frame goes to the frame before it. */
export function stepFrames(time: number, frames: number, clock: FrameClock): Microseconds {
  return clock.frameStart(clock.frameAt(time) + frames);
}

/** Length of the frame at `time`, at least a microsecond: the least that an edit leaves of a segment or mark. */
export function frameLength(time: number, clock: FrameClock): Microseconds {
  const frame = clock.frameAt(time);
  return microseconds(Math.max(1, clock.frameStart(frame + 1) - clock.frameStart(frame)));
}
