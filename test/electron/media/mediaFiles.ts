/** Makes small recordings with a flash and a burst of sound at a known time, by the very ffmpeg that the app uses. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mediaPrograms } from '../../../electron/media/ffmpegPrograms.js';

/** The picture turns white and the burst starts here, in seconds of the made content. */
export const EVENT_SECONDS = 1;
export const CONTENT_SECONDS = 2;
export const FRAMES_PER_SECOND = 25;
export const VIDEO_SIZE = { width: 160, height: 120 };

const FLASH =
  `color=black:s=160x120:r=${FRAMES_PER_SECOND}:d=${CONTENT_SECONDS},` +
  `drawbox=color=white:t=fill:enable='between(t,${EVENT_SECONDS - 0.001},${EVENT_SECONDS + 0.199})'`;
const BURST = `aevalsrc='if(between(t,${EVENT_SECONDS},${EVENT_SECONDS + 0.05}),0.8*sin(2*PI*1000*t),0)'`;

/** Arguments of an input with the flash. */
export const flashInput = ['-f', 'lavfi', '-i', FLASH];
/** Arguments of an input with the burst, mono at 48 kHz. */
export const burstInput = ['-f', 'lavfi', '-i', `${BURST}:s=48000:d=${CONTENT_SECONDS}`];

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
      await promisify(execFile)(ffmpeg.path, [
        '-hide_banner',
        '-nostdin',
        '-y',
        '-loglevel',
        'error',
        ...args,
        `file:${file}`,
      ]);
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
