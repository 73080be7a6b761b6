/** Measuring one stream of a recording: what is asked, what comes back, and where it may run. */
import type { Perception } from '../../core/perception/perception.js';
import type { Problem } from '../../core/problems/problem.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import type { Microseconds } from '../../core/time/microseconds.js';

/** Sampled frames per second of every recording. */
export const FRAME_RATE_HZ = 5;

export type StreamKind = 'sound' | 'picture';

/** A recording that has the stream to measure. Plain data. */
export interface StreamTask {
  /** Absolute path of the media file. */
  readonly path: string;
  readonly info: MediaInfo;
  /** The folder that holds `perception/`. */
  readonly modelsDir: string;
}

export interface StreamControl {
  readonly signal: AbortSignal;
  /** Called with the end of what has been measured so far, on the recording's clock. */
  readonly onTime: (time: Microseconds) => void;
}

/** The part of a perception that comes from the streams. */
export type Streams = Pick<Perception, 'audio' | 'peaks' | 'visual' | 'decodedAudioEnd' | 'decodedVideoEnd' | 'speech'>;

export interface Measured<S> {
  readonly streams: S;
  readonly problems: readonly Problem[];
}

/** Decodes and measures streams, in this thread or in others; the numbers are the same. */
export interface StreamMeasurer {
  /** Names everything that the results depend on. */
  readonly versions: readonly string[];
  /**
   * Measures one stream of a recording.
   * @throws ProblemError when nothing can be decoded or a network is missing
   * @throws the signal's reason when aborted, within half a second; the decoder is gone by then or about to go
   */
  measure(kind: StreamKind, task: StreamTask, control: StreamControl): Promise<Measured<Partial<Streams>>>;
}
