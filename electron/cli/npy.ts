import { endianness } from 'node:os';

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
const ALIGNMENT = 64;

/**
 * Encodes a matrix as a NumPy file (format version 1.0): little-endian float32 in C order. NaN stays NaN.
 * @param values row by row, `rows * columns` of them.
 * @throws RangeError when the number of values does not fit the shape.
 */
export function encodeNpy(values: Float32Array, rows: number, columns: number): Uint8Array {
  if (values.length !== rows * columns) {
    throw new RangeError(`${values.length} values do not make ${rows} rows of ${columns}`);
  }
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const fixed = MAGIC.length + 2;
  // NumPy wants the data aligned: blanks and a line feed fill the header up.
  const headerLength = Math.ceil((fixed + description.length + 1) / ALIGNMENT) * ALIGNMENT - fixed;
  const file = new Uint8Array(fixed + headerLength + 4 * values.length);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  view.setUint16(MAGIC.length, headerLength, true);
  file.set(new TextEncoder().encode(`${description.padEnd(headerLength - 1)}\n`), fixed);
  const data = fixed + headerLength;
  if (endianness() === 'LE') file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), data);
  else values.forEach((value, i) => view.setFloat32(data + 4 * i, value, true));
  return file;
}
