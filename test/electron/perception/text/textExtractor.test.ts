import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../core/problems/problem.js';
import { MAX_TOKENS, TextExtractor } from '../../../../electron/perception/text/textExtractor.js';

interface Golden {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly embedding: readonly number[];
}

const modelsDir = path.resolve('models');
const golden = JSON.parse(readFileSync('test/fixtures/textEncoder.json', 'utf8')) as Golden[];
const spoken = golden.filter(({ text }) => text.trim() !== '');

describe('text extractor', () => {
  let extractor: TextExtractor;
  beforeAll(async () => {
    extractor = await TextExtractor.create(modelsDir);
  });

  it.each(spoken)(
    'splits and embeds like the Python tokenizer and runtime: %#',
    async ({ text, tokens, embedding }) => {
      expect((await extractor.tokens(text)).tokens).toEqual(tokens);
      const actual = await extractor.embed(text);
      expect(actual).toHaveLength(384);
      const largest = Math.max(...embedding.map((value, index) => Math.abs(value - actual[index]!)));
      expect(largest).toBeLessThan(1e-4);
    },
  );

  it('gives vectors of unit length', async () => {
    expect(Math.hypot(...(await extractor.embed('Dogs are sitting by the door.')))).toBeCloseTo(1, 5);
  });

  it('says when the end of a long text was left out', async () => {
    const long = await extractor.tokens('well '.repeat(300));
    expect(long).toMatchObject({ truncated: true });
    expect(long.tokens).toHaveLength(MAX_TOKENS);
    expect(long.tokens.at(-1)).toBe('[SEP]');
    expect(long.embeddings).toHaveLength(MAX_TOKENS * 384);
    expect(await extractor.tokens('well well')).toMatchObject({ truncated: false });
  });

  it.each(['', '   ', '\n\t'])('refuses a text without words instead of embedding nothing: %j', async (text) => {
    await expect(extractor.embed(text)).rejects.toThrow(ProblemError);
  });

  it('puts texts of like meaning closer than others', async () => {
    const [glad, happy, rain] = await Promise.all(
      ['I am so glad!', 'This makes me very happy.', 'The drain pipe is made of copper.'].map((text) =>
        extractor.embed(text),
      ),
    );
    const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
    expect(cosine(glad!, happy!)).toBeGreaterThan(cosine(glad!, rain!) + 0.2);
  });
});
