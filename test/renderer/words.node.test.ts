import { describe, expect, it } from 'vitest';
import { plain, signed } from '../../renderer/words.js';

describe('numbers on the page', () => {
  it('carry a real minus sign, and missing is NA, never 0', () => {
    expect(signed(-1.424)).toBe('−1.42');
    expect(signed(0.5, 1)).toBe('+0.5');
    expect(signed(-0.001)).toBe('0.00');
    expect([signed(undefined), signed(Number.NaN), plain(undefined), plain(Number.NaN)]).toEqual([
      'NA',
      'NA',
      'NA',
      'NA',
    ]);
  });
});
