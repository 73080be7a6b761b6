import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededNormal } from '../../../core/random/seededNormal.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { decodedCurves, decodedRates, type CurveSource } from '../../../electron/inference/decodedCurves.js';
import { loadBundle, type LoadedBundle } from '../../../electron/inference/loadBundle.js';
import { nearPhrases, phraseBank, type PhraseBank } from '../../../electron/inference/phraseBank.js';
import { runRohydr, type RohydrOptions } from '../../../electron/inference/rohydr.js';
import type { SegmentInput } from '../../../electron/inference/segmentTypes.js';
import { FIXTURE_MODELS, copyTinyBundle, editManifest, rehashParity } from './tinyBundle.js';

const OPTIONS: RohydrOptions = { recordingId: 'rec-0123456789ab', seed: 7, samples: 12, recover: true };
let bundle: LoadedBundle;
beforeAll(async () => {
  bundle = await loadBundle(FIXTURE_MODELS, 'tiny', 'cpu');
});

function draw(key: string, dimension: number): Float32Array {
  const next = seededNormal(key);
  return Float32Array.from({ length: dimension }, () => next());
}

function segment(id: string, pattern: string): SegmentInput {
  const of = (modality: 'text' | 'audio' | 'visual') =>
    pattern.includes(modality[0]!.toUpperCase())
      ? draw(id + modality, bundle.manifest.modalities[modality].dimension)
      : undefined;
  return {
    segmentId: id,
    range: { start: fromSeconds(0), end: fromSeconds(1) },
    features: { text: of('text'), audio: of('audio'), visual: of('visual') },
  };
}

const embed = (text: string) => Promise.resolve(draw(text, bundle.manifest.modalities.text.dimension));
const phrases = () => phraseBank(bundle, embed);

/** Two samples, 4 points: the voice's pitch is 10 and 14, everything else 0. */
function source(change: Partial<CurveSource> = {}): CurveSource {
  const voice = new Float32Array(2 * 4 * 2);
  for (const [sample, value] of [10, 14].entries())
    for (let point = 0; point < 4; point++) voice[(sample * 4 + point) * 2] = value;
  return {
    outputs: {
      expression_curve: new Float32Array(2 * 4 * 7).fill(0.01),
      proxy_curve: new Float32Array(2 * 4),
      voice_curve: voice,
      rates: Float32Array.of(0.1, 0.1),
    },
    index: 0,
    samples: 2,
    kept: 0,
    pattern: 'V',
    missing: ['audio'],
    ...change,
  };
}

describe('decoded curves', () => {
  it('are there for recovered face and voice only, with the names and units of measured ones', async () => {
    const [face, voice, whole] = await runRohydr(bundle, ['TA', 'TV', 'TAV'].map((p) => segment(p, p)), OPTIONS); // prettier-ignore
    expect(Object.keys(face!.estimate!.curves!)).toEqual(['visual']);
    expect(face!.estimate!.curves!.visual!.curves.map(({ name }) => name)).toEqual([...EMOTIONS, 'mouth opening']);
    expect(Object.keys(voice!.estimate!.curves!)).toEqual(['audio']);
    expect(voice!.estimate!.curves!.audio!.curves.map(({ unit }) => unit)).toEqual(['semitones re 27.5 Hz', 'auditory units']); // prettier-ignore
    expect(voice!.estimate!.decoded!.audio!.at(-1)).toMatchObject({ name: 'voiced_segments_rate', unit: '1/s' });
    expect(whole!.estimate!.curves).toBeUndefined();
  });

  it('hold as many points as the bundle says, bands around the mean, and at most 8 single samples', async () => {
    const [output] = await runRohydr(bundle, [segment('s1', 'T')], OPTIONS);
    for (const { points, curves } of Object.values(output!.estimate!.curves!))
      for (const { mean, low, high, samples } of curves) {
        for (const values of [mean, low, high]) expect(values).toHaveLength(points);
        mean.forEach((value, i) => expect(low[i]! < value && value < high[i]!).toBe(true));
        expect(samples).toHaveLength(8);
      }
  });

  it('have a band of the spread of the samples and the error of the decoder together', () => {
    const [pitch] = decodedCurves(bundle.manifest, source()).audio!.curves;
    const total = Math.sqrt(8 + 0.25 ** 2);
    expect(pitch!.mean).toEqual([12, 12, 12, 12]);
    expect(pitch!.low[0]).toBeCloseTo(12 - 1.5 * total, 6);
    expect(pitch!.high[3]).toBeCloseTo(12 + 2 * total, 6);
    expect(pitch!.samples).toBeUndefined();
  });

  it('of one sample still have the error of the decoder', () => {
    const [pitch] = decodedCurves(bundle.manifest, source({ samples: 1 })).audio!.curves;
    expect(pitch!.high[0]! - pitch!.low[0]!).toBeCloseTo(3.5 * 0.25, 6);
  });

  it('stay inside what the quantity can be', () => {
    const { visual } = decodedCurves(bundle.manifest, source({ pattern: 'A', missing: ['visual'] }));
    expect(visual!.curves.slice(0, 7).every(({ low }) => low.every((value) => value === 0))).toBe(true);
    expect(decodedRates(bundle.manifest, source())).toMatchObject([{ low: 0 }]);
  });

  it('that are not finite leave no estimate and a Problem', async () => {
    const broken: LoadedBundle = {
      ...bundle,
      manifest: { ...bundle.manifest, decoded: { ...bundle.manifest.decoded, curves: nanResidual() } },
    };
    const [output] = await runRohydr(broken, [segment('s1', 'T')], OPTIONS);
    expect(output!.estimate).toBeUndefined();
    expect(output!.problems).toMatchObject([{ code: 'inference.not-finite' }]);
  });

  function nanResidual() {
    const curves = bundle.manifest.decoded.curves!;
    return { ...curves, voice: curves.voice.map((q) => ({ ...q, residual: q.residual.map(() => Number.NaN) })) };
  }

  it('are not there with a bundle of an earlier version, which opens as before', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => {
      delete (manifest['graphs'] as Record<string, unknown>)['curves'];
      manifest['decoded'] = { acoustics: bundle.manifest.decoded.acoustics };
      delete manifest['phrases'];
    });
    const old = await loadBundle(modelsDir, 'tiny', 'cpu');
    expect(old.facts.decoderErrors).toBeUndefined();
    const [output] = await runRohydr(old, [segment('s1', 'V')], { ...OPTIONS, phrases: () => phraseBank(old, embed) });
    expect(output!.estimate!.decoded!.audio).toHaveLength(3);
    expect(output!.estimate!.curves).toBeUndefined();
    expect(output!.estimate!.recoveredText).toBeUndefined();
  });

  it('come with the errors of their decoders', () => {
    expect(bundle.facts.decoderErrors).toEqual([
      { modality: 'visual', kind: 'curve', name: 'neutral', unit: 'probability', from: 'A', mae: 0.2, constant: 0.3, conditionalMean: 0.25, coverage: 0.9 },
    ]); // prettier-ignore
  });
});

describe('a bundle with decoders of curves is refused', () => {
  it.each([
    ['without the graph', (m: Record<string, unknown>) => delete (m['graphs'] as Record<string, unknown>)['curves'], 'belong together'],
    ['with other names than outputs', (m: Record<string, unknown>) => ((m['decoded'] as { curves: { voice: unknown[] } }).curves.voice.pop()), 'curves.onnx does not fit: its output voice_curve'],
    ['with residuals of another length', (m: Record<string, unknown>) => ((m['decoded'] as { curves: { voice: { residual: number[] }[] } }).curves.voice[0]!.residual.pop()), 'one residual per point'],
  ])('%s', async (_, edit, words) => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => void edit(manifest));
    await expect(loadBundle(modelsDir, 'tiny', 'cpu')).rejects.toThrow(words);
  }); // prettier-ignore

  it('whose curves differ from parity.json, or are not in it', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    const file = path.join(folder, 'parity.json');
    const parity = JSON.parse(readFileSync(file, 'utf8')) as { outputs: Record<string, number[][]> };
    parity.outputs['rates']![0]![0]! += 0.5;
    writeFileSync(file, JSON.stringify(parity));
    rehashParity(folder);
    await expect(loadBundle(modelsDir, 'tiny', 'cpu')).rejects.toThrow('rates differs by');
    delete parity.outputs['rates'];
    writeFileSync(file, JSON.stringify(parity));
    rehashParity(folder);
    await expect(loadBundle(modelsDir, 'tiny', 'cpu')).rejects.toThrow('outputs.rates is missing');
  });

  it('with altered phrases', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    writeFileSync(path.join(folder, 'phrases.json'), '{}');
    await expect(loadBundle(modelsDir, 'tiny', 'cpu')).rejects.toThrow('phrases.json has SHA-256');
  });
});

describe('phrases near a recovered text', () => {
  it('are found for a recovered text only, with similarity, share and the distribution of the score', async () => {
    const [lost, there] = await runRohydr(bundle, [segment('s1', 'AV'), segment('s2', 'TA')], { ...OPTIONS, phrases });
    const { recoveredText } = lost!.estimate!;
    expect(recoveredText!.phrases).toHaveLength(5);
    const similarities = recoveredText!.phrases.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
    expect(similarities.every((value) => Math.abs(value) <= 1)).toBe(true);
    expect(recoveredText!.phrases.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
    expect(recoveredText!.scoreQuantiles).toEqual([...recoveredText!.scoreQuantiles].sort((a, b) => a - b));
    expect(there!.estimate!.recoveredText).toBeUndefined();
  });

  it('are placed by the encoder of the bundle: a phrase is nearest to its own latent', async () => {
    const bank = (await phrases())!;
    expect(bank.texts).toHaveLength(6);
    const rows = bank.texts.map((_, i) => bank.vectors.subarray(i * bank.width, (i + 1) * bank.width));
    rows.forEach((row, i) => {
      const scaled = Float32Array.from([...row.map((value) => 3 * value), 9, 9]);
      expect(nearPhrases(bank, [scaled])[0]).toMatchObject({ text: bank.texts[i], share: 1 });
      expect(nearPhrases(bank, [scaled])[0]!.similarity).toBeCloseTo(1, 5);
    });
  });

  it('count in how many samples a phrase is among the nearest', () => {
    const vectors = Float32Array.from([1, 0, 0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0, 1]);
    const bank: PhraseBank = { texts: ['a', 'b', 'c', 'd', 'e', 'f'], vectors, width: 2 };
    const near = nearPhrases(bank, [Float32Array.of(1, 0), Float32Array.of(1, 0), Float32Array.of(0, 1)]);
    expect(near.find(({ text }) => text === 'a')?.share).toBeCloseTo(2 / 3, 6);
    expect(near.find(({ text }) => text === 'e')?.share).toBe(1);
  });

  it('are embedded once for a bundle', async () => {
    let asked = 0;
    const other = { ...bundle };
    const counting = (text: string) => {
      asked += 1;
      return embed(text);
    };
    await phraseBank(other, counting);
    await phraseBank(other, counting);
    expect(asked).toBe(6);
  });

  it('can be cancelled while they are embedded, and are embedded when asked again', async () => {
    const stop = new AbortController();
    stop.abort();
    const other = { ...bundle };
    await expect(phraseBank(other, embed, stop.signal)).rejects.toThrow();
    expect((await phraseBank(other, embed))!.texts).toHaveLength(6);
  });
});
