import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../../core/problems/problem.js';
import { microseconds } from '../../../core/time/microseconds.js';
import { measureHere, type Extractors } from '../../../electron/perception/measureHere.js';
import { perceiveWith, type PerceiveOptions } from '../../../electron/perception/perceiveWith.js';
import { burstInput, flashInput, h264, mediaFolder, processesWith, type MediaFolder } from '../media/mediaFiles.js';
import { samplePerception } from './samplePerception.js';

const sample = samplePerception('');

/** Measures nothing but how much came: the networks have tests of their own. */
class Counting implements Extractors {
  versions = ['counting/1'];
  samples = 0;
  readonly frameTimes: number[] = [];
  failure: Error | undefined;

  audio() {
    const push = (chunk: Float32Array) => {
      this.samples += chunk.length;
      if (this.failure) throw this.failure;
    };
    const track = {
      extractor: 'counting/1',
      hop: microseconds(10_000),
      rowCount: 0,
      descriptorNames: [],
      descriptors: new Float32Array(0),
      speechProbability: new Float32Array(0),
      levelDbfs: new Float32Array(0),
      clippedShare: new Float32Array(0),
      embedding: new Float32Array(0),
      embeddingSize: 0,
      embeddingRows: 0,
      embeddingHop: microseconds(0),
      embeddingStart: microseconds(0),
    };
    return Promise.resolve({ push, finish: () => ({ track, peaks: sample.peaks!, speech: sample.speech }) });
  }

  visual() {
    const push = ({ timestamp }: { timestamp: number }) => {
      this.frameTimes.push(timestamp);
    };
    return Promise.resolve({ push, finish: () => sample.visual! });
  }
}

describe('measuring a recording', () => {
  let folder: MediaFolder;
  let film: string;
  let cacheDir: string;
  let counting: Counting;
  let options: PerceiveOptions;
  beforeAll(async () => {
    folder = await mediaFolder();
    film = await folder.make('film.mp4', [...flashInput, ...burstInput, ...h264, '-c:a', 'aac']);
    cacheDir = join(folder.path, 'cache');
  });
  beforeEach(async () => {
    await rm(cacheDir, { recursive: true, force: true });
    counting = new Counting();
    options = { modelsDir: folder.path, cacheDir };
  });
  afterAll(() => folder.remove());

  it('gives both tracks the whole recording and says where each ended', async () => {
    const perception = await perceiveWith(film, measureHere(counting), options);
    expect(counting.samples / 16_000).toBeCloseTo(2, 1);
    expect(counting.frameTimes).toHaveLength(10);
    expect(perception).toMatchObject({ decodedVideoEnd: 2_000_000, speech: sample.speech, problems: [] });
    expect(perception.inputSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('a recording measured before, under any name, is read from the cache', async () => {
    const first = await perceiveWith(film, measureHere(counting), options);
    const copy = join(folder.path, 'copy.mp4');
    await copyFile(film, copy);
    const again = new Counting();
    expect(await perceiveWith(copy, measureHere(again), options)).toEqual(first);
    expect(again.samples).toBe(0);
    again.versions = ['counting/2'];
    await perceiveWith(film, measureHere(again), options);
    expect(again.samples).toBeGreaterThan(0);
  });

  it('a damaged cache entry is made anew, with a note', async () => {
    await perceiveWith(film, measureHere(counting), options);
    const [name] = await readdir(cacheDir);
    await writeFile(join(cacheDir, name!), 'damaged');
    const again = new Counting();
    const perception = await perceiveWith(film, measureHere(again), options);
    expect(again.samples).toBeGreaterThan(0);
    expect(perception.problems).toMatchObject([{ code: 'cache.damaged', severity: 'note' }]);
    expect((await perceiveWith(film, measureHere(new Counting()), options)).problems).toEqual([]);
  });

  it('progress never falls and ends at 1', async () => {
    const fractions: number[] = [];
    await perceiveWith(film, measureHere(counting), { ...options, onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.length).toBeGreaterThan(5);
  });

  it('a missing track is normal, not a problem', async () => {
    const voice = await perceiveWith(await folder.make('voice.wav', burstInput), measureHere(counting), options);
    expect(voice.visual).toBeUndefined();
    expect(voice.decodedVideoEnd).toBeUndefined();
    expect(voice.problems).toEqual([]);
    const silent = await perceiveWith(
      await folder.make('silent.mp4', [...flashInput, ...h264]),
      measureHere(counting),
      options,
    );
    expect(silent.audio).toBeUndefined();
    expect(silent.speech).toEqual([]);
    expect(silent.problems).toEqual([]);
  });

  it('a sound track that cannot be decoded is a problem over its whole range while the picture works', async () => {
    const pcm = await folder.make('film.mkv', ['-i', film, '-c:v', 'copy', '-c:a', 'flac']);
    const bytes = await readFile(pcm);
    const at = bytes.indexOf('A_FLAC', 0, 'latin1');
    const file = join(folder.path, 'unknown sound.mkv');
    await writeFile(file, bytes.fill('A_XXXX', at, at + 6, 'latin1'));
    const perception = await perceiveWith(file, measureHere(counting), options);
    expect(perception.audio).toBeUndefined();
    expect(perception.visual).toBeDefined();
    expect(perception.problems).toMatchObject([
      { code: 'media.audio_undecodable', modality: 'audio', range: { start: 0, end: perception.info.duration } },
    ]);
  });

  it('a failing extractor stops the other track, stores nothing and is passed on', async () => {
    counting.failure = new ProblemError({ code: 'model.altered', severity: 'error', message: 'm', tip: 't' });
    await expect(perceiveWith(film, measureHere(counting), options)).rejects.toBe(counting.failure);
    await expect(readdir(cacheDir)).rejects.toThrow();
  });

  it('an abort on the way ends it, leaves no process and stores nothing', async () => {
    const controller = new AbortController();
    const onProgress = (fraction: number) => {
      if (fraction > 0.3) controller.abort();
    };
    const task = perceiveWith(film, measureHere(counting), { ...options, signal: controller.signal, onProgress });
    await expect(task).rejects.toMatchObject({ name: 'AbortError' });
    if (process.platform === 'linux') expect(await processesWith(film)).toBe(0);
    await expect(readdir(cacheDir)).rejects.toThrow();
  });
});
