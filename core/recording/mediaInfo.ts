import type { Microseconds } from '../time/microseconds.js';

/** Container of a recording that is a file of ready-made feature vectors: there is nothing to play. */
export const FEATURE_CONTAINER = 'features';

/** What the container says about a recording, all times on the recording's one clock (container start = 0). */
export interface MediaInfo {
  /** Container format name as ffprobe gives it. */
  readonly container: string;
  readonly sizeBytes: number;
  readonly duration: Microseconds;
  /**
   * Time stamp, on the file's own clock, of the recording's time 0. Already subtracted from every other time here; decoders need it. 0
   * where absent.
   */
  readonly containerStart?: Microseconds;
  readonly audio?: {
    readonly codec: string;
    readonly sampleRateHz: number;
    readonly channels: number;
    /** Start of the stream relative to the container's start. */
    readonly start: Microseconds;
    /** End of the stream as the container declares it; absent where it declares none. */
    readonly end?: Microseconds;
  };
  readonly video?: {
    readonly codec: string;
    /** Size as displayed, rotation applied. */
    readonly width: number;
    readonly height: number;
    /** Average frame rate in frames per second; the real rate may vary. */
    readonly framesPerSecond: number;
    /** Clockwise rotation that was applied for display: 0, 90, 180 or 270. */
    readonly rotationDegrees: number;
    readonly start: Microseconds;
    readonly end?: Microseconds;
  };
}
