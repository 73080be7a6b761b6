import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const CANCEL_LIMIT_MS = 1_000;

/** What the page keeps for a test. */
interface Kept {
  took?: number;
  working?: boolean;
}

it('cancels a job in less than a second and leaves nothing behind', async () => {
  await using running = await launchApp();
  const workbench = new WorkbenchPage(running);
  // Cancelled as soon as its first step shows: a short recording would be done before a click.
  await running.page.evaluate(() => {
    const kept = window as unknown as Kept;
    let asked: number | undefined;
    window.lacuna.on('job/update', (job) => {
      if (asked === undefined && job.state === 'running' && job.stepNumber > 0) {
        asked = performance.now();
        void window.lacuna.call('job/cancel', { jobId: job.jobId });
      }
      if (asked !== undefined && job.state === 'cancelled') kept.took = performance.now() - asked;
    });
  });
  await running.page.getByRole('button', { name: 'Open sample' }).click();
  const took = await running.page.waitForFunction(() => (window as unknown as Kept).took);
  expect(await took.jsonValue()).toBeLessThan(CANCEL_LIMIT_MS);
  await running.page.getByRole('button', { name: 'Jobs', exact: true }).click();
  await workbench.finishedJobs.filter({ hasText: 'cancelled' }).waitFor();
  await workbench.screenshot('job-cancelled');
  const cache = await readdir(path.join(running.userData, 'perception')).catch(() => []);
  expect(cache).toEqual([]);
});

it('tells when the analysis process ended, and the next job runs in a new one', async () => {
  await using running = await launchApp();
  const workbench = new WorkbenchPage(running);
  await running.page.evaluate(() => {
    window.lacuna.on('job/update', (job) => {
      (window as unknown as Kept).working ||= job.state === 'running' && job.stepNumber > 0;
    });
  });
  await running.page.getByRole('button', { name: 'Open sample' }).click();
  await running.page.waitForFunction(() => (window as unknown as Kept).working, undefined, { polling: 20 });
  const pid = await running.app.evaluate(
    ({ app }) => app.getAppMetrics().find((metric) => metric.name === 'Lacuna analysis')?.pid,
  );
  process.kill(pid!, 'SIGKILL');
  await workbench.finishedJobs.filter({ hasText: 'The analysis process ended' }).waitFor();
  await workbench.screenshot('job-failed');
  await running.page.getByRole('complementary', { name: 'Jobs' }).getByRole('button', { name: 'Close' }).click();
  await running.page.getByRole('tab', { name: 'Parameters' }).click();
  const again = running.page.getByRole('button', { name: 'Find marks again' });
  expect(await workbench.runJob('perceive', () => again.click())).toBe('finished');
  await workbench.showSegments();
});

it('says which dropped file is not a recording and what to drop instead', async () => {
  await using running = await launchApp();
  const { page } = running;
  await page.getByRole('button', { name: 'Open sample' }).waitFor();
  const session = await page.context().newCDPSession(page);
  const file = path.resolve(import.meta.dirname, 'launchApp.ts');
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 500, data });
  }
  const notice = page.getByRole('alert').filter({ hasText: 'launchApp.ts' });
  await notice.waitFor();
  expect(await notice.innerText()).toContain('is not a kind of file that Lacuna opens');
  expect(await notice.innerText()).toContain('mp4');
  await new WorkbenchPage(running).screenshot('drop-refused');
});
