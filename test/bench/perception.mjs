/**
 * Measures perception as multiples of real time, step by step in this process and whole in the built analysis host.
 * `node test/bench/perception.mjs [RECORDING]`; budget 10 times real time on two idle cores for 720p (DESIGN 7). Without a
 * recording: a RAVDESS clip looped to 60 s where `../shared/data` has it, else the intact sample. Prints a table.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runnerImport } from 'vite';
import { ensureFreshBuild } from '../../build/freshBuild.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const modelsDir = path.join(root, 'models');
const load = async (file) =>
  (await runnerImport(path.join(root, file), { root, configFile: false, logLevel: 'error' })).module;
const { mediaPrograms } = await load('electron/media/ffmpegPrograms.ts');
const { probeMedia } = await load('electron/media/probe.ts');
const { decodeAudio } = await load('electron/media/decodeAudio.ts');
const { decodeFrames } = await load('electron/media/decodeFrames.ts');
const { AudioExtractor } = await load('electron/perception/audio/audioExtractor.ts');
const { VisualExtractor } = await load('electron/perception/visual/visualExtractor.ts');
const { HostClient } = await load('electron/host/hostClient.ts');
const { startChildHost } = await load('electron/host/childHost.ts');
const { DEFAULT_THRESHOLDS } = await load('core/quality/thresholds.ts');
await ensureFreshBuild();

const LOOPED_SECONDS = 60;
const rateHz = 5;

/** The recording to measure; what is made for it lies in `folder`. */
async function recording(folder) {
  if (process.argv[2] !== undefined) return path.resolve(process.argv[2]);
  const clips = path.join(root, '..', 'shared', 'data', 'ravdess', 'clips');
  if (!existsSync(clips)) return path.join(root, 'sample', 'intact.mp4');
  const clip = (await readdir(clips)).filter((name) => name.endsWith('.mp4')).sort()[0];
  const looped = path.join(folder, 'looped.mp4');
  const { ffmpeg } = await mediaPrograms();
  const input = ['-v', 'error', '-stream_loop', '-1', '-i', path.join(clips, clip)];
  const done = spawnSync(ffmpeg.path, [...input, '-t', String(LOOPED_SECONDS), '-c', 'copy', looped]);
  if (done.status !== 0) throw new Error(String(done.stderr));
  return looped;
}

const rows = {};
async function measure(name, seconds, step) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await step();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(used);
  rows[name] = {
    'times real time': (seconds / wall).toFixed(1),
    'wall, s': wall.toFixed(2),
    'own processor time, s': ((user + system) / 1e6).toFixed(2),
  };
  return result;
}

async function collect(decoding) {
  const pieces = [];
  for await (const piece of decoding) pieces.push(piece);
  return pieces;
}

async function extract(extractor, pieces) {
  for (const piece of pieces) await extractor.push(piece);
  await extractor.finish();
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-bench-'));
try {
  const file = await recording(folder);
  const { info } = await probeMedia(file);
  const seconds = info.duration / 1e6;
  const chunks = await measure('decode sound', seconds, () => collect(decodeAudio(file, info)));
  const frames = await measure('decode frames', seconds, () => collect(decodeFrames(file, info, { rateHz })));
  const audio = await AudioExtractor.create(modelsDir);
  await measure('measure sound', seconds, () => extract(audio, chunks));
  const visual = await VisualExtractor.create(modelsDir, { rateHz });
  await measure('measure frames', seconds, () => extract(visual, frames));
  const client = new HostClient(() => startChildHost(pathToFileURL(path.join(root, 'out', 'main', 'analysisHost.js'))));
  const argument = { path: file, recordingId: 'rec-bench', modelsDir, cues: [], thresholds: DEFAULT_THRESHOLDS };
  await measure('whole perception, built host', seconds, () => client.run('perceive', argument));
  client.dispose();
  console.log(`${info.video?.width}x${info.video?.height}, ${seconds.toFixed(1)} s, ${frames.length} frames`);
  console.table(rows);
  console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
