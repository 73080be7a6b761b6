import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { ProblemError } from '../../core/problems/problem.js';
import { decodeNpy, type NpyArray } from './decodeNpy.js';

const MAX_FILE_BYTES = 256 * 2 ** 20;
const MAX_ARRAY_BYTES = 512 * 2 ** 20;
const MAX_ENTRIES = 1000;
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 65_535;
const ZIP64 = 0xffff_ffff;
const [STORED, DEFLATED] = [0, 8];

interface Entry {
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

/**
 * Reads the named arrays of an npz file (a zip of NumPy arrays, stored or deflated).
 * @param wanted array names without `.npy`, each of which must be there, or what to take of those that are.
 * @throws ProblemError `features.*` naming the file, the array and what does not fit.
 */
export async function readNpz(
  file: string,
  wanted: readonly string[] | ((names: readonly string[]) => readonly string[]),
): Promise<ReadonlyMap<string, NpyArray>> {
  const bytes = await readWhole(file);
  const arrays = new Map<string, NpyArray>();
  try {
    const entries = listEntries(bytes);
    const present = [...entries.keys()].map((key) => key.replace(/\.npy$/, ''));
    for (const name of typeof wanted === 'function' ? wanted(present) : wanted) {
      const entry = entries.get(`${name}.npy`);
      if (entry === undefined) {
        throw refusal('missing', `${file} holds no array "${name}"; it holds ${present.slice(0, 20).join(', ')}`);
      }
      arrays.set(name, decodeEntry(bytes, entry, file, name));
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw refusal('unreadable', `${file} cannot be read as npz: ${(error as Error).message}`);
  }
  return arrays;
}

function decodeEntry(bytes: Uint8Array, entry: Entry, file: string, name: string): NpyArray {
  try {
    return decodeNpy(unpack(bytes, entry));
  } catch (error) {
    throw refusal('array', `${file}: the array "${name}" cannot be used: ${(error as Error).message}`);
  }
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > MAX_FILE_BYTES)
        throw refusal('too-large', `${file} has ${size} bytes, at most ${MAX_FILE_BYTES} are read`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw refusal('unreadable', `${file} cannot be read: ${(error as Error).message}`);
  }
}

/** The central directory: name of every entry and where its data lie. */
function listEntries(bytes: Uint8Array): ReadonlyMap<string, Entry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_BYTES;
  const first = Math.max(0, end - MAX_COMMENT_BYTES);
  while (end >= first && view.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < first) throw new Error('it is not a zip archive, or its end is cut off');
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw new Error(`it holds ${count} arrays, at most ${MAX_ENTRIES} are read`);
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw new Error('its directory is damaged');
    const [packedBytes, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const nameLength = lengths[0] ?? 0;
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength));
    if (packedBytes === ZIP64 || size === ZIP64) throw new Error(`${name} is larger than 4 GB`);
    if (entries.has(name)) throw new Error(`${name} is in it twice`);
    entries.set(name, {
      method: view.getUint16(at + 10, true),
      packedBytes,
      bytes: size,
      offset: view.getUint32(at + 42, true),
    });
    at += ENTRY_BYTES + lengths.reduce((sum, length) => sum + length, 0);
  }
  return entries;
}

function unpack(bytes: Uint8Array, entry: Entry): Uint8Array {
  if (entry.bytes > MAX_ARRAY_BYTES)
    throw new Error(`it has ${entry.bytes} bytes, at most ${MAX_ARRAY_BYTES} are read`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.offset + LOCAL_BYTES > bytes.length || view.getUint32(entry.offset, true) !== LOCAL_SIGNATURE) {
    throw new Error('its place in the archive is damaged');
  }
  const names = view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  const start = entry.offset + LOCAL_BYTES + names;
  const packed = bytes.subarray(start, start + entry.packedBytes);
  if (packed.length !== entry.packedBytes) throw new Error('its data are cut off');
  if (entry.method !== STORED && entry.method !== DEFLATED) throw new Error('its compression is not known');
  // The limit of one byte more than declared turns a bomb into an error before its data exist.
  const data = entry.method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: entry.bytes + 1 });
  if (data.length !== entry.bytes) throw new Error(`it has ${data.length} bytes, ${entry.bytes} are declared`);
  return data;
}

function refusal(what: string, message: string): ProblemError {
  const tip = 'Save the arrays anew with numpy.savez, as plain numbers and texts.';
  return new ProblemError({ code: `features.${what}`, severity: 'error', message: `${message}.`, tip });
}
