import type { Microseconds } from '../time/microseconds.js';

/** What the container says about a recording, all times on the recording's one clock (container start = 0). */
export interface MediaInfo {
  /** Container format name as ffprobe gives it. */
  readonly container: string;
  readonly sizeBytes: number;
  readonly duration: Microseconds;
  readonly audio?: {
    readonly codec: string;
    readonly sampleRateHz: number;
    readonly channels: number;
    /** Start of the stream relative to the container's start. */
    readonly start: Microseconds;
  };
  readonly video?: {
    readonly codec: string;
    /** Size as displayed, rotation applied. */
    readonly width: number;
    readonly height: number;
    /** Average frame rate in frames per second; the real rate may vary. */
    readonly framesPerSecond: number;
    readonly rotationDegrees: number;
    readonly start: Microseconds;
  };
}
