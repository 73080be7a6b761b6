import { beforeAll, describe, expect, it } from 'vitest';
import type { PerModality } from '../../../core/recording/modality.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import type { LoadedBundle } from '../../../electron/inference/loadBundle.js';
import { loadBundle } from '../../../electron/inference/loadBundle.js';
import type { RohydrOptions } from '../../../electron/inference/rohydr.js';
import type { SegmentInput } from '../../../electron/inference/segmentTypes.js';
import { runRohydr } from '../../../electron/inference/rohydr.js';
import { seededNormal } from '../../../core/random/seededNormal.js';
import { FIXTURE_MODELS } from './tinyBundle.js';

const OPTIONS: RohydrOptions = { recordingId: 'rec-0123456789ab', seed: 7, samples: 8, recover: true };
let bundle: LoadedBundle;
beforeAll(async () => {
  bundle = await loadBundle(FIXTURE_MODELS, 'tiny', 'cpu');
});

/** A segment with the modalities of `pattern`, features drawn from its id. */
function segment(id: string, pattern: string): SegmentInput {
  const draw = (key: string, dimension: number): Float32Array | undefined => {
    if (!pattern.includes(key)) return undefined;
    const next = seededNormal(id + key);
    return Float32Array.from({ length: dimension }, () => next());
  };
  const { text, audio, visual } = bundle.manifest.modalities;
  const features: PerModality<Float32Array | undefined> = {
    text: draw('T', text.dimension),
    audio: draw('A', audio.dimension),
    visual: draw('V', visual.dimension),
  };
  return { segmentId: id, range: { start: fromSeconds(0), end: fromSeconds(1) }, features };
}

const PATTERNS = ['TAV', 'TA', 'TV', 'AV', 'T', 'A', 'V', ''];
const mixed = (count: number): SegmentInput[] =>
  Array.from({ length: count }, (_, i) => segment(`s${String(i + 1).padStart(4, '0')}`, PATTERNS[i % 8] ?? ''));

describe('RoHyDR inference', () => {
  it('gives probabilities that sum to 1 and an interval around the score, for every pattern', async () => {
    for (const output of (await runRohydr(bundle, mixed(7), OPTIONS)).slice(0, 7)) {
      const estimate = output.estimate!;
      expect(estimate.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 10);
      expect(estimate.confidence).toBe(Math.max(...estimate.probabilities));
      expect(estimate.score.low).toBeLessThan(estimate.score.value);
      expect(estimate.score.high).toBeGreaterThan(estimate.score.value);
      expect(estimate.score.low).toBeGreaterThanOrEqual(-3);
      expect(estimate.score.high).toBeLessThanOrEqual(3);
    }
  });

  it('takes the half width of the availability pattern', async () => {
    const outputs = await runRohydr(bundle, [segment('s1', 'TAV'), segment('s2', 'A')], OPTIONS);
    const widths = outputs.map(({ estimate }) => (estimate!.score.high - estimate!.score.low) / 2);
    expect(widths[0]).toBeCloseTo(0.6, 6);
    expect(widths[1]).toBeCloseTo(1.1, 6);
  });

  it('generates nothing where all modalities are there', async () => {
    const [output] = await runRohydr(bundle, [segment('s1', 'TAV')], OPTIONS);
    expect(output?.recovered).toEqual({});
    expect(output?.estimate?.decoded).toBeUndefined();
    expect(output?.estimate?.scoreSpread).toBeUndefined();
    expect(output?.estimate?.scoreWithoutRecovery).toBeUndefined();
    expect(output?.estimate?.probabilityLow).toEqual(output?.estimate?.probabilities);
  });

  it('leaves missing what a person wants missing, in what it reads and in what it says', async () => {
    const left = { ...segment('s1', 'TA'), notRecovered: ['visual'] as const };
    const [kept, dropped, partly] = [
      (await runRohydr(bundle, [left], OPTIONS))[0]!,
      (await runRohydr(bundle, [segment('s1', 'TA')], { ...OPTIONS, recover: false }))[0]!,
      (await runRohydr(bundle, [{ ...segment('s2', 'T'), notRecovered: ['visual'] as const }], OPTIONS))[0]!,
    ];
    expect(kept).toEqual(dropped);
    expect(Object.keys(partly.recovered)).toEqual(['audio']);
    expect(partly.estimate?.decoded?.visual).toBeUndefined();
    expect(partly.estimate?.decoded?.audio).toBeDefined();
    const whole = (await runRohydr(bundle, [segment('s2', 'T')], OPTIONS))[0]!;
    expect(whole.estimate?.score.value).not.toBe(partly.estimate?.score.value);
  });

  it('reports samples, spread, decoded descriptors and the ablation of what it generated', async () => {
    const [output] = await runRohydr(bundle, [segment('s1', 'T')], OPTIONS);
    expect(output?.recovered.audio?.samples).toBe(8);
    expect(output?.recovered.visual?.spread).toBeGreaterThan(0);
    expect(output?.recovered.text).toBeUndefined();
    const estimate = output!.estimate!;
    expect(estimate.scoreSpread).toBeGreaterThan(0);
    expect(estimate.scoreWithoutRecovery).toBeDefined();
    expect(estimate.scoreWithoutRecovery).not.toBe(estimate.score.value);
    expect(estimate.decoded?.audio?.map(({ unit }) => unit)).toEqual(['Hz', 'dB', '1/s', '1/s']);
    expect(estimate.decoded?.visual).toHaveLength(7);
    for (const { low, high } of estimate.decoded!.visual!) expect(low).toBeLessThanOrEqual(high);
  });

  it('leaves the spread undefined for one sample, never zero', async () => {
    const [output] = await runRohydr(bundle, [segment('s1', 'T')], { ...OPTIONS, samples: 1 });
    expect(output?.recovered.audio).toEqual({ samples: 1 });
    expect(output?.estimate?.scoreSpread).toBeUndefined();
  });

  it('gives no estimate and a note where all three are missing', async () => {
    const [output] = await runRohydr(bundle, [segment('s1', '')], OPTIONS);
    expect(output?.estimate).toBeUndefined();
    expect(output?.problems).toMatchObject([{ code: 'segment.no-input', severity: 'note' }]);
  });

  it('drops missing modalities when recovery is off', async () => {
    const input = segment('s1', 'T');
    const [off] = await runRohydr(bundle, [input], { ...OPTIONS, recover: false });
    const [on] = await runRohydr(bundle, [input], OPTIONS);
    expect(off?.recovered).toEqual({});
    expect(off?.estimate?.score.value).toBeCloseTo(on!.estimate!.scoreWithoutRecovery!, 6);
  });

  it('gives the same result for any batch size and any company', async () => {
    const inputs = mixed(40);
    const whole = await runRohydr(bundle, inputs, OPTIONS);
    const single = await runRohydr(bundle, inputs, { ...OPTIONS, batchSegments: 1 });
    const odd = await runRohydr(bundle, [...inputs].reverse(), { ...OPTIONS, batchSegments: 7 });
    expect(single).toEqual(whole);
    expect([...odd].reverse()).toEqual(whole);
  });

  it('changes with the seed and with the recording', async () => {
    const inputs = [segment('s1', 'T')];
    const score = async (options: Partial<RohydrOptions>): Promise<number> =>
      (await runRohydr(bundle, inputs, { ...OPTIONS, ...options }))[0]!.estimate!.score.value;
    const base = await score({});
    expect(await score({})).toBe(base);
    expect(await score({ seed: 8 })).not.toBe(base);
    expect(await score({ recordingId: 'rec-ba9876543210' })).not.toBe(base);
  });

  it('uses undefined features by way of the training mean', async () => {
    const input = segment('s1', 'TAV');
    input.features.audio!.fill(Number.NaN, 0, 3);
    const [output] = await runRohydr(bundle, [input], OPTIONS);
    expect(output?.estimate?.probabilities.every(Number.isFinite)).toBe(true);
  });

  it('turns an output that is not a number into a Problem without an estimate', async () => {
    const { graphs } = bundle;
    const broken = { ...bundle, graphs: Object.create(graphs) as typeof graphs };
    broken.graphs.readout = async (batch, latents, present, recovered) => {
      const readout = await graphs.readout(batch, latents, present, recovered);
      readout.score[0] = Number.NaN;
      return readout;
    };
    Object.defineProperty(broken.graphs, 'latentSize', { value: graphs.latentSize });
    broken.graphs.encode = (...a) => graphs.encode(...a);
    broken.graphs.recover = (...a) => graphs.recover(...a);
    broken.graphs.decode = (...a) => graphs.decode(...a);
    broken.graphs.curves = (...a) => graphs.curves(...a);
    const outputs = await runRohydr(broken, [segment('s1', 'T'), segment('s2', 'T')], OPTIONS);
    expect(outputs[0]?.estimate).toBeUndefined();
    expect(outputs[0]?.problems).toMatchObject([{ code: 'inference.not-finite' }]);
    expect(outputs[1]?.estimate).toBeDefined();
  });

  it('stops between batches when cancelled', async () => {
    const controller = new AbortController();
    const run = runRohydr(bundle, mixed(40), {
      ...OPTIONS,
      batchSegments: 1,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 3) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });
});
