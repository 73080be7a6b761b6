/** The zip around a project file: packing, and unpacking with limits that hold whatever the zip says of itself. */
import { Unzip, UnzipInflate, zipSync } from 'fflate';
import { isInnerPath, type ProjectPart, projectRefusal } from '../../core/project/projectFile.js';

/** Most bytes that the parts of a file may have together when unpacked. */
const MAX_UNPACKED = 1024 * 1024 * 1024;
/** Most bytes of one part. */
const MAX_PART = 128 * 1024 * 1024;
const MAX_PARTS = 20_010;
/** Unpacked in slices of this many packed bytes, so that a bomb is stopped soon. */
const SLICE = 4 * 1024;
const END_RECORD_SEARCH = 65_557;
/** Zip stores no time before 1980; the real one is in the manifest. */
const TIME = new Date(1980, 0, 2);

/**
 * Packs parts into a zip; the same parts give the same bytes.
 * @throws ProblemError `project.too_large` for a part that could not be read again.
 */
export function packProject(parts: readonly ProjectPart[]): Uint8Array {
  const encoder = new TextEncoder();
  const files = parts.map(({ path, text }) => [path, encoder.encode(text)] as const);
  for (const [path, { length }] of files) {
    if (length <= MAX_PART) continue;
    const message = `${path} of the project has ${Math.ceil(length / 1024 / 1024)} MiB; a part of a project file has at most ${MAX_PART / 1024 / 1024} MiB. Nothing was written.`;
    throw projectRefusal(
      'too_large',
      message,
      'Split the recording, or take out what is not needed of its annotations.',
    );
  }
  return zipSync(Object.fromEntries(files), { level: 6, mtime: TIME });
}

/**
 * Unpacks a zip.
 * @throws ProblemError `project.*` for a file that is no zip, cut off, hostile or too large.
 */
export function unpackProject(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  requireWholeZip(bytes);
  const unpacking = new Unpacking();
  const unzip = new Unzip((file) => {
    unpacking.begin(file.name);
    file.ondata = (error, chunk) => {
      if (error) throw error;
      unpacking.take(file.name, chunk);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += SLICE) {
      const end = Math.min(at + SLICE, bytes.length);
      unzip.push(bytes.subarray(at, end), end === bytes.length);
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'ProblemError') throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw projectRefusal('damaged', `The project file cannot be unpacked (${why}).`, TIP);
  }
  return unpacking.parts();
}

const TIP = 'Open a backup of the file, or ask for it again. The file was left as it is.';

/** A zip begins with a part and ends with its list of parts; what is cut off has no end. */
function requireWholeZip(bytes: Uint8Array): void {
  const signature = (at: number, last: number, one: number): boolean =>
    bytes[at] === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === one && bytes[at + 3] === last;
  if (!signature(0, 0x04, 0x03)) {
    throw projectRefusal('not_a_project', 'The file is no Lacuna project.', 'Choose a file that Lacuna saved.');
  }
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - END_RECORD_SEARCH); at -= 1) {
    if (signature(at, 0x06, 0x05)) return;
  }
  throw projectRefusal('truncated', `The project file is cut off after ${bytes.length} bytes.`, TIP);
}

class Unpacking {
  readonly #chunks = new Map<string, Uint8Array[]>();
  readonly #sizes = new Map<string, number>();
  #total = 0;

  begin(name: string): void {
    if (!isInnerPath(name)) {
      const shown = JSON.stringify(name.slice(0, 100));
      throw projectRefusal('hostile', `The project file has a part that would lie outside of it: ${shown}.`, TIP);
    }
    if (this.#chunks.has(name)) throw projectRefusal('hostile', `The project file has ${name} twice.`, TIP);
    if (this.#chunks.size >= MAX_PARTS) throw projectRefusal('too_large', `The file has over ${MAX_PARTS} parts.`, TIP);
    this.#chunks.set(name, []);
  }

  take(name: string, chunk: Uint8Array): void {
    const size = (this.#sizes.get(name) ?? 0) + chunk.length;
    this.#total += chunk.length;
    if (size > MAX_PART || this.#total > MAX_UNPACKED) {
      const limit = size > MAX_PART ? MAX_PART : MAX_UNPACKED;
      throw projectRefusal(
        'too_large',
        `${name} in the project file unpacks to more than ${limit / 1024 / 1024} MiB; nothing of it was taken.`,
        'A file of this kind was not written by Lacuna. Ask where it comes from.',
      );
    }
    this.#sizes.set(name, size);
    this.#chunks.get(name)?.push(chunk);
  }

  parts(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#chunks].map(([name, chunks]) => [name, Buffer.concat(chunks)]));
  }
}
