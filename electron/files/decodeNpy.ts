/** Numbers of a NumPy file in row-major order. */
interface NumberArray {
  readonly kind: 'numbers';
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Texts of a NumPy file. */
interface TextArray {
  readonly kind: 'texts';
  readonly shape: readonly number[];
  readonly values: readonly string[];
}

export type NpyArray = NumberArray | TextArray;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;
/** Longest header that is parsed; NumPy's own fit into a few hundred bytes. */
const MAX_HEADER_BYTES = 65_536;
const HEADER = /^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \}\s*$/;
const BYTES_PER_CHARACTER = 4;

type ReadNumber = (view: DataView, offset: number) => number;

const NUMBER_TYPES: Readonly<Record<string, readonly [number, ReadNumber]>> = {
  '<f4': [4, (view, at) => view.getFloat32(at, true)],
  '<f8': [8, (view, at) => view.getFloat64(at, true)],
  '<i4': [4, (view, at) => view.getInt32(at, true)],
  '<i8': [8, (view, at) => Number(view.getBigInt64(at, true))],
  '|i1': [1, (view, at) => view.getInt8(at)],
  '|u1': [1, (view, at) => view.getUint8(at)],
};

/**
 * Decodes a NumPy file (format 1 to 3) of plain numbers or texts. Nothing is ever unpickled.
 * @throws Error saying what does not fit: the magic bytes, the header, the type (Python objects are refused) or the size.
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) throw new Error('it is not a NumPy array');
  const wide = view.getUint8(6) >= 2;
  if (wide && bytes.length < 12) throw new Error('its header is cut off');
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > MAX_HEADER_BYTES || start + length > bytes.length) throw new Error('its header is cut off or too long');
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const [, descr = '', order = '', dimensions = ''] = HEADER.exec(header) ?? [];
  if (descr.includes('O')) throw new Error('it holds Python objects, which are never unpickled; save plain arrays');
  const shape = dimensions.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  if (order === '' || !shape.every((size) => Number.isSafeInteger(size)))
    throw new Error('its header is not understood');
  if (order === 'True' && shape.length > 1) throw new Error('it is in Fortran order; save it in C order');
  return decodeValues(view, start + length, descr, shape);
}

function decodeValues(view: DataView, start: number, descr: string, shape: readonly number[]): NpyArray {
  const count = shape.reduce((product, size) => product * size, 1);
  const available = view.byteLength - start;
  const demand = (size: number): void => {
    if (count * size !== available) throw new Error(`its shape needs ${count * size} bytes, ${available} are there`);
  };
  const text = /^<U(\d{1,5})$/.exec(descr);
  if (text !== null) {
    const characters = Number(text[1]);
    demand(characters * BYTES_PER_CHARACTER);
    const values = Array.from({ length: count }, (_, i) => textAt(view, start, characters, i));
    return { kind: 'texts', shape, values };
  }
  const type = Object.hasOwn(NUMBER_TYPES, descr) ? NUMBER_TYPES[descr] : undefined;
  if (type === undefined) throw new Error(`its type ${descr} is not read; numbers and texts are`);
  const [size, read] = type;
  demand(size);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, start + i * size);
  return { kind: 'numbers', shape, values };
}

/** A fixed-width UTF-32 text, padded with zeros. */
function textAt(view: DataView, start: number, characters: number, index: number): string {
  let text = '';
  for (let c = 0; c < characters; c++) {
    const code = view.getUint32(start + (index * characters + c) * BYTES_PER_CHARACTER, true);
    if (code === 0) break;
    if (code > 0x10ffff) throw new Error(`text ${index} holds a character that does not exist`);
    text += String.fromCodePoint(code);
  }
  return text;
}
