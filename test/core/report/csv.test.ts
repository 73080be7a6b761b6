import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvText, processorTime, RUNAWAY_MILLISECONDS } from '../fixtures.js';
import { csvChunks, guard, unguard, type CsvCell, type CsvColumn } from '../../../core/report/csv.js';

const COLUMNS: readonly CsvColumn[] = [
  { name: 'id', cell: 'plain' },
  { name: 'value', cell: 'number', decimals: 3 },
  { name: 'words', cell: 'text' },
];

function read(text: string): string[][] {
  return Papa.parse<string[]>(text, { newline: '\n', delimiter: ',', skipEmptyLines: false }).data.slice(0, -1);
}

const tricky = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', '\n', '\r', '\t', ' ', 'N', 'A', '1', 'é') }),
);

describe('writing CSV', () => {
  it('missing is never written as zero and never as an empty cell', () => {
    const text = csvText(COLUMNS, [
      ['a', undefined, undefined],
      ['b', Number.NaN, ''],
      ['c', -Infinity, 'NA'],
      ['d', 0, '0'],
    ]);
    expect(text).toBe('id,value,words\na,NA,NA\nb,NA,""\nc,NA,\'NA\nd,0.000,0\n');
  });

  it('writes fixed decimals with a dot and no negative zero', () => {
    const text = csvText(COLUMNS, [
      ['a', 1234567.8919, 'x'],
      ['b', -0.0001, 'x'],
      ['c', -2.5, 'x'],
    ]);
    expect(text).toBe('id,value,words\na,1234567.892,x\nb,0.000,x\nc,-2.500,x\n');
  });

  it('writes nothing that a spreadsheet would run, and leaves numbers alone', () => {
    fc.assert(
      fc.property(tricky, (words) => {
        const written = read(csvText(COLUMNS, [['a', -1, words]]))[1]!;
        expect(written[1]).toBe('-1.000');
        expect(written[2]).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
    );
    expect(guard('=1+1')).toBe("'=1+1");
    expect(guard('plain = text')).toBe('plain = text');
  });

  it('takes the guard away again for every text', () => {
    fc.assert(fc.property(tricky, (words) => unguard(guard(words)) === words));
  });

  it('reads back what was written, for any text', () => {
    const row = fc.tuple(
      fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((id) => id !== 'NA'),
      fc.option(fc.integer({ min: -1e9, max: 1e9 }), { nil: undefined }),
      fc.option(tricky, { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const [header, ...body] = read(csvText(COLUMNS, rows));
        expect(header).toEqual(['id', 'value', 'words']);
        const back = body.map(([id, value, words]): CsvCell[] => [
          id,
          value === 'NA' ? undefined : Number(value),
          words === 'NA' ? undefined : unguard(words!),
        ]);
        expect(back).toEqual(rows.map(([id, value, words]) => [id, value === undefined ? value : value + 0, words]));
      }),
    );
  });

  it('refuses a row that does not fit its columns', () => {
    expect(() => csvText(COLUMNS, [['a', 1]])).toThrow(/2 cells for 3 columns/);
  });

  it('writes 10 000 rows of 40 columns without runaway cost, in pieces, with the same bytes every time', () => {
    const columns = Array.from({ length: 40 }, (_, i): CsvColumn => {
      return i % 4 === 0 ? { name: `t${i}`, cell: 'text' } : { name: `n${i}`, cell: 'number', decimals: 4 };
    });
    const rows = Array.from({ length: 10_000 }, (_, r) =>
      columns.map((c, i) => (c.cell === 'text' ? `words ${r}` : r / (i + 1))),
    );
    let chunks: string[] = [];
    const milliseconds = processorTime(() => {
      chunks = [...csvChunks(columns, rows)];
    });
    expect(milliseconds).toBeLessThan(RUNAWAY_MILLISECONDS);
    expect(chunks.length).toBeGreaterThan(10);
    expect(chunks.join('')).toBe(csvText(columns, rows));
  });
});
