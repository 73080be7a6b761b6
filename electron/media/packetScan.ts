/** Finds where the streams of a file end by reading its packets, for containers that declare no duration. */
import { createInterface } from 'node:readline';
import { fromSeconds, type Microseconds } from '../../core/time/microseconds.js';
import { inputArguments, startChild } from './childProgram.js';
import { mediaPrograms } from './ffmpegPrograms.js';

/**
 * Reads every packet without decoding it.
 * @returns end of the last packet of each stream, by stream index, on the file's own clock; no entry for a stream without times
 * @throws the signal's reason when aborted
 */
export async function scanPacketEnds(path: string, signal?: AbortSignal): Promise<Map<number, Microseconds>> {
  const { ffprobe } = await mediaPrograms();
  const entries = 'packet=stream_index,pts_time,dts_time,duration_time';
  const args = ['-hide_banner', '-v', 'error', '-show_entries', entries, '-of', 'compact=p=0', ...inputArguments(path)];
  const child = startChild(ffprobe, args, { signal, onLogLine: () => undefined });
  const ends = new Map<number, Microseconds>();
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const stream = Number(/stream_index=(\d+)/.exec(line)?.[1] ?? Number.NaN);
      const time = Number((/pts_time=(-?[\d.]+)/.exec(line) ?? /dts_time=(-?[\d.]+)/.exec(line))?.[1] ?? Number.NaN);
      if (Number.isNaN(stream) || Number.isNaN(time)) continue;
      const length = Number(/duration_time=([\d.]+)/.exec(line)?.[1] ?? 0);
      const end = fromSeconds(time + length);
      if (end > (ends.get(stream) ?? Number.NEGATIVE_INFINITY)) ends.set(stream, end);
    }
    await child.ended;
    signal?.throwIfAborted();
    return ends;
  } finally {
    await child.stop();
  }
}
