/** Presentation times of all frames of a recording, read from its packets without decoding a picture. */
import { createInterface } from 'node:readline';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import { fromSeconds } from '../../core/time/microseconds.js';
import { inputArguments, startChild } from '../media/childProgram.js';
import { mediaPrograms } from '../media/ffmpegPrograms.js';

/** Microseconds are enough for this many frames: a day at 240 frames per second. */
const MOST_FRAMES = 24 * 3600 * 240;

/**
 * Start of every frame of the first video track on the recording's clock, microseconds, ascending, none twice. Packets
 * that the container says are not shown are left out. Empty without video, without times, or with absurdly many.
 * @throws the signal's reason when aborted
 */
export async function readFrameTimes(path: string, info: MediaInfo, signal?: AbortSignal): Promise<Float64Array> {
  if (!info.video) return new Float64Array(0);
  const { ffprobe } = await mediaPrograms();
  const args = ['-hide_banner', '-v', 'error', '-select_streams', 'V:0', '-show_entries', 'packet=pts_time,flags'];
  const child = startChild(ffprobe, [...args, '-of', 'csv=p=0', ...inputArguments(path)], {
    signal,
    onLogLine: () => undefined,
  });
  const start = info.containerStart ?? 0;
  const times: number[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [time = '', flags = ''] = line.split(',');
      // no time stamp is N/A; a packet flagged D is decoded but not shown
      if (!/^-?[\d.]+$/.test(time) || flags.includes('D')) continue;
      const at = fromSeconds(Number(time)) - start;
      if (at >= 0 && at < info.duration) times.push(at);
      if (times.length > MOST_FRAMES) return new Float64Array(0);
    }
    await child.ended;
    signal?.throwIfAborted();
  } finally {
    await child.stop();
  }
  // packets come in order of decoding
  const sorted = Float64Array.from(times).sort();
  return sorted.filter((time, index) => index === 0 || time !== sorted[index - 1]);
}
