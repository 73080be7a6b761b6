/**
 * Time of one recovery: `fast` through onnxruntime-node (the app's own code, K = 1, 8, 32, alone and in batches of 32)
 * beside the released structures in PyTorch, on this machine in one run, one thread each.
 * `node test/bench/speed.mjs --python models/training/.venv/bin/python [--json FILE]`
 * One modality is missing. `fast` counts encoding, recovery, fusion, read-out and decoding; the released structures count
 * sampler and unimodal reconstructor only. Processor time is the fairer column on a busy machine.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const text = { type: 'string' };
const { values } = parseArgs({ options: { python: text, json: text } });
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { loadBundle } = await load('electron/inference/loadBundle.ts');
const { runRohydr } = await load('electron/inference/rohydr.ts');
const { seededNormal } = await load('core/random/seededNormal.ts');

function segment(bundle, index) {
  const draw = (modality) => {
    const next = seededNormal(`${modality}${index}`);
    return Float32Array.from({ length: bundle.manifest.modalities[modality].dimension }, () => next());
  };
  const features = { text: draw('text'), audio: draw('audio'), visual: undefined };
  return { segmentId: `s${index}`, range: { start: 0, end: 1_000_000 }, features };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(bundle, samples, batch) {
  const segments = Array.from({ length: batch }, (_, index) => segment(bundle, index));
  const options = { recordingId: 'rec-bench', seed: 0, samples, recover: true };
  const runs = batch === 1 ? 15 : 5;
  const [wall, processor] = [[], []];
  for (let run = -2; run < runs; run += 1) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    await runRohydr(bundle, segments, options);
    const { user, system } = process.cpuUsage(used);
    if (run < 0) continue;
    wall.push((performance.now() - start) / batch);
    processor.push((user + system) / 1000 / batch);
  }
  return { wall_ms: median(wall), processor_ms: median(processor) };
}

const rows = [];
for (const id of ['speech-face-en', 'mosi-utterance']) {
  const bundle = await loadBundle(path.join(root, 'models'), id, 'cpu');
  const { sampler, training } = JSON.parse(readFileSync(path.join(root, 'models/bundles', id, 'bundle.json'), 'utf8'));
  for (const samples of [1, 8, 32]) {
    for (const batch of [1, 32]) {
      const cost = await measure(bundle, samples, batch);
      const method = `fast, ${id}, K = ${samples}`;
      rows.push({ method, evaluations: sampler.steps * samples, parameters: training.parameters, batch, ...cost });
    }
  }
  await bundle.graphs.release();
}
if (values.python !== undefined) {
  const env = {
    ...process.env,
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    PYTHONPATH: path.join(root, 'models/training/src'),
  };
  const answer = execFileSync(path.resolve(values.python), ['-m', 'rohydr', 'benchmark', 'speed'], { env });
  rows.push(...JSON.parse(answer.toString()));
}
console.table(
  rows.map(({ wall_ms: wall, processor_ms: processor, ...row }) => ({
    ...row,
    'wall, ms per utterance': wall.toFixed(2),
    'processor, ms per utterance': processor.toFixed(2),
  })),
);
const machine = `${os.cpus().length} cores, load average ${os.loadavg()[0].toFixed(1)}`;
console.log(machine);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, rows }, undefined, 2)}\n`);
