import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

/** An edit must be on the disk this long after it was made (DESIGN 6), milliseconds. */
const DURABLE_WITHIN_MS = 1000;

describe('a crash', () => {
  it('loses no edit older than one second, keeps undo, and says on restart what it brought back', async () => {
    const userData = await freshFolder('crash');
    try {
      await editAndKill(userData);
      await lookAgain(userData);
    } finally {
      await rm(userData, { recursive: true, force: true });
    }
  }, 240_000);
});

async function editAndKill(userData: string): Promise<void> {
  const running = await launchApp({ userData });
  const { page, app } = running;
  const workbench = new WorkbenchPage(running);
  await workbench.openSample();
  await workbench.showSegments();
  await workbench.segmentRows.nth(1).click();
  for (const keys of ['4', 'ArrowDown', '2', 'x', 'a', 't']) await page.keyboard.press(keys);
  await page.keyboard.type('typed before the crash: ');
  const edited = Date.now();
  await workbench.saved();
  const saved = Date.now() - edited;
  const child = app.process();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  expect(saved).toBeLessThan(DURABLE_WITHIN_MS);
}

async function lookAgain(userData: string): Promise<void> {
  await using running = await launchApp({ userData });
  const { page } = running;
  const workbench = new WorkbenchPage(running);
  await page.getByTestId('recovered').waitFor();
  await workbench.screenshot('after-a-crash');
  await page.getByTestId('recording-row').first().click();
  await workbench.showSegments();
  const labels = () => workbench.segmentRows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')));
  await expect.poll(async () => (await labels())[1]).toContain('rated anger');
  expect((await labels())[2]).toContain('rated happiness');
  await workbench.segmentRows.nth(2).click();
  await expect.poll(() => page.getByTestId('segment-text').inputValue()).toContain('typed before the crash');
  expect(await workbench.marks.filter({ hasText: 'by you' }).count()).toBe(1);
  // the edits of the session that ended are still one step of undo each
  await page.getByTestId('segment-table').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => page.getByTestId('segment-text').inputValue()).not.toContain('typed before the crash');
  await page.keyboard.press('Control+z');
  await expect.poll(() => workbench.marks.filter({ hasText: 'by you' }).count()).toBe(0);
}
