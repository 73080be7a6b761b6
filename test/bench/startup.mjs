/**
 * Measures the time from the start of the process to a usable window: the first button of the start page can be used.
 * `xvfb-run -a node test/bench/startup.mjs [RUNS]` after a build; budget 2.5 s (DESIGN 7). Prints a table.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const runs = Number(process.argv[2] ?? 5);
const runtime = spawnSync(process.execPath, [path.join(project, 'build', 'resolveElectron.mjs')], { encoding: 'utf8' });
process.env.ELECTRON_OVERRIDE_DIST_PATH = runtime.stdout.trim();

const rows = [];
for (let run = 1; run <= runs; run += 1) {
  const userData = await mkdtemp(path.join(os.tmpdir(), 'lacuna-bench-'));
  const app = await _electron.launch({ args: [project, `--user-data-dir=${userData}`] });
  const page = await app.firstWindow();
  await page.getByRole('button', { name: 'Open sample' }).waitFor();
  const created = await app.evaluate(() => process.getCreationTime());
  const paint = await page.evaluate(async () => {
    const entry = () => performance.getEntriesByName('first-contentful-paint')[0];
    while (entry() === undefined) await new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
    return performance.timeOrigin + entry().startTime;
  });
  rows.push({ run, 'start to usable window, s': ((paint - created) / 1000).toFixed(2) });
  await app.close();
  await rm(userData, { recursive: true, force: true });
}
console.table(rows);
console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
