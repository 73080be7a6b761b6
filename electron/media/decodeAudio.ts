/** Streams the sound of a recording as 16 kHz mono float samples on the recording's clock. */
import { endianness } from 'node:os';
import { ProblemError, type Problem } from '../../core/problems/problem.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import { fromSeconds, toSeconds, type Microseconds } from '../../core/time/microseconds.js';
import { ErrorLog, inputArguments, startChild } from './childProgram.js';
import { judgeEnd, undecodable, type DecodeOutcome, type Decoding } from './decodeOutcome.js';
import { mediaPrograms } from './ffmpegPrograms.js';

/** Samples per second of all decoded sound. */
export const AUDIO_RATE_HZ = 16_000;

const CHUNK_SAMPLES = AUDIO_RATE_HZ;
const BYTES_PER_SAMPLE = 4;
/** Gaps and overlaps of the time stamps beyond this are filled with silence or cut; jitter below it is left alone. */
const GAP_SECONDS = 0.05;
const END_TOLERANCE = fromSeconds(0.5);

export interface DecodeAudioOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes the first sound track. Sample i of the whole sequence lies at i / 16 000 s on the recording's clock: a late track is
 * led by zeros, gaps of its time stamps are filled with zeros. Channels are averaged (a note says so from three channels on).
 * Chunks hold one second (the last one less) and are made as fast as they are taken.
 * @throws ProblemError `media.no_audio` without a track, `media.audio_undecodable` when nothing can be decoded
 * @throws the signal's reason when aborted; the decoder is gone by then
 */
export function decodeAudio(path: string, info: MediaInfo, options: DecodeAudioOptions = {}): Decoding<Float32Array> {
  let outcome: DecodeOutcome | undefined;
  async function* iterate(): AsyncGenerator<Float32Array, void> {
    outcome = yield* decodeTrack(path, info, options.signal);
  }
  return {
    [Symbol.asyncIterator]: iterate,
    outcome: () => {
      if (!outcome) throw new Error('the sound has not been decoded to its end');
      return outcome;
    },
  };
}

async function* decodeTrack(
  path: string,
  info: MediaInfo,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array, DecodeOutcome> {
  const { audio } = info;
  if (!audio) throw noAudio(path);
  signal?.throwIfAborted();
  const errors = new ErrorLog();
  const { ffmpeg } = await mediaPrograms();
  const child = startChild(ffmpeg, audioArguments(path, audio.channels, info.containerStart), {
    signal,
    onLogLine: (line) => {
      errors.add(line);
    },
  });
  try {
    let samples = 0;
    for await (const chunk of floatChunks(child.stdout)) {
      signal?.throwIfAborted();
      samples += chunk.length;
      yield chunk;
    }
    const exitCode = await child.ended;
    signal?.throwIfAborted();
    if (samples === 0) throw undecodable('audio', errors);
    const decodedEnd = fromSeconds(samples / AUDIO_RATE_HZ);
    const end = judgeEnd({
      modality: 'audio',
      decodedEnd,
      declaredEnd: audio.end ?? (errors.count > 0 ? info.duration : undefined),
      tolerance: END_TOLERANCE,
      exitCode,
      errors,
    });
    return { ...end, problems: [...averagedNote(audio.channels), ...end.problems] };
  } finally {
    await child.stop();
  }
}

function noAudio(path: string): ProblemError {
  return new ProblemError({
    code: 'media.no_audio',
    severity: 'error',
    message: `${path} has no sound track.`,
    tip: 'Analyse it without sound, or choose a file with a sound track.',
    modality: 'audio',
  });
}

/**
 * Time stamps are taken as the file has them (`-copyts`) and shifted by the container's start here, because ffmpeg's own shift
 * depends on its version and on which streams are read. The mean of the channels is written out, because ffmpeg's own down-mix
 * has gains that depend on layout and sample format.
 */
function audioArguments(path: string, channels: number, containerStart: Microseconds | undefined): string[] {
  const share = 1 / channels;
  const mean = Array.from({ length: channels }, (_, channel) => `${share}*c${channel}`).join('+');
  const filters = [
    `asetpts=PTS-(${toSeconds(containerStart ?? fromSeconds(0))})/TB`,
    ...(channels > 1 ? [`pan=mono|c0=${mean}`] : []),
    `aresample=${AUDIO_RATE_HZ}:async=1:min_hard_comp=${GAP_SECONDS}:first_pts=0:osf=flt`,
  ];
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'level+error', '-copyts'],
    ...inputArguments(path),
    ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-af', filters.join(',')],
    ...['-ac', '1', '-ar', String(AUDIO_RATE_HZ), '-f', 'f32le', 'pipe:1'],
  ];
}

async function* floatChunks(stdout: AsyncIterable<Buffer>): AsyncGenerator<Float32Array, void> {
  let bytes = new Uint8Array(CHUNK_SAMPLES * BYTES_PER_SAMPLE);
  let filled = 0;
  for await (const piece of stdout) {
    for (let taken = 0; taken < piece.length;) {
      const count = Math.min(bytes.length - filled, piece.length - taken);
      bytes.set(piece.subarray(taken, taken + count), filled);
      filled += count;
      taken += count;
      if (filled === bytes.length) {
        yield toFloats(bytes, CHUNK_SAMPLES);
        bytes = new Uint8Array(CHUNK_SAMPLES * BYTES_PER_SAMPLE);
        filled = 0;
      }
    }
  }
  const rest = Math.floor(filled / BYTES_PER_SAMPLE);
  if (rest > 0) yield toFloats(bytes, rest);
}

function toFloats(bytes: Uint8Array<ArrayBuffer>, count: number): Float32Array {
  if (endianness() === 'LE') return new Float32Array(bytes.buffer, 0, count);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: count }, (_, index) => view.getFloat32(index * BYTES_PER_SAMPLE, true));
}

function averagedNote(channels: number): Problem[] {
  if (channels <= 2) return [];
  return [
    {
      code: 'media.channels_averaged',
      severity: 'note',
      message: `The sound track has ${channels} channels; the analysis uses their mean.`,
      tip: 'If the speaker is on one channel only, extract that channel and analyse it instead.',
      modality: 'audio',
    },
  ];
}
