import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PerceptionCache } from '../../../../electron/perception/cache/perceptionCache.js';
import { samplePerception } from '../samplePerception.js';

const HASHES = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];

describe('stored perceptions', () => {
  let folder: string;
  let file: string;
  const versions = ['face-expression/1', 'acoustic-descriptors/1'];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lacuna-cache-'));
    expect(await new PerceptionCache(folder, { versions }).write(samplePerception(HASHES[0]))).toEqual([]);
    const [name] = await readdir(folder);
    file = join(folder, name!);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('come back exactly as they were, undefined numbers too', async () => {
    const { perception, problem } = await new PerceptionCache(folder, { versions }).read(HASHES[0]);
    expect(problem).toBeUndefined();
    expect(perception).toEqual(samplePerception(HASHES[0]));
    expect(perception?.visual?.faceScore[0]).toBeNaN();
    expect(perception?.info.video?.framesPerSecond).toBeNaN();
  });

  it('of other content or other extractors are not found', async () => {
    expect(await new PerceptionCache(folder, { versions }).read(HASHES[1])).toEqual({});
    const newer = new PerceptionCache(folder, { versions: ['face-expression/2', 'acoustic-descriptors/1'] });
    expect(await newer.read(HASHES[0])).toEqual({});
  });

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    ['cut to nothing', () => Buffer.alloc(0)],
    ['changed in one bit', (bytes: Buffer) => bytes.with(bytes.length - 60, bytes.at(-60)! ^ 1)],
    ['changed in its header', (bytes: Buffer) => bytes.with(8, bytes[8]! ^ 8)],
    ['of another format', (bytes: Buffer) => bytes.with(7, '2'.charCodeAt(0))],
    ['stored under the name of another', () => undefined],
  ])('that are %s are not used, said and removed', async (_, damage) => {
    const damaged = damage(await readFile(file));
    if (damaged) await writeFile(file, damaged);
    const hash = damaged ? HASHES[0] : HASHES[1];
    if (!damaged) await writeFile(file.replace(HASHES[0], HASHES[1]), await readFile(file));
    const answer = await new PerceptionCache(folder, { versions }).read(hash);
    expect(answer.perception).toBeUndefined();
    expect(answer.problem).toMatchObject({ code: 'cache.damaged', severity: 'note' });
    expect((await readdir(folder)).some((name) => name.startsWith(hash))).toBe(false);
  });

  it('go by least recent use when they grow beyond the limit', async () => {
    const { size } = await stat(file);
    const cache = new PerceptionCache(folder, { versions, maxBytes: 2 * size });
    await cache.write(samplePerception(HASHES[1]));
    const past = new Date(Date.now() - 60_000);
    for (const name of await readdir(folder)) await utimes(join(folder, name), past, past);
    expect((await cache.read(HASHES[0])).perception).toBeDefined();
    await cache.write(samplePerception(HASHES[2]));
    const kept = (await readdir(folder)).map((name) => name.slice(0, 64)).sort();
    expect(kept).toEqual([HASHES[0], HASHES[2]]);
  });

  it('a folder that cannot be written is a note, and leaves nothing partial', async () => {
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, 'a file where the folder should be');
    const problems = await new PerceptionCache(blocked, { versions }).write(samplePerception(HASHES[0]));
    expect(problems).toMatchObject([{ code: 'cache.not_written', severity: 'note' }]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
