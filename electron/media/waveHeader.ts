/** Reads how long a WAV file says it is; ffprobe says only how long its bytes are. */
import { open } from 'node:fs/promises';
import { fromSeconds, type Microseconds } from '../../core/time/microseconds.js';

const CHUNK_HEADER_BYTES = 8;
/** More chunks than this before the samples are no WAV file that anyone writes. */
const MAX_CHUNKS = 100;
/** Programs that write to a pipe put the largest 31- or 32-bit size here, or about that. */
const OPEN_SIZE = 0x7fff_0000;

/**
 * Duration from the sizes in the RIFF header.
 * @returns undefined where the header leaves the size open (streamed or 64-bit files) or makes no sense
 * @throws NodeJS.ErrnoException when the file cannot be read
 */
export async function declaredWaveDuration(path: string): Promise<Microseconds | undefined> {
  const handle = await open(path, 'r');
  try {
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
      return bytesRead === length ? buffer : undefined;
    };
    if ((await read(0, 4))?.toString('latin1') !== 'RIFF') return undefined;
    let bytesPerSecond: number | undefined;
    let position = 12;
    for (let chunk = 0; chunk < MAX_CHUNKS; chunk += 1) {
      const header = await read(position, CHUNK_HEADER_BYTES);
      if (!header) return undefined;
      const size = header.readUInt32LE(4);
      const name = header.toString('latin1', 0, 4);
      if (name === 'data') return durationOf(size, bytesPerSecond);
      if (name === 'fmt ') bytesPerSecond = (await read(position + CHUNK_HEADER_BYTES, 12))?.readUInt32LE(8);
      // Chunks are padded to an even length.
      position += CHUNK_HEADER_BYTES + size + (size % 2);
    }
    return undefined;
  } finally {
    await handle.close();
  }
}

function durationOf(bytes: number, bytesPerSecond: number | undefined): Microseconds | undefined {
  if (bytesPerSecond === undefined || bytesPerSecond === 0 || bytes === 0 || bytes >= OPEN_SIZE) return undefined;
  return fromSeconds(bytes / bytesPerSecond);
}
