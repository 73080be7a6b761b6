import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { mediaFolder } from '../electron/media/mediaFiles.js';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const projectFolder = path.resolve(import.meta.dirname, '../..');
const sampleFile = path.join(projectFolder, 'sample', 'sample.mp4');

/** Much more than cameras drift, so that a clock that ignores it shows within seconds: 60 ms per second of play. */
const DRIFT_PPM = 60_000;
/** Seconds, at 25 pictures per second. */
const TWO_FRAMES = 0.08;

/**
 * How far the second file is from where it should be, s, at every screen frame while the recording plays through a
 * stretch of its clock.
 */
function watchClocks(
  page: Page,
  stretch: { readonly from: number; readonly to: number; readonly offset: number; readonly faster: number },
): Promise<number[]> {
  return page.evaluate(
    ({ from, to, offset, faster }) =>
      new Promise<number[]>((resolve) => {
        const lead = document.querySelector<HTMLMediaElement>('[data-testid="media"]')!;
        const second = document.querySelector<HTMLMediaElement>('[data-testid="second-media"] video')!;
        const apart: number[] = [];
        const look = () => {
          const { currentTime } = lead;
          if (currentTime >= to) {
            resolve(apart);
            return;
          }
          if (currentTime >= from && !second.seeking) {
            apart.push(Math.abs((currentTime - offset) * faster - second.currentTime));
          }
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    stretch,
  );
}

describe('a second camera', () => {
  it('is added with offset and drift, stands where the recording stands and keeps to its clock while playing', async () => {
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
      await dialog.getByLabel('Drift, ppm').fill(String(DRIFT_PPM));
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
      const faster = 1 + DRIFT_PPM / 1e6;
      await expect.poll(async () => Math.abs(((await stage()) - 2) * faster - (await time()))).toBeLessThan(0.01);
      await workbench.screenshot('second-media-light');

      // playing: from start to the end of the second file, as far as both are shown
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await page.getByTestId('timeline').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Space');
      const apart = await watchClocks(page, { from: 3.5, to: 8, offset: 2, faster });
      await page.keyboard.press('Space');
      // a busy machine draws few pictures, and one that comes late may be far off until the next
      expect(apart.length).toBeGreaterThan(5);
      const sorted = apart.toSorted((a, b) => a - b);
      expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThan(TWO_FRAMES);
      // and it is not the uncorrected clock that happens to be near: by then that would be off by more
      expect((8 - 2) * (faster - 1)).toBeGreaterThan(TWO_FRAMES);
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
