import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../core/problems/problem.js';
import { decodeNpy } from '../../../electron/files/decodeNpy.js';
import { encodeNpy } from '../../../electron/cli/npy.js';
import { readNpz } from '../../../electron/files/readNpz.js';

const folder = mkdtempSync(path.join(tmpdir(), 'npz-'));

/** A NumPy file by the format's own description (NEP 1). */
function npy(descr: string, shape: string, data: Uint8Array, version = 1): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const lead =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    ...lead,
    ...new TextEncoder().encode(header),
    ...data,
  ]);
}

interface Member {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflated?: boolean;
  readonly declared?: number;
}

/** A zip archive by its specification (APPNOTE 4.3): local headers, central directory, end record. */
function zip(members: readonly Member[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflated = false, declared = data.length } of members) {
    const packed = deflated ? deflateRawSync(data) : Buffer.from(data);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(declared, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(local, Buffer.from(name), packed);
    offset += 30 + name.length + packed.length;
  }
  const tail = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, tail, end]);
}

function put(bytes: Uint8Array): string {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.npz`);
  writeFileSync(file, bytes);
  return file;
}

async function messageOf(file: string, wanted: readonly string[] = ['x']): Promise<string> {
  const outcome = await readNpz(file, wanted).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof ProblemError)) throw new Error(`not refused: ${String(outcome)}`);
  return outcome.problem.message;
}

const matrix = encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2);

describe('readNpz', () => {
  it('reads stored and deflated arrays alike', async () => {
    for (const deflated of [false, true]) {
      const read = await readNpz(put(zip([{ name: 'x.npy', data: matrix, deflated }])), ['x']);
      expect(read.get('x')).toEqual({ kind: 'numbers', shape: [3, 2], values: Float64Array.of(1, 2, 3, 4, 5, 6) });
    }
  });

  it('names the array that is missing and those that are there', async () => {
    const message = await messageOf(put(zip([{ name: 'y.npy', data: matrix }])));
    expect(message).toContain('no array "x"; it holds y');
  });

  it('refuses Python objects without looking into them', async () => {
    const data = npy('|O', '(1,)', new TextEncoder().encode("cos\nsystem\n(S'true'\ntR."));
    expect(await messageOf(put(zip([{ name: 'x.npy', data }])))).toContain('never unpickled');
  });

  it('refuses an array that unpacks to more than it declares', async () => {
    const bomb = { name: 'x.npy', data: new Uint8Array(5_000_000), deflated: true, declared: 1000 };
    expect(await messageOf(put(zip([bomb])))).toContain('cannot be used');
  });

  it('refuses what is no archive, is cut off or is not there, naming the file', async () => {
    const whole = zip([{ name: 'x.npy', data: matrix }]);
    expect(await messageOf(put(new Uint8Array(100)))).toContain('not a zip archive');
    expect(await messageOf(put(whole.slice(0, whole.length - 10)))).toContain('not a zip archive');
    expect(await messageOf(path.join(folder, 'nowhere.npz'))).toContain('nowhere.npz');
    expect(
      await messageOf(
        put(
          zip([
            { name: 'x.npy', data: matrix },
            { name: 'x.npy', data: matrix },
          ]),
        ),
      ),
    ).toContain('twice');
  });

  it('never fails in another way, whichever byte is changed', async () => {
    const whole = zip([{ name: 'x.npy', data: matrix, deflated: true }]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = byte;
        const file = path.join(folder, 'damaged.npz');
        writeFileSync(file, damaged);
        await readNpz(file, ['x']).catch((error: unknown) => {
          expect(error).toBeInstanceOf(ProblemError);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('decodeNpy', () => {
  it('reads texts, wide integers, bytes and format 2', () => {
    const text = new Uint8Array(new Uint32Array([0x41, 0x1f600, 0, 0x42, 0, 0]).buffer);
    expect(decodeNpy(npy('<U3', '(2,)', text))).toEqual({ kind: 'texts', shape: [2], values: ['A😀', 'B'] });
    const wide = new Uint8Array(new BigInt64Array([-5n, 7n]).buffer);
    expect(decodeNpy(npy('<i8', '(2,)', wide, 2)).values).toEqual(Float64Array.of(-5, 7));
    expect(decodeNpy(npy('|i1', '(2,)', Uint8Array.of(255, 1))).values).toEqual(Float64Array.of(-1, 1));
    expect(decodeNpy(npy('<f4', '()', new Uint8Array(new Float32Array([2.5]).buffer))).values).toEqual(
      Float64Array.of(2.5),
    );
  });

  it('refuses a shape that does not fit the data, unknown types and Fortran order', () => {
    expect(() => decodeNpy(npy('<f4', '(3,)', new Uint8Array(8)))).toThrow('12 bytes, 8 are there');
    expect(() => decodeNpy(npy('<c16', '(1,)', new Uint8Array(16)))).toThrow('<c16');
    expect(() => decodeNpy(npy('<f4', '(99999999999999999999,)', new Uint8Array(8)))).toThrow('header');
    const fortran = Buffer.from(npy('<f4', '(1, 2)', new Uint8Array(8)))
      .toString('latin1')
      .replace('False', 'True ');
    expect(() => decodeNpy(Buffer.from(fortran, 'latin1'))).toThrow(/Fortran|header/);
  });

  it('reads back what the features command writes', () => {
    expect(decodeNpy(matrix)).toEqual({ kind: 'numbers', shape: [3, 2], values: Float64Array.of(1, 2, 3, 4, 5, 6) });
    expect(readFileSync(put(matrix)).length).toBe(matrix.length);
  });
});
