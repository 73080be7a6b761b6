import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { AudioExtractor, type AudioPerception } from '../../../../electron/perception/audio/audioExtractor.js';
import { loadAudioNetworks, type AudioNetworks } from '../../../../electron/perception/audio/audioNetworks.js';
import { gaussian, signal, tone } from './signals.js';

const MODELS = path.resolve('models');

let networks: AudioNetworks;
beforeAll(async () => {
  networks = await loadAudioNetworks(MODELS);
});

async function measure(...chunks: readonly Float32Array[]): Promise<AudioPerception> {
  const extractor = new AudioExtractor(networks);
  for (const chunk of chunks) await extractor.push(chunk);
  return extractor.finish();
}

/** Something that changes all the time: syllable-like bursts of a gliding voice in noise. */
function speechLike(seconds: number): Float32Array {
  const normal = gaussian(11);
  return signal(seconds, (t) => {
    const voice = [1, 2, 3, 4, 5].reduce((sum, k) => sum + Math.sin(2 * Math.PI * k * (140 + 20 * t) * t) / k, 0);
    return 0.15 * voice * Math.max(0, Math.sin(2 * Math.PI * 3 * t)) + 0.003 * normal();
  });
}

describe('AudioExtractor', () => {
  it('gives the same result however the stream is cut', async () => {
    const samples = speechLike(1.37);
    const whole = await measure(samples);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: samples.length }), { maxLength: 30 }), async (cuts) => {
        const edges = [0, ...[...cuts].sort((a, b) => a - b), samples.length];
        const chunks = edges.slice(1).map((end, i) => samples.slice(edges[i], end));
        expect(await measure(...chunks)).toEqual(whole);
      }),
      { numRuns: 6 },
    );
  });

  it('gives one row per 10 ms, the last one possibly shorter', async () => {
    const { track, peaks } = await measure(tone(200, 0.5031));
    expect(track.rowCount).toBe(51);
    expect(track.descriptors.length).toBe(51 * track.descriptorNames.length);
    for (const column of [track.speechProbability, track.levelDbfs, track.clippedShare]) expect(column.length).toBe(51);
    expect(peaks.minMax.length).toBe(2 * 51);
  });

  it('digital silence is -Infinity dBFS, not 0, and has no speech', async () => {
    const { track, speech } = await measure(new Float32Array(16_000));
    expect([...track.levelDbfs].every((level) => level === -Infinity)).toBe(true);
    expect(speech).toEqual([]);
    expect(track.embedding.every(Number.isNaN)).toBe(true);
  });

  it('a full-scale sine has -3.01 dBFS', async () => {
    const { track } = await measure(tone(1000, 0.2, 1));
    for (const level of track.levelDbfs) expect(level).toBeCloseTo(-3.01, 1);
  });

  it('reports the share of clipped samples', async () => {
    const clipped = signal(0.2, (_, i) => (i % 4 === 0 ? 1 : 0.3));
    const { track } = await measure(clipped);
    for (const share of track.clippedShare) expect(share).toBeCloseTo(0.25, 5);
    expect((await measure(tone(100, 0.2, 0.9))).track.clippedShare.every((share) => share === 0)).toBe(true);
  });

  it('the waveform overview holds the extremes of every bin', async () => {
    const { peaks } = await measure(signal(0.02, (_, i) => (i === 5 ? -1 : i === 165 ? 0.5 : 0)));
    expect([...peaks.minMax]).toEqual([-32_767, 0, 0, 16_384]);
  });

  it.each([0, 1, 100, 1600])('a stream of %d samples does not crash', async (count) => {
    const { track } = await measure(tone(300, 1).slice(0, count));
    expect(track.rowCount).toBe(Math.ceil(count / 160));
    expect(track.embeddingRows).toBe(0);
  });

  it('samples that are not numbers count as silence and spoil no later row', async () => {
    const samples = tone(200, 0.5);
    samples[10] = Number.NaN;
    samples[11] = Infinity;
    const { track } = await measure(samples);
    expect(Number.isFinite(track.descriptors[30 * track.descriptorNames.length]!)).toBe(true);
    expect(track.levelDbfs.every(Number.isFinite)).toBe(true);
  });
});
