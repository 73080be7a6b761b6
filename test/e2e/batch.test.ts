import { readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { mediaFolder } from '../electron/media/mediaFiles.js';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const sampleFile = path.resolve(import.meta.dirname, '../../sample/sample.mp4');

describe('a batch over the project', () => {
  it('runs every recording, tells why one failed, runs that one again, can be cancelled, and writes reports, log and all segments', async () => {
    const folder = await mediaFolder();
    const out = await freshFolder('batch');
    try {
      const cut = (from: number) => ['-ss', String(from), '-t', '6', '-i', sampleFile, '-c', 'copy'];
      const files = [
        await folder.make('a.mp4', cut(0)),
        await folder.make('b.mp4', cut(20)),
        await folder.make('c.mp4', cut(30)),
      ];
      await using running = await launchApp();
      const { page } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.answerDialogs(files);
      expect(await workbench.runJob('perceive', () => page.getByRole('button', { name: 'Choose files' }).click())).toBe(
        'finished',
      );
      await rename(files[0]!, `${files[0]!}.elsewhere`);
      await workbench.answerDialogs([out]);
      await running.app.evaluate(({ Menu }) => {
        Menu.getApplicationMenu()?.getMenuItemById('project.batch')?.click();
      });
      const dialog = page.getByRole('dialog', { name: 'Run recovery for all recordings of the project' });
      await dialog.getByRole('button', { name: 'Choose a folder and run' }).click();
      await dialog.getByText('batch_log.csv, segments.csv').waitFor({ timeout: 200_000 });
      await workbench.screenshot('batch-1-light');
      const failed = dialog.getByRole('row').filter({ hasText: 'a.mp4' });
      await failed.getByText('failed').waitFor();
      await failed.getByText('is not where it was').waitFor();
      const log = await rowsOf(path.join(out, 'batch_log.csv'));
      expect(log.map((row) => row['result']).sort()).toEqual([
        'failed',
        expect.stringMatching(/ok|partial/),
        expect.stringMatching(/ok|partial/),
      ]);
      const reports = (await readdir(out)).filter((name) => name.startsWith('rec-'));
      expect(reports).toHaveLength(2);
      const all = await rowsOf(path.join(out, 'segments.csv'));
      const single = await Promise.all(reports.map((name) => rowsOf(path.join(out, name, 'segments.csv'))));
      expect(all).toHaveLength(single.flat().length);
      expect(new Set(all.map((row) => row['recording_id']))).toEqual(new Set(reports));
      // the file is back: only the one that failed runs again, and the log and the table have all three
      await rename(`${files[0]!}.elsewhere`, files[0]!);
      await dialog.getByRole('button', { name: 'Run 1 failed one again' }).click();
      await expect
        .poll(async () => (await rowsOf(path.join(out, 'batch_log.csv'))).map((row) => row['result']), {
          timeout: 200_000,
        })
        .toEqual([1, 2, 3].map(() => expect.stringMatching(/ok|partial/) as string));
      expect(new Set((await rowsOf(path.join(out, 'segments.csv'))).map((row) => row['recording_id'])).size).toBe(3);
      await failed.getByText(/ok|partial/).waitFor();
      await workbench.screenshot('batch-2-retried');
      await cancelBatch(workbench, dialog);
    } finally {
      await folder.remove();
      await rm(out, { recursive: true, force: true });
    }
  }, 400_000);
});

/** A batch into another folder, cancelled while its first report is written: the rest is not run, and the log says so. */
async function cancelBatch(workbench: WorkbenchPage, dialog: Locator): Promise<void> {
  const out = await freshFolder('batch-cancelled');
  try {
    await workbench.answerDialogs([out]);
    // the first job of the batch is cancelled as soon as it is there
    await workbench.page.evaluate(() => {
      const stop = window.lacuna.on('job/update', (job) => {
        if (job.kind !== 'export' || job.state !== 'running') return;
        stop();
        [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Cancel the batch')?.click();
      });
    });
    await dialog.getByRole('button', { name: 'Choose a folder and run' }).click();
    await dialog.getByText('The batch was cancelled.').first().waitFor();
    await expect.poll(() => readdir(out)).toContain('batch_log.csv');
    const log = await rowsOf(path.join(out, 'batch_log.csv'));
    expect(log.map((row) => row['result']).slice(1)).toEqual(['not run', 'not run']);
    expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
    await workbench.screenshot('batch-3-cancelled');
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function rowsOf(file: string): Promise<readonly Record<string, string>[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const [header = '', ...rows] = lines;
  const names = header.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index] ?? '', cell])));
}
