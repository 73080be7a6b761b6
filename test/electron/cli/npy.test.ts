import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../electron/cli/npy.js';

describe('encodeNpy', () => {
  it('writes the NumPy format 1.0 byte for byte: magic, aligned header, little-endian rows', () => {
    const file = encodeNpy(Float32Array.of(1, 2, 3, 4, 5, Number.NaN), 2, 3);
    expect([...file.slice(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const view = new DataView(file.buffer);
    const data = 10 + view.getUint16(8, true);
    expect(data % 64).toBe(0);
    const header = new TextDecoder().decode(file.slice(10, data));
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    expect(header.endsWith('\n')).toBe(true);
    expect(file.length).toBe(data + 24);
    expect([0, 1, 2, 3, 4, 5].map((i) => view.getFloat32(data + 4 * i, true))).toEqual([1, 2, 3, 4, 5, Number.NaN]);
  });

  it('an empty matrix keeps its width', () => {
    const header = new TextDecoder().decode(encodeNpy(new Float32Array(0), 0, 7));
    expect(header).toContain("'shape': (0, 7)");
  });

  it('refuses values that do not fit the shape', () => {
    expect(() => encodeNpy(new Float32Array(5), 2, 3)).toThrow(RangeError);
  });
});
