import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunningApp } from './launchApp.js';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const CANCEL_LIMIT_MS = 1_000;

/** Opens the sample and the job panel while marks are being found. */
async function perceiving(running: RunningApp): Promise<WorkbenchPage> {
  const workbench = new WorkbenchPage(running);
  await running.page.getByRole('button', { name: 'Open sample' }).click();
  await running.page.getByTestId('job-chip').click();
  await running.page
    .getByTestId('job-card')
    .getByText(/^Step [1-9]/)
    .waitFor();
  return workbench;
}

it('cancels a job in less than a second and leaves nothing behind', async () => {
  await using running = await launchApp();
  const workbench = await perceiving(running);
  await workbench.screenshot('job-running');
  const took = await running.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let pressed = 0;
        window.lacuna.on('job/update', (job) => {
          if (job.state === 'cancelled') resolve(performance.now() - pressed);
        });
        pressed = performance.now();
        document.querySelector<HTMLButtonElement>('[data-testid="cancel-job"]')?.click();
      }),
  );
  expect(took).toBeLessThan(CANCEL_LIMIT_MS);
  await running.page.getByRole('button', { name: 'Jobs', exact: true }).click();
  await workbench.finishedJobs.filter({ hasText: 'cancelled' }).waitFor();
  await workbench.screenshot('job-cancelled');
  const cache = await readdir(path.join(running.userData, 'perception')).catch(() => []);
  expect(cache).toEqual([]);
});

it('tells when the analysis process ended, and the next job runs in a new one', async () => {
  await using running = await launchApp();
  const workbench = await perceiving(running);
  const pid = await running.app.evaluate(
    ({ app }) => app.getAppMetrics().find((metric) => metric.name === 'Lacuna analysis')?.pid,
  );
  process.kill(pid!, 'SIGKILL');
  await workbench.finishedJobs.filter({ hasText: 'The analysis process ended' }).waitFor();
  await workbench.screenshot('job-failed');
  await running.page.getByRole('button', { name: 'Close' }).click();
  await running.page.getByRole('tab', { name: 'Parameters' }).click();
  const again = workbench.jobEnds('perceive');
  await running.page.getByRole('button', { name: 'Find marks again' }).click();
  expect(await again).toBe('finished');
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
