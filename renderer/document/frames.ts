import { type Microseconds, microseconds } from '../../core/time/microseconds.js';

/** Steps used where there is no picture: 10 ms, one row of acoustic descriptors. */
const AUDIO_STEPS_PER_SECOND = 100;

/** Frame rate to step and snap by; undefined for audio only. */
export type FrameRate = number | undefined;

function rate(framesPerSecond: FrameRate): number {
  return framesPerSecond !== undefined && framesPerSecond > 0 ? framesPerSecond : AUDIO_STEPS_PER_SECOND;
}

/** Number of the frame shown at `time`. A microsecond of slack takes up the rounding of frame starts. */
export function frameAt(time: number, framesPerSecond: FrameRate): number {
  return Math.floor(((time + 1) * rate(framesPerSecond)) / 1e6);
}

/** Start of a frame, rounded to the microsecond. */
export function frameStart(frame: number, framesPerSecond: FrameRate): Microseconds {
  return microseconds(Math.round((frame * 1e6) / rate(framesPerSecond)));
}

/** The frame boundary nearest to `time`, never before the start of the recording. */
export function snapToFrame(time: number, framesPerSecond: FrameRate): Microseconds {
  return frameStart(Math.max(0, Math.round((time * rate(framesPerSecond)) / 1e6)), framesPerSecond);
}

/** `time` moved by whole frames. */
export function stepFrames(time: number, frames: number, framesPerSecond: FrameRate): Microseconds {
  return frameStart(Math.max(0, frameAt(time, framesPerSecond) + frames), framesPerSecond);
}
