import { describe, expect, it } from 'vitest';
import { jsonSlices } from '../../../core/text/jsonSlices.js';

const whole = (value: unknown): string => [...jsonSlices(value)].join('');
const items = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `s${index}`, text: '"ä\n' }));

describe('JSON in slices', () => {
  it.each([
    [null],
    ['text'],
    [3.5],
    [[]],
    [{}],
    [{ a: undefined }],
    [{ a: [1, [2, { b: null }]], 'x"y': true }],
    [[undefined, 1]],
    [{ results: items(250), few: items(3), none: undefined, nested: { deep: items(20) } }],
    [items(100)],
    [items(101)],
  ])('is the JSON of the value, whatever is in it: case %#', (value) => {
    expect(whole(value)).toBe(JSON.stringify(value));
  });

  it('comes in pieces that are small beside a long list', () => {
    const pieces = [...jsonSlices({ results: Array.from({ length: 10_000 }, (_, index) => ({ index })) })];
    const longest = Math.max(...pieces.map(({ length }) => length));
    expect(longest).toBeLessThan(pieces.join('').length / 50);
  });
});
