import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mediaFolder } from '../electron/media/mediaFiles.js';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const projectFolder = path.resolve(import.meta.dirname, '../..');
const sampleFile = path.join(projectFolder, 'sample', 'sample.mp4');

describe('a second camera', () => {
  it('is added with an offset and stands where the recording stands', async () => {
    const folder = await mediaFolder();
    try {
      const second = await folder.make('camera-2.mp4', ['-ss', '20', '-t', '8', '-i', sampleFile, '-c', 'copy']);
      await using running = await launchApp();
      const { page } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      await page.getByTestId('recording-row').focus();
      await page.keyboard.press('F2');
      const dialog = page.getByRole('dialog', { name: 'Details of sample.mp4' });
      await workbench.answerDialogs([second]);
      await dialog.getByRole('button', { name: 'Add a file' }).click();
      await dialog.getByLabel('Begins at, s').fill('2');
      await page.keyboard.press('Tab');
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByTestId('second-media').getByRole('button', { name: 'camera-2.mp4' }).click();
      const video = page.getByLabel('camera-2.mp4', { exact: true });
      await page.getByText('camera-2.mp4 has nothing at this time.').waitFor();
      // the second segment begins after the second camera does
      await workbench.showSegments();
      await workbench.segmentRows.nth(1).click();
      const time = () => video.evaluate((element) => (element as HTMLVideoElement).currentTime);
      const stage = () => page.getByTestId('media').evaluate((element) => (element as HTMLVideoElement).currentTime);
      await expect.poll(async () => Math.abs((await stage()) - 2 - (await time()))).toBeLessThan(0.01);
      await workbench.screenshot('second-media-light');
    } finally {
      await folder.remove();
    }
  }, 200_000);
});

describe('the same data twice', () => {
  it('a second start on the same data ends at once and leaves the first window as it is', async () => {
    await using running = await launchApp();
    const electron = createRequire(import.meta.url)('electron') as unknown as string;
    const args = [projectFolder, `--user-data-dir=${running.userData}`, '--no-sandbox'];
    await promisify(execFile)(electron, args, { timeout: 30_000 });
    expect(running.app.windows()).toHaveLength(1);
    await running.page.getByRole('main', { name: 'Start' }).waitFor();
  }, 100_000);
});
