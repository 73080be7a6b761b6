import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededNormal } from '../../../core/random/seededNormal.js';
import type { Modality } from '../../../core/recording/modality.js';
import { MODALITIES, MODALITY_KEY } from '../../../core/recording/modality.js';
import type { Ablation } from '../../../core/recovery/estimate.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import type { LoadedBundle } from '../../../electron/inference/loadBundle.js';
import { loadBundle } from '../../../electron/inference/loadBundle.js';
import type { RohydrOptions } from '../../../electron/inference/rohydr.js';
import { runRohydr } from '../../../electron/inference/rohydr.js';
import type { SegmentInput } from '../../../electron/inference/segmentTypes.js';
import { FIXTURE_MODELS } from './tinyBundle.js';

const OPTIONS: RohydrOptions = { recordingId: 'rec-0123456789ab', seed: 7, samples: 4, recover: true };
const SHIPPED_MODELS = path.resolve(import.meta.dirname, '../../../models');

function segment(bundle: LoadedBundle, id: string, pattern: string): SegmentInput {
  const features = Object.fromEntries(
    MODALITIES.map((modality) => {
      if (!pattern.includes(MODALITY_KEY[modality])) return [modality, undefined];
      const next = seededNormal(`${id}${modality}`);
      return [modality, Float32Array.from({ length: bundle.manifest.modalities[modality].dimension }, () => next())];
    }),
  ) as SegmentInput['features'];
  return { segmentId: id, range: { start: fromSeconds(0), end: fromSeconds(1) }, features };
}

const without = (input: SegmentInput, modality: Modality): SegmentInput => ({
  ...input,
  features: { ...input.features, [modality]: undefined },
});

describe.each([
  ['tiny', FIXTURE_MODELS],
  ['speech-face-en', SHIPPED_MODELS],
])('read-outs of %s with less put in', (id, modelsDir) => {
  let bundle: LoadedBundle;
  beforeAll(async () => {
    bundle = await loadBundle(modelsDir, id, 'cpu');
  });

  async function expectSame(ablation: Ablation | undefined, input: SegmentInput): Promise<void> {
    const [plain] = await runRohydr(bundle, [input], { ...OPTIONS, recover: false });
    const { estimate } = plain!;
    expect(ablation?.score.value).toBeCloseTo(estimate!.score.value, 4);
    expect(ablation?.score.low).toBeCloseTo(estimate!.score.low, 4);
    expect(ablation?.label).toBe(estimate!.label);
    ablation?.probabilities.forEach((p, index) => expect(p).toBeCloseTo(estimate!.probabilities[index]!, 4));
  }

  it('are what the model says when the modality was never there', async () => {
    const input = segment(bundle, 's1', 'TAV');
    const [output] = await runRohydr(bundle, [input], OPTIONS);
    const { ablations } = output!.estimate!;
    expect(Object.keys(ablations!).sort()).toEqual(['audio', 'text', 'visual']);
    for (const modality of MODALITIES) await expectSame(ablations![modality], without(input, modality));
    expect(ablations?.audio?.from).toBe('TV');
  });

  it('leave out all that was recovered, so that nothing recovered stands in for what is left out', async () => {
    const input = segment(bundle, 's1', 'TA');
    const [output] = await runRohydr(bundle, [input], OPTIONS);
    const { ablations, scoreWithoutRecovery } = output!.estimate!;
    await expectSame(ablations?.recovery, input);
    await expectSame(ablations?.text, without(input, 'text'));
    await expectSame(ablations?.audio, without(input, 'audio'));
    expect(ablations?.visual).toEqual(ablations?.recovery);
    expect(scoreWithoutRecovery).toBe(ablations?.recovery?.score.value);
  });

  it('are missing, not zero, where nothing measured would be left', async () => {
    const [output] = await runRohydr(bundle, [segment(bundle, 's1', 'T')], OPTIONS);
    expect(Object.keys(output!.estimate!.ablations!).sort()).toEqual(['audio', 'recovery', 'visual']);
    const [dropped] = await runRohydr(bundle, [segment(bundle, 's1', 'T')], { ...OPTIONS, recover: false });
    expect(dropped!.estimate!.ablations).toBeUndefined();
  });

  it('that are not finite are left out with a Problem and leave the estimate', async () => {
    const { graphs } = bundle;
    const broken = { ...bundle, graphs: Object.create(graphs) as typeof graphs };
    Object.defineProperty(broken.graphs, 'latentSize', { value: graphs.latentSize });
    broken.graphs.encode = (...a) => graphs.encode(...a);
    broken.graphs.recover = (...a) => graphs.recover(...a);
    broken.graphs.decode = (...a) => graphs.decode(...a);
    broken.graphs.curves = (...a) => graphs.curves(...a);
    broken.graphs.readout = async (batch, latents, present, recovered) => {
      const readout = await graphs.readout(batch, latents, present, recovered);
      if (recovered.every((value) => value === 0)) readout.logits[0] = Number.POSITIVE_INFINITY;
      return readout;
    };
    const inputs = ['s1', 's2'].map((name) => segment(bundle, name, 'TA'));
    const outputs = await runRohydr(broken, inputs, OPTIONS);
    expect(outputs[0]?.estimate?.score.value).toBeTypeOf('number');
    expect(outputs[0]?.estimate?.ablations).toBeUndefined();
    expect(outputs[0]?.estimate?.scoreWithoutRecovery).toBeUndefined();
    expect(outputs[0]?.problems).toMatchObject([{ code: 'inference.ablation-not-finite' }]);
    expect(outputs[1]?.estimate?.ablations?.recovery).toBeDefined();
  });
});
