/** Makes small recordings with a flash and a burst of sound at a known time, by the very ffmpeg that the app uses. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeAudio } from '../../../electron/media/decodeAudio.js';
import { decodeFrames } from '../../../electron/media/decodeFrames.js';
import { mediaPrograms } from '../../../electron/media/ffmpegPrograms.js';
import type { MediaInfo } from '../../../core/recording/mediaInfo.js';

/** The picture turns white and the burst starts here, in seconds of the made content. */
export const EVENT_SECONDS = 1;
export const CONTENT_SECONDS = 2;
const FRAMES_PER_SECOND = 25;
export const FRAME_MS = 1000 / FRAMES_PER_SECOND;

const FLASH =
  `color=black:s=160x120:r=${FRAMES_PER_SECOND}:d=${CONTENT_SECONDS},` +
  `drawbox=color=white:t=fill:enable='between(t,${EVENT_SECONDS - 0.001},${EVENT_SECONDS + 0.199})'`;
const BURST = `aevalsrc='if(between(t,${EVENT_SECONDS},${EVENT_SECONDS + 0.05}),0.8*sin(2*PI*1000*t),0)'`;

/** Arguments of an input with the flash, 160 x 120 at 25 frames/s. */
export const flashInput: readonly string[] = ['-f', 'lavfi', '-i', FLASH];
/** Arguments of an input with the burst, mono at 48 kHz. */
export const burstInput: readonly string[] = ['-f', 'lavfi', '-i', `${BURST}:s=48000:d=${CONTENT_SECONDS}`];
export const h264: readonly string[] = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

export interface MediaFolder {
  readonly path: string;
  /** Runs ffmpeg with the given arguments, writing the named file; answers with its path. */
  make(name: string, args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

export async function mediaFolder(): Promise<MediaFolder> {
  const path = await mkdtemp(join(tmpdir(), 'lacuna-media-'));
  const { ffmpeg } = await mediaPrograms();
  return {
    path,
    make: async (name, args) => {
      const file = join(path, name);
      const options = ['-hide_banner', '-nostdin', '-y', '-loglevel', 'error'];
      await promisify(execFile)(ffmpeg.path, [...options, ...args, `file:${file}`]);
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** All samples of the sound, and where the burst starts, in milliseconds. */
export async function hear(file: string, info: MediaInfo) {
  const decoding = decodeAudio(file, info);
  const samples: number[] = [];
  for await (const chunk of decoding) for (const sample of chunk) samples.push(sample);
  const peak = samples.reduce((best, sample) => Math.max(best, Math.abs(sample)), 0);
  const burstMs = samples.findIndex((sample) => Math.abs(sample) > 0.3 * peak) / 16;
  return { samples, peak, burstMs, outcome: decoding.outcome() };
}

/** Times of all sampled frames, and when the picture first is white, in milliseconds. */
export async function watch(file: string, info: MediaInfo, rateHz: number) {
  const decoding = decodeFrames(file, info, { rateHz });
  const timesMs: number[] = [];
  let flashMs = Number.NaN;
  let size = { width: 0, height: 0 };
  for await (const { timestamp, width, height, rgb } of decoding) {
    timesMs.push(timestamp / 1000);
    size = { width, height };
    if (Number.isNaN(flashMs) && (rgb[3 * Math.floor((width * height) / 2)] ?? 0) > 128) flashMs = timestamp / 1000;
  }
  return { timesMs, flashMs, size, outcome: decoding.outcome() };
}

/** Processes of this machine that have the text in their command line (Linux only). */
export async function processesWith(text: string): Promise<number> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(text)).length;
}
