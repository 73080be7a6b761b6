import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteRangeOf } from '../../../electron/files/byteRange.js';

describe('byte ranges', () => {
  it.each([
    ['bytes=0-99', { first: 0, last: 99 }],
    ['bytes=500-', { first: 500, last: 999 }],
    ['bytes=-100', { first: 900, last: 999 }],
    ['bytes=-5000', { first: 0, last: 999 }],
    ['bytes=990-5000', { first: 990, last: 999 }],
    ['bytes=999-999', { first: 999, last: 999 }],
  ])('%s of 1000 bytes', (header, range) => {
    expect(byteRangeOf(header, 1000)).toEqual(range);
  });

  it.each([[null], ['items=0-1'], ['bytes=0-1,5-6'], ['bytes=-'], ['bytes=9-3'], ['nonsense']])(
    'ignores %s and answers whole',
    (header) => {
      expect(byteRangeOf(header, 1000)).toBe('whole');
    },
  );

  it.each([
    ['bytes=1000-', 1000],
    ['bytes=0-', 0],
    ['bytes=-0', 1000],
  ])('%s of %d bytes cannot be satisfied', (header, size) => {
    expect(byteRangeOf(header, size)).toBe('unsatisfiable');
  });

  it('never reaches outside the file', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), fc.nat(1000), (from, to, size) => {
        const range = byteRangeOf(`bytes=${from}-${to}`, size);
        if (typeof range === 'string') return;
        expect(range.first).toBe(from);
        expect(range.last).toBeGreaterThanOrEqual(range.first);
        expect(range.last).toBeLessThan(size);
      }),
    );
  });
});
