import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../core/problems/problem.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { listBundles, loadBundle } from '../../../electron/inference/loadBundle.js';
import { FIXTURE_MODELS, copyTinyBundle, editManifest, rehashParity } from './tinyBundle.js';

async function refusalOf(modelsDir: string, id = 'tiny', provider = 'cpu'): Promise<Problem> {
  const outcome = await loadBundle(modelsDir, id, provider).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof ProblemError)) throw new Error(`not refused: ${String(outcome)}`);
  return outcome.problem;
}

describe('a bundle', () => {
  it('that fits is opened on the cpu and says what it is', async () => {
    const bundle = await loadBundle(FIXTURE_MODELS, 'tiny', 'cpu');
    expect(bundle.manifest.id).toBe('tiny');
    expect(bundle.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bundle.graphs.provider).toBe('cpu');
    expect(bundle.problems).toEqual([]);
  });

  it('with a changed graph is refused naming the file and both hashes', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    appendFileSync(path.join(folder, 'recover.onnx'), 'x');
    const problem = await refusalOf(modelsDir);
    expect(problem.code).toBe('bundle.hash');
    expect(problem.message).toMatch(/recover\.onnx has SHA-256 [0-9a-f]{64}, bundle\.json says [0-9a-f]{64}/);
  });

  it('with a missing graph is refused naming the file', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    rmSync(path.join(folder, 'decode.onnx'));
    expect((await refusalOf(modelsDir)).message).toContain('decode.onnx is missing');
  });

  it('without bundle.json is refused naming it', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    rmSync(path.join(folder, 'bundle.json'));
    expect((await refusalOf(modelsDir)).message).toContain('bundle.json is missing');
  });

  it('whose bundle.json is no JSON is refused', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    writeFileSync(path.join(folder, 'bundle.json'), '{"format": 1,');
    const problem = await refusalOf(modelsDir);
    expect(problem.code).toBe('bundle.schema');
    expect(problem.message).toContain('bundle.json is not JSON');
  });

  it('with a wrong schema is refused naming the place', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => {
      manifest['calibration'] = { interval_level: 1.5 };
    });
    const problem = await refusalOf(modelsDir);
    expect(problem.code).toBe('bundle.schema');
    expect(problem.message).toContain('calibration.interval_level');
  });

  it('with the labels in another order is refused', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => (manifest['labels'] as string[]).reverse());
    expect((await refusalOf(modelsDir)).message).toContain('at labels: must be neutral, happiness');
  });

  it('of a newer format is refused saying which format is read', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => {
      manifest['format'] = 2;
    });
    const problem = await refusalOf(modelsDir);
    expect(problem.code).toBe('bundle.format');
    expect(problem.message).toContain('bundle.json has format 2, this version of Lacuna reads format 1');
    expect(problem.tip).toContain('newer version');
  });

  it('whose graph has another shape than declared is refused naming file, tensor and both shapes', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => {
      (manifest['modalities'] as Record<string, { dimension: number }>)['audio']!.dimension = 7;
    });
    const problem = await refusalOf(modelsDir);
    expect(problem.code).toBe('bundle.shape');
    expect(problem.message).toMatch(
      /encode\.onnx does not fit: its input audio has shape \[batch, \d+\], \[batch, 7\]/,
    );
  });

  it('whose graph lacks a declared tensor is refused naming it', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => {
      const { readout } = manifest['graphs'] as Record<string, { outputs: unknown[] }>;
      readout!.outputs.push({ name: 'valence', shape: ['batch'], type: 'float32' });
    });
    expect((await refusalOf(modelsDir)).message).toContain('readout.onnx does not fit: it has no output named valence');
  });

  it('that points outside its folder is refused', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    editManifest(folder, (manifest) => {
      (manifest['graphs'] as Record<string, { file: string }>)['encode']!.file = '../tiny/encode.onnx';
    });
    expect((await refusalOf(modelsDir)).message).toContain('graphs.encode.file: must be a plain file name');
  });

  it('that computes other numbers than the trained network is refused naming the output', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    const file = path.join(folder, 'parity.json');
    const parity = JSON.parse(readFileSync(file, 'utf8')) as { outputs: { score: number[] } };
    parity.outputs.score[1]! += 0.01;
    writeFileSync(file, JSON.stringify(parity));
    rehashParity(folder);
    const problem = await refusalOf(modelsDir);
    expect(problem.code).toBe('bundle.parity');
    expect(problem.message).toContain('score differs by 0.010 from parity.json, 0.0001 allowed');
  });

  it('that is unknown is refused naming those there are', async () => {
    const problem = await refusalOf(FIXTURE_MODELS, 'no-such-bundle');
    expect(problem.code).toBe('bundle.unknown');
    expect(problem.message).toContain('no-such-bundle');
    expect(problem.tip).toContain('tiny');
  });

  it('cannot be named by a path', async () => {
    expect((await refusalOf(FIXTURE_MODELS, '../bundles/tiny')).code).toBe('bundle.unknown');
    expect((await refusalOf(FIXTURE_MODELS, '..')).code).toBe('bundle.unknown');
  });
});

describe('the list of bundles', () => {
  it('holds the good ones and the refused ones with the reason', async () => {
    const { modelsDir, folder } = copyTinyBundle();
    expect(await listBundles(modelsDir)).toMatchObject([{ id: 'tiny', version: '0.1.0', licence: 'Apache-2.0' }]);
    appendFileSync(path.join(folder, 'encode.onnx'), 'x');
    const [summary] = await listBundles(modelsDir);
    expect(summary?.refused?.message).toContain('encode.onnx');
  });

  it('is empty where there is no folder', async () => {
    expect(await listBundles('/no/such/folder')).toEqual([]);
  });
});
