import { jsonSlices } from '../../core/text/jsonSlices.js';

/** Longest stretch of work before the page may do something else, milliseconds. */
const SLICE_MS = 8;

/** The JSON of a value in UTF-8, made in small steps so that the page goes on meanwhile. */
export async function jsonBytes(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const parts: string[] = [];
  let end = performance.now() + SLICE_MS;
  for (const part of jsonSlices(value)) {
    parts.push(part);
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    end = performance.now() + SLICE_MS;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
