/** Identifies files by content: a quick fingerprint for opening, the full hash for provenance and caches. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';

const EDGE_BYTES = 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/**
 * Recording id from size, first and last MiB: `rec-` and the first 12 hex digits of their SHA-256. Quick on files of any size;
 * the same content has the same id wherever the file lies.
 * @throws NodeJS.ErrnoException when the file cannot be read.
 */
export async function fingerprintFile(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, EDGE_BYTES);
    const edge = Buffer.alloc(length);
    const hash = createHash('sha256').update(`${size}\n`);
    for (const position of [0, size - length]) {
      const { bytesRead } = await handle.read(edge, 0, length, position);
      hash.update(edge.subarray(0, bytesRead));
    }
    return `rec-${hash.digest('hex').slice(0, 12)}`;
  } finally {
    await handle.close();
  }
}

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the read share of the file, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * SHA-256 of the whole file, hex, read in pieces.
 * @throws NodeJS.ErrnoException when the file cannot be read; the signal's reason when aborted
 */
export async function sha256File(path: string, options: HashOptions = {}): Promise<string> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const { size } = await stat(path);
  const hash = createHash('sha256');
  let read = 0;
  for await (const piece of createReadStream(path, { highWaterMark: READ_BYTES })) {
    signal?.throwIfAborted();
    hash.update(piece as Buffer);
    read += (piece as Buffer).length;
    if (size > 0) onProgress?.(Math.min(1, read / size));
  }
  return hash.digest('hex');
}
