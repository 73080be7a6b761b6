/**
 * Measures the workbench in the real Electron on a 2-hour recording and on a document of 10 000 segments: first frame,
 * memory, opening, and the time from frame to frame while scrolling, zooming and dragging.
 * `xvfb-run -a node test/bench/workbench.mjs`; budgets in DESIGN 7. Prints a table; without a GPU the page draws in
 * software, so a real screen is faster.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { runnerImport } from 'vite';
import { ensureFreshBuild } from '../../build/freshBuild.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const HOURS = 2;
const SEGMENTS = 10_000;
const FRAMES = 240;
const rows = [];
const row = (what, measured, budget) => rows.push({ what, measured, budget });

await ensureFreshBuild();
const programs = await runnerImport(path.join(root, 'electron/media/ffmpegPrograms.ts'), { root, configFile: false });
const { ffmpeg } = await programs.module.mediaPrograms();
const folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-bench-'));
const recording = path.join(folder, 'two hours.mp4');
const input = ['-v', 'error', '-stream_loop', '-1', '-i', path.join(root, 'sample', 'intact.mp4')];
const looped = spawnSync(ffmpeg.path, [...input, '-t', String(HOURS * 3600), '-c', 'copy', recording]);
if (looped.status !== 0) throw new Error(String(looped.stderr));

const runtime = spawnSync(process.execPath, [path.join(root, 'build', 'resolveElectron.mjs')], { encoding: 'utf8' });
process.env.ELECTRON_OVERRIDE_DIST_PATH = runtime.stdout.trim();
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const app = await _electron.launch({ args: [root, `--user-data-dir=${path.join(folder, 'data')}`, ...sandbox] });

/** Time until `check` holds in the page, looked at in every frame. */
async function until(page, start, check) {
  const begun = performance.now();
  await start();
  await page.waitForFunction(check, undefined, { polling: 'raf', timeout: 30_000 });
  return (performance.now() - begun) / 1000;
}

const seconds = (value) => `${value.toFixed(2)} s`;
const showsFrame = () => (document.querySelector('video')?.readyState ?? 0) >= 2 && !!document.querySelector('canvas');

async function memory(page) {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const metrics = await app.evaluate(({ app: electron }) => electron.getAppMetrics());
  const whole = metrics.reduce((sum, { memory: { workingSetSize } }) => sum + workingSetSize, 0);
  return { heap: usedSize / 2 ** 20, whole: whole / 2 ** 10 };
}

/** Puts 10 000 segments with labels and 3 000 marks in place of those of the kept document. */
function fillDocument(page) {
  return page.evaluate(async (count) => {
    const promised = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await promised(indexedDB.open('lacuna'));
    const store = database.transaction('documents', 'readwrite').objectStore('documents');
    const [document] = await promised(store.getAll());
    const step = Math.floor(document.duration / count);
    const range = (index, share) => ({ start: index * step, end: index * step + Math.floor(step * share) });
    const id = (index) => `s${String(index + 1).padStart(5, '0')}`;
    const emotions = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'];
    const kinds = { text: 'asr_error', audio: 'noisy', visual: 'blurred' };
    const indexes = Array.from({ length: count }, (_, index) => index);
    document.segments = indexes.map((index) => ({
      id: id(index),
      range: range(index, 0.9),
      origin: 'cue',
      text: `words of segment ${index + 1}`,
    }));
    document.labels = indexes.map((index) => ({
      segmentId: id(index),
      raterId: 'R1',
      label: emotions[index % 7],
      modifiedUtc: '2026-01-01T00:00:00.000Z',
    }));
    document.marks = indexes
      .filter((index) => index % 3 === 0)
      .map((index) => ({
        id: `m${index}`,
        modality: ['text', 'audio', 'visual'][index % 9 === 0 ? 0 : index % 2 ? 1 : 2],
        range: range(index, 0.5),
        kind: kinds[['text', 'audio', 'visual'][index % 9 === 0 ? 0 : index % 2 ? 1 : 2]],
        severity: 1 + (index % 3),
        source: 'human',
        review: 'confirmed',
        note: '',
      }));
    await promised(store.put(document));
    database.close();
  }, SEGMENTS);
}

/** Times from frame to frame, ms, while the timeline is moved once in every frame. */
function frameTimes(page, kind) {
  return page.evaluate(
    ({ kind: what, frames }) =>
      new Promise((resolve) => {
        const timeline = document.querySelector('[data-testid="timeline"]');
        const box = timeline.getBoundingClientRect();
        const [clientX, clientY] = [box.left + box.width / 2, box.top + 200];
        const times = [];
        let last;
        const move = () => {
          // the clock, not the frame's nominal time, which hides a late frame
          const now = performance.now();
          if (last !== undefined) times.push(now - last);
          last = now;
          if (times.length === frames) return resolve(times);
          const back = times.length % 60 < 30 ? 1 : -1;
          const wheel = what === 'scroll' ? { deltaY: 80 * back } : { deltaY: 40 * back, ctrlKey: true };
          timeline.dispatchEvent(
            new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX, clientY, ...wheel }),
          );
          requestAnimationFrame(move);
        };
        requestAnimationFrame(move);
      }),
    { kind, frames: FRAMES },
  );
}

function rowOfFrames(name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const slow = times.filter((time) => time > 50).length;
  row(
    name,
    `median ${at(0.5).toFixed(1)}, 95 % ${at(0.95).toFixed(1)}, most ${at(1).toFixed(1)} ms; ${slow} of ${times.length} above 50 ms`,
    'median 16.7, none above 50 ms',
  );
}

try {
  const page = await app.firstWindow();
  await page.getByTestId('read-notice').click();
  await app.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
  }, recording);
  const choose = page.getByRole('button', { name: 'Choose files' });
  row(
    '2-hour recording: first frame and timeline',
    seconds(await until(page, () => choose.click(), showsFrame)),
    '3 s',
  );
  const first = await memory(page);
  row(
    'page heap / whole app after opening it',
    `${first.heap.toFixed(0)} / ${first.whole.toFixed(0)} MiB`,
    '400 / 1200 MiB',
  );
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Cancel the running');
  await page.keyboard.press('Enter');
  await page.getByTestId('save-state').getByText('All edits saved').waitFor();
  // a window that goes away writes its document once more: the other one is put in its place afterwards
  await page.reload();
  const entry = page.getByTestId('recording-row').first();
  await entry.waitFor();
  await fillDocument(page);
  row(
    `open ${SEGMENTS} segments: drawn and listed`,
    seconds(
      await until(
        page,
        () => entry.click(),
        () => document.querySelectorAll('[aria-label="Transcript"] li button').length > 5,
      ),
    ),
    '1.5 s',
  );
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Cancel the running');
  await page.keyboard.press('Enter');
  for (const [name, presses] of [
    ['all of it in view', 0],
    ['about 60 segments in view', 13],
  ]) {
    for (let press = 0; press < presses; press += 1) await page.keyboard.press('Equal');
    rowOfFrames(`scroll, ${name}`, await frameTimes(page, 'scroll'));
    rowOfFrames(`zoom, ${name}`, await frameTimes(page, 'zoom'));
  }
  await page.screenshot({ path: path.join(root, 'test-results', 'bench-workbench.png') });
  const last = await memory(page);
  row(
    'page heap / whole app with 10 000 segments',
    `${last.heap.toFixed(0)} / ${last.whole.toFixed(0)} MiB`,
    '400 / 1200 MiB',
  );
} catch (error) {
  const page = await app.firstWindow();
  await page.screenshot({ path: path.join(root, 'test-results', 'bench-failed.png') });
  throw error;
} finally {
  await app.close();
  await rm(folder, { recursive: true, force: true });
}
console.table(rows);
console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
process.exit(0);
