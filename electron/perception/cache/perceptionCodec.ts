/**
 * One perception as one binary file: magic, header length, JSON header, the numbers of all tracks, SHA-256 of everything before it.
 * All sections start at a multiple of 8 bytes, so that reading needs no copy.
 */
import { createHash } from 'node:crypto';
import type { Perception } from '../../../core/perception/perception.js';

const MAGIC = 'LACPERC1';
const PREFIX_BYTES = 16;
const DIGEST_BYTES = 32;
const ALIGNMENT = 8;

const ARRAY_TYPES = { Float64Array, Float32Array, Int16Array, Uint8Array } as const;
type ArrayType = keyof typeof ARRAY_TYPES;
type NumberArray = Float64Array | Float32Array | Int16Array | Uint8Array;

interface ArrayEntry {
  readonly type: ArrayType;
  readonly offset: number;
  readonly length: number;
}

interface Header {
  readonly key: string;
  readonly value: unknown;
  readonly arrays: readonly ArrayEntry[];
}

/**
 * Turns a perception into the consecutive pieces of its file.
 * @param key what the entry depends on; reading with another key refuses it
 */
export function encodePerception(perception: Perception, key: string): readonly Uint8Array[] {
  const arrays: ArrayEntry[] = [];
  const payload: Uint8Array[] = [];
  let offset = 0;
  const value = mapTree(perception, (node) => {
    const special = specialNumber(node);
    if (special) return special;
    const type = arrayType(node);
    if (type === undefined) return undefined;
    const array = node as NumberArray;
    const index = arrays.push({ type, offset, length: array.length }) - 1;
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    payload.push(bytes, new Uint8Array(padding(bytes.length)));
    offset += bytes.length + padding(bytes.length);
    return { $array: index };
  });
  const header: Header = { key, value, arrays };
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(json.length + padding(json.length), 8);
  const pieces = [prefix, json, Buffer.alloc(padding(json.length), ' '), ...payload];
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return [...pieces, hash.digest()];
}

/**
 * Reads what `encodePerception` wrote. The tracks are views into `bytes`, which must start at a multiple of 8 of its buffer.
 * @throws Error that says what is wrong with the file
 */
export function decodePerception(bytes: Uint8Array, key: string): Perception {
  if (bytes.length < PREFIX_BYTES + DIGEST_BYTES) throw new Error('it is too short');
  const body = bytes.subarray(0, bytes.length - DIGEST_BYTES);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('it is of another format');
  if (!createHash('sha256').update(body).digest().equals(file.subarray(body.length))) {
    throw new Error('its checksum does not fit');
  }
  const start = PREFIX_BYTES + file.readUInt32LE(8);
  const header = JSON.parse(file.toString('utf8', PREFIX_BYTES, start)) as Header;
  if (header.key !== key) throw new Error('it was made by other extractors');
  const value = mapTree(header.value, (node) => {
    if (typeof node !== 'object' || node === null) return undefined;
    if ('$number' in node) return Number(node.$number);
    if (!('$array' in node)) return undefined;
    const entry = header.arrays[node.$array as number];
    if (!entry) throw new Error('a track is missing');
    return new ARRAY_TYPES[entry.type](
      body.buffer as ArrayBuffer,
      body.byteOffset + start + entry.offset,
      entry.length,
    );
  });
  return value as Perception;
}

function padding(length: number): number {
  return (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;
}

/** JSON has no NaN and no infinities, and null would read as something else. */
function specialNumber(node: unknown): { readonly $number: string } | undefined {
  return typeof node === 'number' && !Number.isFinite(node) ? { $number: String(node) } : undefined;
}

function arrayType(node: unknown): ArrayType | undefined {
  if (!ArrayBuffer.isView(node)) return undefined;
  const type = (Object.keys(ARRAY_TYPES) as ArrayType[]).find((name) => node.constructor.name === name);
  if (type === undefined) throw new TypeError(`a perception holds no ${node.constructor.name}`);
  return type;
}

/** Copies plain objects and arrays; `replace` answers what stands for a node, or undefined to go into it. */
function mapTree(node: unknown, replace: (node: unknown) => unknown): unknown {
  const replaced = replace(node);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(node)) return node.map((item) => mapTree(item, replace));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, mapTree(item, replace)]));
}
