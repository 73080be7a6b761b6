import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { ByteRange } from './byteRange.js';
import { byteRangeOf } from './byteRange.js';

const CHUNK_BYTES = 256 * 1024;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.mkv': 'video/x-matroska',
  '.webm': 'video/webm',
  '.avi': 'video/x-msvideo',
  '.wav': 'audio/wav',
  '.flac': 'audio/flac',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.ogg': 'audio/ogg',
};

/**
 * Answers a request for a file, whole (200) or in part (206, 416), streamed from disk in small pieces.
 * @param file absolute path.
 * @param rangeHeader value of the request's Range header, null without one.
 * @returns 404 when the file cannot be opened.
 */
export async function serveFile(file: string, rangeHeader: string | null): Promise<Response> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch {
    return new Response('no such file', { status: 404 });
  }
  const { size } = await handle.stat();
  const headers = {
    'accept-ranges': 'bytes',
    'content-type': CONTENT_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  const range = byteRangeOf(rangeHeader, size);
  if (range === 'unsatisfiable') {
    await handle.close();
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  }
  if (range === 'whole') {
    const body = bytesOf(handle, { first: 0, last: size - 1 });
    return new Response(body, { status: 200, headers: { ...headers, 'content-length': String(size) } });
  }
  return new Response(bytesOf(handle, range), {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(range.last - range.first + 1),
      'content-range': `bytes ${range.first}-${range.last}/${size}`,
    },
  });
}

/** Reads a range as a stream that closes the file at its end, on an error and when the reader goes away. */
function bytesOf(handle: FileHandle, range: ByteRange): ReadableStream<Uint8Array> {
  let position = range.first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const wanted = Math.min(CHUNK_BYTES, range.last + 1 - position);
      try {
        const { bytesRead, buffer } =
          wanted > 0
            ? await handle.read(new Uint8Array(wanted), 0, wanted, position)
            : { bytesRead: 0, buffer: new Uint8Array() };
        position += bytesRead;
        if (bytesRead > 0) {
          controller.enqueue(buffer.subarray(0, bytesRead));
          return;
        }
        await handle.close();
        controller.close();
      } catch (error) {
        await handle.close();
        controller.error(error);
      }
    },
    async cancel() {
      await handle.close();
    },
  });
}
