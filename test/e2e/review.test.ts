import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

describe('the review queue', () => {
  it('is worked through by keyboard only, with accept, correct, skip, play, clear and undo', async () => {
    const reportFolder = await freshFolder('review-report');
    try {
      await using running = await launchApp();
      const { page } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      expect(await workbench.runJob('analyze', () => page.keyboard.press('Control+Enter'))).toBe('finished');
      await page.keyboard.press('Control+2');
      const rows = page.getByTestId('review-queue').getByRole('option');
      await rows.first().waitFor();
      await workbench.screenshot('review-1-queue');
      await decideByKeys(workbench);
      await page.keyboard.press('Control+e');
      await workbench.answerDialogs([reportFolder]);
      const exported = await workbench.runJob('export', () =>
        page
          .getByRole('dialog', { name: 'Export report' })
          .getByRole('button', { name: 'Export', exact: true })
          .click(),
      );
      expect(exported).toBe('finished');
      await checkReport(reportFolder);
    } finally {
      await rm(reportFolder, { recursive: true, force: true });
    }
  }, 400_000);
});

async function decideByKeys(workbench: WorkbenchPage): Promise<void> {
  const { page } = workbench;
  const rows = page.getByTestId('review-queue').getByRole('option');
  const progress = page.getByTestId('review-progress');
  const slider = page.getByTestId('threshold-slider');
  await slider.focus();
  await page.keyboard.press('Home');
  const all = await rows.count();
  expect(all).toBeGreaterThanOrEqual(5);
  await expect.poll(() => page.getByTestId('review-counts').innerText()).toContain(`${all} segments`);
  await page.keyboard.press('Shift+Tab');
  await page.getByTestId('review-queue').focus();

  const panel = page.getByTestId('review-panel');
  const first = await panel.getByRole('heading').first().innerText();
  await page.keyboard.press('Space');
  await expect
    .poll(() => page.getByTestId('media').evaluate((media) => !(media as HTMLMediaElement).paused))
    .toBe(true);
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect.poll(() => progress.innerText()).toContain('1 accepted, 0 corrected, 0 skipped');
  await page.keyboard.press('4');
  await page.keyboard.press('n');
  await expect.poll(() => progress.innerText()).toContain('1 accepted, 1 corrected, 1 skipped');
  await expect.poll(() => rows.count()).toBe(all - 3);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(() => panel.getByRole('heading').first().innerText()).toBe(first);
  await expect.poll(() => progress.innerText()).toContain('0 accepted, 0 corrected, 0 skipped');
  for (const key of ['Enter', '4', 'n', 'Enter', '2']) await page.keyboard.press(key);
  await expect.poll(() => progress.innerText()).toMatch(/2 accepted, 2 corrected, 1 skipped[^]*Remaining, about/);
  await page.getByRole('combobox', { name: 'Which segments' }).selectOption('all');
  await workbench.screenshot('review-2-decided');
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.keyboard.press('Shift+b');
  await expect.poll(() => panel.innerText()).not.toMatch(/model: /);
  await workbench.screenshot('review-3-blind-dark');
  await page.keyboard.press('Shift+b');
  await page.getByRole('button', { name: 'Light' }).click();
}

async function checkReport(folder: string): Promise<void> {
  const text = await readFile(path.join(folder, 'segments.csv'), 'utf8');
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  const people = data.filter((row) => row['rater_type'] === 'human');
  const of = (review: string) => people.filter((row) => row['review'] === review);
  expect([of('accepted').length, of('corrected').length, of('skipped').length]).toEqual([2, 2, 1]);
  for (const row of of('accepted')) {
    const model = data.find((other) => other['rater_id'] === 'model' && other['segment_id'] === row['segment_id']);
    expect(row['label']).toBe(model?.['label']);
    expect(model?.['review']).toBe('reviewed');
  }
  expect(of('skipped')[0]?.['label']).toBe('NA');
  const provenance = JSON.parse(await readFile(path.join(folder, 'provenance.json'), 'utf8')) as object;
  expect(provenance).toMatchObject({ review: { threshold: 0 } });
}
