/**
 * Measures the time from the start of the process to a usable window: the start page is painted and its buttons work.
 * `xvfb-run -a node test/bench/startup.mjs [RUNS]` after a build; budget 2.5 s (DESIGN 7). Prints a table.
 *
 * The app starts as it does for a person; only afterwards the test connects and asks the page when it was painted.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const runs = Number(process.argv[2] ?? 5);
const runtime = spawnSync(process.execPath, [path.join(project, 'build', 'resolveElectron.mjs')], { encoding: 'utf8' });
const electron = path.join(runtime.stdout.trim(), 'electron');
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const rows = [];
for (let run = 1; run <= runs; run += 1) {
  const userData = await mkdtemp(path.join(os.tmpdir(), 'lacuna-bench-'));
  const startedAt = Date.now();
  const args = [...asRoot, '--remote-debugging-port=0', project, `--user-data-dir=${userData}`];
  const app = spawn(electron, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const endpoint = await new Promise((resolve) => {
    createInterface({ input: app.stderr }).on('line', (line) => {
      const match = /^DevTools listening on (ws:.*)$/.exec(line);
      if (match) resolve(match[1]);
    });
  });
  const browser = await chromium.connectOverCDP(endpoint);
  const [context] = browser.contexts();
  const page = context.pages()[0] ?? (await context.waitForEvent('page'));
  await page.getByRole('button', { name: 'Open sample' }).waitFor();
  const painted = await page.evaluate(async () => {
    const entry = () => performance.getEntriesByName('first-contentful-paint')[0];
    while (entry() === undefined) await new Promise((resolve) => globalThis.requestAnimationFrame(resolve));
    return performance.timeOrigin + entry().startTime;
  });
  rows.push({ run, 'start to usable window, s': ((painted - startedAt) / 1000).toFixed(2) });
  app.kill();
  await once(app, 'exit');
  await rm(userData, { recursive: true, force: true });
}
console.table(rows);
console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
process.exit(0);
