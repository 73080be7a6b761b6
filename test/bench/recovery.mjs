/**
 * Measures recovery, fusion and read-out per segment with one missing modality and K = 8, alone and in batches of 32.
 * `node test/bench/recovery.mjs [BUNDLE]`; budgets 15 ms and 4 ms on two idle cores (DESIGN 7). Prints a table.
 */
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { loadBundle } = await load('electron/inference/loadBundle.ts');
const { runRohydr } = await load('electron/inference/rohydr.ts');
const { seededNormal } = await load('core/random/seededNormal.ts');

const opened = performance.now();
const bundle = await loadBundle(path.join(root, 'models'), process.argv[2] ?? 'speech-face-en', 'cpu');
const openMs = performance.now() - opened;
const options = { recordingId: 'rec-bench', seed: 0, samples: 8, recover: true };

function segment(index, missing) {
  const draw = (modality) => {
    const next = seededNormal(`${modality}${index}`);
    return Float32Array.from({ length: bundle.manifest.modalities[modality].dimension }, () => next());
  };
  const features = Object.fromEntries(
    ['text', 'audio', 'visual'].map((modality) => [modality, modality === missing ? undefined : draw(modality)]),
  );
  return { segmentId: `s${index}`, range: { start: 0, end: 1_000_000 }, features };
}

/** Median wall and processor time of one run, divided by the number of segments, milliseconds. */
async function measure(segments, runs) {
  const wall = [];
  const cpu = [];
  for (let run = -2; run < runs; run += 1) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    await runRohydr(bundle, segments, options);
    const { user, system } = process.cpuUsage(used);
    if (run < 0) continue;
    wall.push((performance.now() - start) / segments.length);
    cpu.push((user + system) / 1000 / segments.length);
  }
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(1);
  return { 'wall, ms per segment': median(wall), 'processor, ms per segment': median(cpu) };
}

const rows = {};
for (const missing of ['text', 'audio', 'visual']) {
  rows[`${missing} missing, alone`] = await measure([segment(0, missing)], 30);
  const many = Array.from({ length: 128 }, (_, index) => segment(index, missing));
  rows[`${missing} missing, batches of 32`] = await measure(many, 5);
}
console.table(rows);
console.log(`bundle verified and opened in ${openMs.toFixed(0)} ms`);
console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
