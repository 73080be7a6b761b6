import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../core/problems/problem.js';
import type { Graphs } from '../../../electron/inference/graphs.js';
import { loadBundle } from '../../../electron/inference/loadBundle.js';
import type { ParityCase } from '../../../electron/inference/parity.js';
import { availableProviders, chooseProvider } from '../../../electron/inference/providers.js';
import { FIXTURE_MODELS } from './tinyBundle.js';

const PARITY = {} as ParityCase;
const absent = (): undefined => undefined;

/** Graphs that answer the parity case with one number. */
function answering(provider: string, score: number): Graphs {
  const runParity = () => Promise.resolve({ score: Float32Array.of(score) });
  return { provider, runParity, release: () => Promise.resolve() } as unknown as Graphs;
}

const gpu = availableProviders().slice(2);

describe('the execution provider', () => {
  it('list begins with auto and cpu', () => {
    expect(availableProviders().slice(0, 2)).toEqual(['auto', 'cpu']);
  });

  it('auto always gives a working provider, and says why when it is the cpu', async () => {
    const bundle = await loadBundle(FIXTURE_MODELS, 'tiny', 'auto');
    if (bundle.graphs.provider === 'cpu' && gpu.length > 0) {
      expect(bundle.problems).toMatchObject([{ code: 'provider.fallback', severity: 'note' }]);
      for (const name of gpu) expect(bundle.problems[0]?.message).toContain(`${name}: `);
    } else {
      expect(bundle.problems).toEqual([]);
    }
  });

  it('that is unknown here is an error naming the known ones', async () => {
    const choice = loadBundle(FIXTURE_MODELS, 'tiny', 'abacus');
    await expect(choice).rejects.toThrow(ProblemError);
    await expect(choice).rejects.toMatchObject({ problem: { code: 'provider.unknown' } });
  });

  it.runIf(gpu.length > 0)('that is forced and fails is an error, not a silent fallback', async () => {
    const open = () => Promise.reject(new Error('no adapter'));
    const choice = chooseProvider(gpu[0]!, { cpu: answering('cpu', 0), parity: PARITY, open, absent });
    await expect(choice).rejects.toMatchObject({ problem: { code: 'provider.unusable' } });
    await expect(choice).rejects.toThrow('no adapter');
  });

  it.runIf(gpu.length > 0)('auto takes a GPU provider that agrees with the cpu to 1e-3', async () => {
    const open = (name: string) => Promise.resolve(answering(name, 0.0009));
    const { graphs, problems } = await chooseProvider('auto', {
      cpu: answering('cpu', 0),
      parity: PARITY,
      open,
      absent,
    });
    expect(graphs.provider).toBe(gpu[0]);
    expect(problems).toEqual([]);
  });

  it.runIf(gpu.length > 0)('auto leaves a GPU provider that disagrees or gives NaN', async () => {
    for (const wrong of [0.002, Number.NaN]) {
      const open = (name: string) => Promise.resolve(answering(name, wrong));
      const { graphs, problems } = await chooseProvider('auto', {
        cpu: answering('cpu', 0),
        parity: PARITY,
        open,
        absent,
      });
      expect(graphs.provider).toBe('cpu');
      expect(problems[0]?.message).toContain('from the cpu, 0.001 allowed');
    }
  });
});
