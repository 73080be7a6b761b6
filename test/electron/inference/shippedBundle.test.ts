import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MODALITIES } from '../../../core/recording/modality.js';
import { seededNormal } from '../../../core/random/seededNormal.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { FEATURE_EXTRACTORS } from '../../../electron/analysis/checkFit.js';
import { bundleCalibration } from '../../../electron/inference/bundleCalibration.js';
import { listBundles, loadBundle } from '../../../electron/inference/loadBundle.js';
import type { SegmentInput } from '../../../electron/inference/segmentTypes.js';
import { runRohydr } from '../../../electron/inference/rohydr.js';
import { acousticFunctionalNames } from '../../../electron/perception/audio/functionals.js';
import { VISUAL_FUNCTIONAL_COUNT } from '../../../electron/perception/visual/expressionFunctionals.js';

const MODELS = path.resolve(import.meta.dirname, '../../../models');
const BUNDLE = 'speech-face-en';
const DIMENSIONS = { text: 384, audio: acousticFunctionalNames().length, visual: VISUAL_FUNCTIONAL_COUNT };

const segments = ['TA', 'TV', 'AV', 'T', 'A', 'V', 'TAV', 'TA', 'V'].map((pattern, index): SegmentInput => {
  const draw = (modality: 'text' | 'audio' | 'visual') => {
    if (!pattern.includes(modality[0]!.toUpperCase())) return undefined;
    const next = seededNormal(`${modality}${index}`);
    return Float32Array.from({ length: DIMENSIONS[modality] }, () => next());
  };
  return {
    segmentId: `s${index}`,
    range: { start: fromSeconds(index), end: fromSeconds(index + 1) },
    features: { text: draw('text'), audio: draw('audio'), visual: draw('visual') },
  };
});

describe('the bundles that come with the app', () => {
  it('are all accepted', async () => {
    const bundles = await listBundles(MODELS);
    expect(bundles.map(({ id }) => id)).toContain(BUNDLE);
    expect(bundles.filter(({ refused }) => refused !== undefined)).toEqual([]);
  });

  it('are made for the features of this version', async () => {
    const { manifest } = await loadBundle(MODELS, BUNDLE, 'cpu');
    for (const modality of MODALITIES) {
      expect(manifest.modalities[modality]).toMatchObject({
        extractor: FEATURE_EXTRACTORS[modality],
        dimension: DIMENSIONS[modality],
      });
    }
  });

  it('come with card and licence', () => {
    for (const file of ['CARD.md', 'LICENSE.md'])
      expect(existsSync(path.join(MODELS, 'bundles', BUNDLE, file))).toBe(true);
    expect(readdirSync(path.join(MODELS, 'bundles'))).toContain(BUNDLE);
  });

  it('state how often their labels were right, for every set of modalities', async () => {
    const { manifest } = await loadBundle(MODELS, BUNDLE, 'cpu');
    const { n, patterns } = bundleCalibration(manifest);
    expect(patterns).toHaveLength(7);
    for (const { pattern, accuracy, reliability } of patterns) {
      expect(
        reliability?.reduce((sum, bin) => sum + bin.n, 0),
        pattern,
      ).toBe(n);
      const right = reliability?.reduce((sum, bin) => sum + bin.found * bin.n, 0);
      expect(right! / n!, pattern).toBeCloseTo(accuracy!, 6);
    }
  });

  it('give the same numbers whatever the batches are', async () => {
    const bundle = await loadBundle(MODELS, BUNDLE, 'cpu');
    const options = { recordingId: 'rec-0123456789ab', seed: 1, samples: 4, recover: true };
    const whole = await runRohydr(bundle, segments, options);
    expect(whole.every(({ estimate }) => estimate !== undefined)).toBe(true);
    expect(await runRohydr(bundle, segments, { ...options, batchSegments: 1 })).toEqual(whole);
    expect(await runRohydr(bundle, segments, { ...options, batchSegments: 4 })).toEqual(whole);
  });
});
