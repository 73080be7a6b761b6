/**
 * Measures project files and the preview of a report in the real Electron on a recording with 10 000 labelled and analysed
 * segments: time, the longest task of the page meanwhile, and memory.
 * `xvfb-run -a node test/bench/project.mjs`; budgets in DESIGN 7. Prints a table.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { runnerImport } from 'vite';
import { ensureFreshBuild } from '../../build/freshBuild.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const SEGMENTS = 10_000;
const WAIT = { timeout: 60_000 };
const rows = [];
const row = (what, measured, budget = '') => rows.push({ what, measured, budget });

await ensureFreshBuild();
const core = (name) => runnerImport(path.join(root, 'core', name), { root, configFile: false });
const { module: fingerprints } = await core('document/analysisFingerprint.ts');
const folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-bench-'));
const runtime = spawnSync(process.execPath, [path.join(root, 'build', 'resolveElectron.mjs')], { encoding: 'utf8' });
process.env.ELECTRON_OVERRIDE_DIST_PATH = runtime.stdout.trim();

async function launch(name) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({ args: [root, `--user-data-dir=${path.join(folder, name)}`, ...sandbox] });
  const page = await app.firstWindow();
  page.setDefaultTimeout(WAIT.timeout);
  await page.getByTestId('read-notice').click();
  return { app, page };
}

const choose = (app, id) =>
  app.evaluate(({ Menu }, item) => Menu.getApplicationMenu().getMenuItemById(item).click(), id);
const answerOpen = (app, file) =>
  app.evaluate(({ dialog }, answer) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [answer] });
  }, file);

/** Begins to note the page's tasks of over 50 ms. */
const watch = (page) =>
  page.evaluate(() => {
    globalThis.longTasks = [];
    globalThis.longTaskObserver?.disconnect();
    globalThis.longTaskObserver = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longTasks.push(entry.duration);
    });
    globalThis.longTaskObserver.observe({ entryTypes: ['longtask'] });
  });

/** Does something and waits for its end; the longest task of the page between the two. */
async function measured(what, { app, page }, start, end, budget) {
  await watch(page);
  const begun = performance.now();
  await start();
  await end();
  const time = (performance.now() - begun) / 1000;
  const tasks = await page.evaluate(() => globalThis.longTasks);
  const metrics = await app.evaluate(({ app: electron }) => electron.getAppMetrics());
  const whole = metrics.reduce((sum, { memory: { workingSetSize } }) => sum + workingSetSize, 0) / 2 ** 10;
  const longest = tasks.length === 0 ? 'under 50 ms' : `${Math.max(...tasks).toFixed(0)} ms (${tasks.length} over 50)`;
  row(what, `${time.toFixed(2)} s; longest task ${longest}; whole app ${whole.toFixed(0)} MiB`, budget);
}

/** Reads or writes the only row of a table of the page's database. */
const stored = (page, name, value) =>
  page.evaluate(
    async ([table, next]) => {
      const promised = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await promised(indexedDB.open('lacuna'));
      const store = database.transaction(table, next ? 'readwrite' : 'readonly').objectStore(table);
      const result = next ? await promised(store.put(next)) : (await promised(store.getAll()))[0];
      database.close();
      return result;
    },
    [name, value],
  );

/** Work with 10 000 segments: labels by two raters, and the sample's results again and again, every fifth with its curves. */
function manyOf(document, { analysis, ...record }) {
  const step = Math.floor(document.duration / SEGMENTS);
  const indexes = Array.from({ length: SEGMENTS }, (_, index) => index);
  const id = (index) => `s${String(index + 1).padStart(5, '0')}`;
  const emotions = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'];
  const segments = indexes.map((index) => ({
    id: id(index),
    range: { start: index * step, end: index * step + Math.floor(step * 0.9) },
    origin: 'cue',
    text: `words of segment ${index + 1}`,
  }));
  const labels = indexes.flatMap((index) =>
    ['R1', 'R2'].map((raterId, rater) => ({
      ...{ segmentId: id(index), raterId, label: emotions[(index + rater * (index % 3 === 0 ? 1 : 0)) % 7] },
      modifiedUtc: '2026-01-01T00:00:00.000Z',
    })),
  );
  const results = indexes.map((index) => {
    const result = analysis.results[index % analysis.results.length];
    const estimate = result.estimate && { ...result.estimate };
    if (estimate && index % 5 > 0) delete estimate.curves;
    return { ...result, segmentId: id(index), ...(estimate ? { estimate } : {}) };
  });
  const next = { ...document, segments, labels };
  const fingerprint = fingerprints.analysisFingerprint(next);
  return [next, { ...record, fingerprint, analysis: { ...analysis, segments, results } }];
}

async function rowCounts(page) {
  await page
    .getByRole('group', { name: 'Files' })
    .getByRole('button', { name: /^segments\.csv/ })
    .getByText(/\d{4,} rows/)
    .waitFor(WAIT);
  await page.getByTestId('preview-under-way').waitFor({ state: 'detached', ...WAIT });
}

const file = path.join(folder, 'study.lacuna');
let running = await launch('here');
try {
  const { page } = running;
  await page.getByRole('button', { name: 'Open sample' }).click();
  const recover = page.getByRole('banner').getByRole('button', { name: /^Run recovery/ });
  await page.getByTestId('job-chip').waitFor(WAIT);
  await page.waitForFunction(() => !document.querySelector('[data-testid="job-chip"]'), undefined, WAIT);
  await recover.click();
  await page.getByRole('banner').getByRole('button', { name: 'Export report' }).and(page.locator('.p')).waitFor(WAIT);
  await page.getByTestId('save-state').getByText('All edits saved').waitFor();
  await page.reload();
  await page.getByTestId('recording-row').waitFor();
  const [document, analysis] = manyOf(await stored(page, 'documents'), await stored(page, 'analyses'));
  await stored(page, 'documents', document);
  await stored(page, 'analyses', analysis);
  await page.getByTestId('recording-row').click();
  await page.waitForFunction(() => document.querySelectorAll('[aria-label="Transcript"] li button').length > 5);
  await page.getByTestId('job-chip').waitFor({ state: 'detached', ...WAIT });

  const exportReport = page.getByRole('banner').getByRole('button', { name: 'Export report' });
  await measured(
    'open the export window: preview of every file',
    running,
    () => exportReport.click(),
    () => rowCounts(page),
    'no task > 50 ms',
  );
  await page.screenshot({ path: path.join(root, 'test-results', 'bench-preview.png') });
  await page.keyboard.press('Escape');

  await running.app.evaluate(({ dialog }, answer) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: answer });
  }, file);
  const saved = () => page.getByTestId('project-file').getByText(', saved').waitFor(WAIT);
  await measured('save the project', running, () => choose(running.app, 'project.save'), saved);
  row('size of the file', `${((await stat(file)).size / 2 ** 20).toFixed(1)} MiB`);
  await answerOpen(running.app, file);
  const merge = page.getByRole('dialog', { name: /^Merge / });
  await measured(
    'merge the file: compared with the work here',
    running,
    () => choose(running.app, 'project.merge'),
    () => merge.waitFor(WAIT),
  );
  await page.keyboard.press('Escape');
  await mkdir(path.join(folder, 'copies'));
  await answerOpen(running.app, path.join(folder, 'copies'));
  const copied = () => page.getByTestId('finished-job').getByText('2 files in').waitFor(WAIT);
  await measured('copy with all media', running, () => choose(running.app, 'project.saveWithMedia'), copied);
  await running.app.close();

  running = await launch('elsewhere');
  await answerOpen(running.app, file);
  const listed = () => running.page.getByTestId('recording-row').waitFor(WAIT);
  await measured(
    'open the project where nothing is known',
    running,
    () => choose(running.app, 'project.open'),
    listed,
    '1.5 s',
  );
} catch (error) {
  await running.page.screenshot({ path: path.join(root, 'test-results', 'bench-failed.png') });
  console.table(rows);
  console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
  throw error;
} finally {
  await running.app.close();
  await rm(folder, { recursive: true, force: true });
}
console.table(rows);
console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
