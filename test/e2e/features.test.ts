import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const WIDTHS = { text_cnn: 100, audio_opensmile: 73, video_3dcnn: 100 } as const;

/** A feature recording of eight utterances with generated vectors; the sound of the third is missing. */
async function writeFeatures(file: string): Promise<void> {
  const names = Object.entries(WIDTHS).flatMap(([name, n]) => Array.from({ length: n }, (_, i) => `${name}.${i}`));
  const rows = Array.from({ length: 8 }, (_, row) => {
    const values = names.map((name, i) =>
      row === 2 && name.startsWith('audio') ? '' : Math.sin(1 + row * 7 + i).toFixed(4),
    );
    return [`talk_${row + 1}`, `so it goes ${row + 1}`, ...values].join(',');
  });
  await writeFile(file, [['id', 'text', ...names].join(','), ...rows].join('\n'));
}

describe('a feature recording', () => {
  it('opens like any other, says that there is nothing to play, and is recovered with the bundle for its vectors', async () => {
    const folder = await freshFolder('features');
    try {
      const file = path.join(folder, 'talk.csv');
      await writeFeatures(file);
      await using running = await launchApp();
      const { page } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.answerDialogs([file]);
      expect(await workbench.runJob('perceive', () => page.keyboard.press('Control+o'))).toBe('finished');
      await page.getByTestId('no-media').waitFor();
      expect(await page.getByTestId('media').count()).toBe(0);
      await workbench.showSegments();
      await expect.poll(() => workbench.segmentRows.count()).toBe(8);
      expect(await workbench.runJob('analyze', () => page.keyboard.press('Control+Enter'))).toBe('finished');
      await workbench.segmentRows.nth(2).click();
      await expect.poll(() => page.getByTestId('stage-exceptions').innerText()).toContain('A: no audio_opensmile');
      await workbench.screenshot('features-1-light');
      await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click();
      await workbench.screenshot('features-2-dark');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 400_000);
});
