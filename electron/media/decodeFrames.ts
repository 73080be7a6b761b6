/** Streams pictures of a recording, sampled at a fixed rate, with the time at which each is really shown. */
import { ProblemError } from '../../core/problems/problem.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import { fromSeconds, microseconds, MICROSECONDS_PER_SECOND, type Microseconds } from '../../core/time/microseconds.js';
import { ErrorLog, inputArguments, startChild } from './childProgram.js';
import { judgeEnd, undecodable, type DecodeOutcome, type Decoding } from './decodeOutcome.js';
import { mediaPrograms, type MediaProgram } from './ffmpegPrograms.js';

/** One sampled picture, as displayed: rotated and with square pixels. */
export interface VideoFrame {
  /** Presentation time on the recording's clock. */
  readonly timestamp: Microseconds;
  readonly width: number;
  readonly height: number;
  /** Rows of R, G, B bytes, [height x width x 3]. Owned by the consumer. */
  readonly rgb: Uint8Array;
}

export interface DecodeFramesOptions {
  /** Samples per second of the recording's clock. */
  readonly rateHz: number;
  /** Longest side in pixels; larger pictures are scaled down, smaller ones left alone. Default 640. */
  readonly maxSide?: number;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_MAX_SIDE = 640;
/** Containers round time stamps to a millisecond; a frame that close before a grid point belongs to it. */
const GRID_SLACK_SECONDS = 0.001;
/** libavutil major of ffmpeg 6, where `-fps_mode` is sure to exist; `-vsync` is its older name. */
const FPS_MODE_SINCE = 58;
/**
 * Where the recording has at least this many frames per sample, frames that no other frame refers to are not decoded: that halves
 * the work, and every sample still is a real frame with its real time.
 */
const FRAMES_PER_SAMPLE_TO_SKIP = 5;

/**
 * Decodes the first picture track (cover art is none) and yields, for every point of the grid k / rateHz, the first frame shown
 * at or after it, once, with its own presentation time. A frame-rate converter would instead repeat frames across the gaps of a
 * variable-rate recording and give them times at which they never appeared. At a fifth of the recording's frame rate or less, only
 * frames that others refer to count, so that a sample may come a few frames later. Frames are made as fast as they are taken.
 * @throws ProblemError `media.no_video` without a track, `media.visual_undecodable` when nothing can be decoded
 * @throws the signal's reason when aborted; the decoder is gone by then
 */
export function decodeFrames(path: string, info: MediaInfo, options: DecodeFramesOptions): Decoding<VideoFrame> {
  let outcome: DecodeOutcome | undefined;
  async function* iterate(): AsyncGenerator<VideoFrame, void> {
    outcome = yield* decodeSparing(path, info, options);
  }
  return {
    [Symbol.asyncIterator]: iterate,
    outcome: () => {
      if (!outcome) throw new Error('the picture has not been decoded to its end');
      return outcome;
    },
  };
}

/** Some streams mark all of their frames as not referred to; then all are decoded after all. */
async function* decodeSparing(
  path: string,
  info: MediaInfo,
  options: DecodeFramesOptions,
): AsyncGenerator<VideoFrame, DecodeOutcome> {
  const sparing = (info.video?.framesPerSecond ?? 0) >= FRAMES_PER_SAMPLE_TO_SKIP * options.rateHz;
  if (!sparing) return yield* decodeTrack(path, info, options, false);
  try {
    return yield* decodeTrack(path, info, options, true);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'media.visual_undecodable') throw error;
    return yield* decodeTrack(path, info, options, false);
  }
}

async function* decodeTrack(
  path: string,
  info: MediaInfo,
  options: DecodeFramesOptions,
  sparing: boolean,
): AsyncGenerator<VideoFrame, DecodeOutcome> {
  const { video } = info;
  if (!video) throw noVideo(path);
  const { signal, rateHz } = options;
  signal?.throwIfAborted();
  const size = sampledSize(video, options.maxSide ?? DEFAULT_MAX_SIDE);
  const errors = new ErrorLog();
  const times = new FrameTimes();
  const { ffmpeg } = await mediaPrograms();
  const child = startChild(ffmpeg, frameArguments(ffmpeg, path, info, { ...size, rateHz, sparing }), {
    signal,
    onLogLine: (line) => {
      if (!times.add(line)) errors.add(line);
    },
  });
  child.ended.then(
    () => {
      times.close();
    },
    () => {
      times.close();
    },
  );
  try {
    let last: Microseconds | undefined;
    for await (const rgb of wholeFrames(child.stdout, size.width * size.height * 3)) {
      const timestamp = await times.next();
      signal?.throwIfAborted();
      if (timestamp === undefined) break;
      last = timestamp;
      yield { timestamp, ...size, rgb };
    }
    const exitCode = await child.ended;
    signal?.throwIfAborted();
    if (last === undefined) throw undecodable('visual', errors);
    return judgeVideoEnd(info, last, rateHz, exitCode, errors);
  } finally {
    await child.stop();
  }
}

/**
 * A frame stands for the time up to the next grid point, so a stream that ends in between is decoded to its end; the end of a
 * cut one is known to one sampling period.
 */
function judgeVideoEnd(
  info: MediaInfo,
  last: Microseconds,
  rateHz: number,
  exitCode: number | null,
  errors: ErrorLog,
): DecodeOutcome {
  const period = Math.round(MICROSECONDS_PER_SECOND / rateHz);
  const declaredEnd = info.video?.end ?? (errors.count > 0 ? info.duration : undefined);
  const reached = Math.min(last + period, Math.max(info.video?.end ?? info.duration, last));
  return judgeEnd({
    modality: 'visual',
    decodedEnd: microseconds(reached),
    declaredEnd,
    tolerance: microseconds(Math.max(fromSeconds(0.5), 2 * period)),
    exitCode,
    errors,
  });
}

function noVideo(path: string): ProblemError {
  return new ProblemError({
    code: 'media.no_video',
    severity: 'error',
    message: `${path} has no picture track.`,
    tip: 'Analyse it without picture, or choose a file with a picture track.',
    modality: 'visual',
  });
}

/** Size of the sampled pictures in pixels: the display size, scaled down to fit, never up. */
export function sampledSize(
  video: { readonly width: number; readonly height: number },
  maxSide: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, maxSide / Math.max(video.width, video.height));
  return {
    width: Math.max(1, Math.round(video.width * scale)),
    height: Math.max(1, Math.round(video.height * scale)),
  };
}

/**
 * Time stamps are taken as the file has them (`-copyts`), counted in microseconds and shifted by the container's start here,
 * because ffmpeg's own shift depends on its version and on which streams are read. ffmpeg itself applies the rotation, before
 * the filters named here; `showinfo` reports each frame's time in the log, in the order of the frames in the output.
 */
function frameArguments(
  ffmpeg: MediaProgram,
  path: string,
  info: MediaInfo,
  sampling: { readonly width: number; readonly height: number; readonly rateHz: number; readonly sparing: boolean },
): string[] {
  const { width, height, rateHz, sparing } = sampling;
  const slot = (time: string) => `floor((${time}+${GRID_SLACK_SECONDS})*${rateHz})`;
  const filters = [
    'settb=AVTB',
    `setpts=PTS-(${info.containerStart ?? 0})`,
    `select='isnan(prev_selected_t)+gt(${slot('t')},${slot('prev_selected_t')})'`,
    `scale=${width}:${height}:flags=area`,
    'format=rgb24',
    'showinfo',
  ];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', '-copyts'],
    ...(sparing ? ['-skip_frame', 'noref'] : []),
    ...inputArguments(path),
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-vf', filters.join(',')],
    ...(ffmpeg.libavutil[0] >= FPS_MODE_SINCE ? ['-fps_mode', 'passthrough'] : ['-vsync', '0']),
    ...['-f', 'rawvideo', 'pipe:1'],
  ];
}

/** Presentation times read from the log, handed out in order; they may arrive before or after their frame. */
class FrameTimes {
  private readonly waiting: Microseconds[] = [];
  private resolveNext: ((time: Microseconds | undefined) => void) | undefined;
  private closed = false;

  /** True when the line belongs to `showinfo`. */
  add(line: string): boolean {
    if (!line.includes('Parsed_showinfo')) return false;
    const pts = /\bn: *\d+ pts: *(-?\d+)/.exec(line)?.[1];
    if (pts === undefined) return true;
    const time = microseconds(Number(pts));
    if (this.resolveNext) {
      this.resolveNext(time);
      this.resolveNext = undefined;
    } else this.waiting.push(time);
    return true;
  }

  close(): void {
    this.closed = true;
    this.resolveNext?.(undefined);
    this.resolveNext = undefined;
  }

  next(): Promise<Microseconds | undefined> {
    const time = this.waiting.shift();
    if (time !== undefined || this.closed) return Promise.resolve(time);
    return new Promise((resolve) => {
      this.resolveNext = resolve;
    });
  }
}

async function* wholeFrames(stdout: AsyncIterable<Buffer>, frameBytes: number): AsyncGenerator<Uint8Array, void> {
  let frame = new Uint8Array(frameBytes);
  let filled = 0;
  for await (const piece of stdout) {
    for (let taken = 0; taken < piece.length;) {
      const count = Math.min(frameBytes - filled, piece.length - taken);
      frame.set(piece.subarray(taken, taken + count), filled);
      filled += count;
      taken += count;
      if (filled === frameBytes) {
        yield frame;
        frame = new Uint8Array(frameBytes);
        filled = 0;
      }
    }
  }
}
