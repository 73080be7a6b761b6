/**
 * Measures the self-test of a 10-minute recording, after it was perceived, and how fast it can be cancelled.
 * `node test/bench/selfTest.mjs [MINUTES]`; target: a job with progress, cancel < 1 s (issue 5). Prints a table.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { createHostTasks } = await load('electron/host/hostTasks.ts');
const { defaultParameters } = await load('core/analysis/defaultParameters.ts');
const { mediaPrograms } = await load('electron/media/ffmpegPrograms.ts');

const minutes = Number(process.argv[2] ?? 10);
const folder = mkdtempSync(path.join(os.tmpdir(), 'lacuna-bench-'));
const file = path.join(folder, 'long.mp4');
const { ffmpeg } = await mediaPrograms();
const loops = String(Math.ceil((minutes * 60) / 44) - 1);
spawnSync(ffmpeg.path, [
  '-v',
  'error',
  '-stream_loop',
  loops,
  '-i',
  path.join(root, 'sample/intact.mp4'),
  '-c',
  'copy',
  file,
]);
const silent = { signal: new AbortController().signal, onProgress: () => undefined };
const tasks = createHostTasks();
const parameters = { ...defaultParameters(), provider: 'cpu' };
const recording = { path: file, recordingId: 'rec-bench0000000', modelsDir: path.join(root, 'models') };
const started = performance.now();
const { segments, info } = await tasks.perceive({ ...recording, cues: [], thresholds: parameters.thresholds }, silent);
const perceived = performance.now();
const argument = { ...recording, segments, marks: [], parameters };
const test = await tasks.selfTest(argument, silent);
const tested = performance.now();
const controller = new AbortController();
let asked = 0;
await tasks
  .selfTest(argument, {
    signal: controller.signal,
    onProgress: ({ step, fraction }) => {
      if (asked > 0 || step !== 'Hide and recover' || fraction < 0.94) return;
      asked = performance.now();
      controller.abort();
    },
  })
  .catch(() => undefined);
console.table({
  'length, s': (info.duration / 1e6).toFixed(0),
  segments: segments.length,
  'hidden modalities': test.parts.reduce((sum, { n }) => sum + n, 0),
  'perceiving, s (once)': ((perceived - started) / 1000).toFixed(1),
  'self-test, s': ((tested - perceived) / 1000).toFixed(1),
  'cancel, ms': (performance.now() - asked).toFixed(0),
  'load average': os.loadavg()[0].toFixed(1),
});
rmSync(folder, { recursive: true, force: true });
process.exit(0);
