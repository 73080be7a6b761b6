/** Measures streams in the calling thread: each is decoded and handed piece by piece to its extractor. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AudioTrack, VisualTrack, WaveformPeaks } from '../../core/perception/perception.js';
import { fromSeconds, type TimeRange } from '../../core/time/microseconds.js';
import { AUDIO_RATE_HZ, decodeAudio } from '../media/decodeAudio.js';
import { decodeFrames, type VideoFrame } from '../media/decodeFrames.js';
import {
  FRAME_RATE_HZ,
  type Measured,
  type StreamControl,
  type StreamMeasurer,
  type Streams,
  type StreamTask,
} from './streamMeasurer.js';

/** Samples measured between two looks at the signal: a quarter of a second takes some 10 ms. */
const STEP_SAMPLES = 4096;

/** What was heard in a recording. */
interface AudioResult {
  readonly track: AudioTrack;
  readonly peaks: WaveformPeaks;
  readonly speech: readonly TimeRange[];
}

/** Measures a stream piece by piece. Used for one recording. */
interface StreamExtractor<Piece, Result> {
  push(piece: Piece): Promise<void> | void;
  finish(): Promise<Result> | Result;
}

/** Makes the extractors; `versions` names everything that their results depend on. */
export interface Extractors {
  readonly versions: readonly string[];
  audio(modelsDir: string): Promise<StreamExtractor<Float32Array, AudioResult>>;
  visual(modelsDir: string, rateHz: number): Promise<StreamExtractor<VideoFrame, VisualTrack>>;
}

/** A measurer that runs the extractors in the calling thread, which is blocked while a network runs. */
export function measureHere(extractors: Extractors): StreamMeasurer {
  return {
    get versions() {
      return extractors.versions;
    },
    measure: (kind, task, control) =>
      kind === 'sound' ? measureSound(extractors, task, control) : measurePicture(extractors, task, control),
  };
}

async function measureSound(
  extractors: Extractors,
  { path, info, modelsDir }: StreamTask,
  { signal, onTime }: StreamControl,
): Promise<Measured<Partial<Streams>>> {
  const extractor = await extractors.audio(modelsDir);
  signal.throwIfAborted();
  const decoding = decodeAudio(path, info, { signal });
  let samples = 0;
  for await (const chunk of decoding) {
    for (let start = 0; start < chunk.length; start += STEP_SAMPLES) {
      await extractor.push(chunk.subarray(start, start + STEP_SAMPLES));
      // Networks block this thread; without a full turn of the event loop a cancellation would never be heard.
      await nextTurn();
      signal.throwIfAborted();
    }
    samples += chunk.length;
    onTime(fromSeconds(samples / AUDIO_RATE_HZ));
  }
  signal.throwIfAborted();
  const { track, peaks, speech } = await extractor.finish();
  const { decodedEnd, problems } = decoding.outcome();
  return { streams: { audio: track, peaks, speech, decodedAudioEnd: decodedEnd }, problems };
}

async function measurePicture(
  extractors: Extractors,
  { path, info, modelsDir }: StreamTask,
  { signal, onTime }: StreamControl,
): Promise<Measured<Partial<Streams>>> {
  const extractor = await extractors.visual(modelsDir, FRAME_RATE_HZ);
  signal.throwIfAborted();
  const decoding = decodeFrames(path, info, { rateHz: FRAME_RATE_HZ, signal });
  for await (const frame of decoding) {
    await extractor.push(frame);
    onTime(frame.timestamp);
    await nextTurn();
  }
  signal.throwIfAborted();
  const visual = await extractor.finish();
  const { decodedEnd, problems } = decoding.outcome();
  return { streams: { visual, decodedVideoEnd: decodedEnd }, problems };
}
