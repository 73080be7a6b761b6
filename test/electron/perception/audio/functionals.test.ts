import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AudioTrack } from '../../../../core/perception/perception.js';
import { AudioExtractor } from '../../../../electron/perception/audio/audioExtractor.js';
import {
  MIN_USABLE_ROWS,
  acousticFunctionalNames,
  acousticFunctionals,
} from '../../../../electron/perception/audio/functionals.js';
import { quantileOfSorted } from '../../../../core/statistics/quantile.js';
import { mean, slope, standardDeviation } from '../../../../electron/perception/audio/statistics.js';
import { gaussian, range, signal } from './signals.js';

const NAMES = acousticFunctionalNames();

function named(functionals: Float32Array | undefined, name: string): number {
  const index = NAMES.findIndex((candidate) => candidate.startsWith(`${name}[`));
  if (index < 0 || !functionals) throw new Error(`no functional ${name}`);
  return functionals[index]!;
}

async function track(samples: Float32Array): Promise<AudioTrack> {
  const extractor = await AudioExtractor.create(path.resolve('models'));
  await extractor.push(samples);
  return (await extractor.finish()).track;
}

/** A steady 200 Hz voice in the first second, loud noise in the second. */
let damaged: AudioTrack;
beforeAll(async () => {
  const normal = gaussian(2);
  damaged = await track(
    signal(2, (t) => (t < 1 ? 0.2 * Math.sin(2 * Math.PI * 200 * t) + 0.1 * Math.sin(2 * Math.PI * 400 * t) : 0.3 * normal())),
  ); // prettier-ignore
});

describe('acousticFunctionals', () => {
  it('gives one value per name, and names are unique', () => {
    expect(new Set(NAMES).size).toBe(NAMES.length);
    expect(acousticFunctionals(damaged, [range(0, 2)])?.length).toBe(NAMES.length);
    for (const name of NAMES) expect(name).toMatch(/^[\w.]+\[[^\]]+\]$/);
  });

  it('excluded rows do not count at all', () => {
    const poisoned: AudioTrack = {
      ...damaged,
      descriptors: damaged.descriptors.slice().fill(1e6, 100 * damaged.descriptorNames.length),
      levelDbfs: damaged.levelDbfs.slice().fill(0, 100),
      speechProbability: damaged.speechProbability.slice().fill(1, 100),
    };
    const usable = [range(0, 0.4), range(0.6, 1)];
    expect(acousticFunctionals(poisoned, usable)).toEqual(acousticFunctionals(damaged, usable));
    expect(acousticFunctionals(damaged, [range(0, 2)])).not.toEqual(acousticFunctionals(damaged, usable));
  });

  it('measures the voice that is there', () => {
    const values = acousticFunctionals(damaged, [range(0.1, 0.9)]);
    expect(named(values, 'f0.mean')).toBeCloseTo(12 * Math.log2(200 / 27.5), 1);
    expect(named(values, 'f0.sd')).toBeCloseTo(0, 1);
    expect(named(values, 'voiced_fraction')).toBe(1);
    expect(named(values, 'level.mean')).toBeCloseTo(10 * Math.log10((0.2 ** 2 + 0.1 ** 2) / 2), 1);
  });

  it('pitch and voice quality are undefined, not zero, where nothing is voiced', () => {
    const values = acousticFunctionals(damaged, [range(1.2, 1.8)]);
    for (const name of ['f0.mean', 'hnr.p50', 'jitter_local.sd', 'formant1_frequency.mean', 'voiced_segment_mean']) {
      expect(named(values, name), name).toBeNaN();
    }
    expect(named(values, 'voiced_fraction')).toBe(0);
    expect(named(values, 'level.mean')).toBeCloseTo(20 * Math.log10(0.3), 0);
  });

  it('needs 0.2 s of usable sound', () => {
    expect(acousticFunctionals(damaged, [range(0.5, 0.5 + (MIN_USABLE_ROWS - 1) / 100)])).toBeUndefined();
    expect(acousticFunctionals(damaged, [range(0.5, 0.5 + MIN_USABLE_ROWS / 100)])).toBeDefined();
    expect(acousticFunctionals(damaged, [])).toBeUndefined();
  });

  it('digital silence is no sound: there is nothing to describe', async () => {
    expect(acousticFunctionals(await track(new Float32Array(16_000)), [range(0, 1)])).toBeUndefined();
  });

  it('a dropout inside the sound leaves no infinite value', async () => {
    const dropout = signal(1, (t) => (t > 0.4 && t < 0.7 ? 0 : 0.2 * Math.sin(2 * Math.PI * 150 * t)));
    const values = acousticFunctionals(await track(dropout), [range(0, 1)])!;
    expect([...values].filter((value) => value === Infinity || value === -Infinity)).toEqual([]);
    expect(named(values, 'level.mean')).toBeGreaterThan(-60);
  });
});

describe('statistics', () => {
  it('agree with worked values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBe(2);
    expect(quantileOfSorted([1, 2, 3, 4], 0.2)).toBeCloseTo(1.6, 12);
    expect(slope([0, 1, 2], [1, 3, 5])).toBe(2);
  });

  it('are NaN where undefined', () => {
    for (const value of [mean([]), standardDeviation([]), quantileOfSorted([], 0.5), slope([1, 1], [2, 3])]) {
      expect(value).toBeNaN();
    }
  });
});
