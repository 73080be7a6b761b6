import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../core/problems/problem.js';
import { loadNetwork, networkEntry, readManifest } from '../../electron/perception/networks.js';

const modelsDir = path.resolve('models');

async function problemOf(promise: Promise<unknown>) {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  return (error as ProblemError).problem;
}

describe('shipped networks', () => {
  it('lists every file with its true checksum, licence, contract and importer', async () => {
    const networks = await readManifest(modelsDir);
    expect(networks.map(({ id }) => id).sort()).toEqual([
      'expression',
      'face-detection',
      'face-mesh',
      'minilm-l6-v2',
      'silero-vad',
      'speech-embedding',
      'speech-mel',
      'text-encoder',
    ]);
    for (const network of networks) {
      for (const { file, sha256 } of [network, ...network.companions]) {
        const bytes = readFileSync(path.join(modelsDir, 'perception', file));
        expect(createHash('sha256').update(bytes).digest('hex'), file).toBe(sha256);
      }
      expect(network.bytes).toBeLessThanOrEqual(25_000_000);
      expect(existsSync(network.importer), network.importer).toBe(true);
    }
  });

  it.each([
    ['face-detection', ['input'], ['objects']],
    ['face-mesh', ['input_1'], ['mesh', 'presence', 'presence_logit']],
    ['expression', ['face'], ['posterior', 'embedding']],
    ['silero-vad', ['input', 'state', 'sr'], ['output', 'stateN']],
    ['text-encoder', ['input_ids', 'attention_mask', 'token_type_ids'], ['last_hidden_state']],
  ])('opens %s with the tensors of its contract', async (id, inputs, outputs) => {
    const session = await loadNetwork(modelsDir, id);
    expect(session.inputNames).toEqual(inputs);
    expect(session.outputNames).toEqual(outputs);
  });
});

describe('refusing networks', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lacuna-networks-'));
    await mkdir(path.join(folder, 'perception'));
    await copyFile(path.join(modelsDir, 'perception/manifest.json'), path.join(folder, 'perception/manifest.json'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('refuses an altered file and names it and both checksums', async () => {
    const { file, sha256 } = await networkEntry(modelsDir, 'face-detection');
    const bytes = readFileSync(path.join(modelsDir, 'perception', file));
    bytes[1000]! ^= 1;
    await writeFile(path.join(folder, 'perception', file), bytes);
    const problem = await problemOf(loadNetwork(folder, 'face-detection'));
    expect(problem.code).toBe('model.checksum');
    expect(problem.message).toContain(file);
    expect(problem.message).toContain(sha256);
    expect(problem.message).toContain(createHash('sha256').update(bytes).digest('hex'));
  });

  it('refuses a missing file, an unknown id and a broken list', async () => {
    expect((await problemOf(loadNetwork(folder, 'face-mesh'))).code).toBe('model.unreadable');
    expect((await problemOf(loadNetwork(folder, 'horoscope'))).code).toBe('model.unknown');
    await writeFile(path.join(folder, 'perception/manifest.json'), '{"format": 1, "networks": [{"id": "x"}]}');
    const problem = await problemOf(readManifest(folder));
    expect(problem.code).toBe('model.manifest-invalid');
    expect(problem.message).toContain('networks.0');
    await writeFile(path.join(folder, 'perception/manifest.json'), '{');
    expect((await problemOf(readManifest(folder))).code).toBe('model.manifest-unreadable');
  });

  it('never reads outside its folder', async () => {
    const text = readFileSync(path.join(modelsDir, 'perception/manifest.json'), 'utf8');
    const escaped = text.replace('"face-mesh.onnx"', '"../../face-mesh.onnx"');
    await writeFile(path.join(folder, 'perception/manifest.json'), escaped);
    expect((await problemOf(loadNetwork(folder, 'face-mesh'))).code).toBe('model.manifest-invalid');
  });
});
