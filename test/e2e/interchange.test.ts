import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const slot = (id: string, ms: number) => `<TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${ms}"/>`;
const annotation = (id: string, from: string, to: string, value: string) =>
  `<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="${id}" TIME_SLOT_REF1="${from}" TIME_SLOT_REF2="${to}"><ANNOTATION_VALUE>${value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>`;

/** Labels of a second rater over the first half minute, and one word that is no label. */
const EAF = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0"><HEADER/>',
  `<TIME_ORDER>${slot('ts1', 0)}${slot('ts2', 12_000)}${slot('ts3', 30_000)}${slot('ts4', 34_000)}${slot('ts5', 42_000)}</TIME_ORDER>`,
  '<TIER TIER_ID="label@R2" LINGUISTIC_TYPE_REF="x">',
  annotation('a1', 'ts1', 'ts2', 'happy'),
  annotation('a2', 'ts2', 'ts3', 'sadness'),
  annotation('a3', 'ts4', 'ts5', 'bored'),
  '</TIER>',
  '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="x" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>',
].join('\n');

describe('annotations of other programs', () => {
  it('come in with a preview and go back with one undo, and go out as a TextGrid', async () => {
    const folder = await freshFolder('interchange');
    try {
      await writeFile(path.join(folder, 'rater.eaf'), EAF);
      await using running = await launchApp();
      const { page, app } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      await workbench.answerDialogs([path.join(folder, 'rater.eaf')]);
      const run = async (title: string) => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type(title);
        await page.keyboard.press('Enter');
      };
      expect(await workbench.runJob('import', () => run('Import annotations'))).toBe('finished');
      const dialog = page.getByRole('dialog', { name: 'Import annotations' });
      await dialog.waitFor();
      await expect.poll(() => page.getByTestId('import-summary').innerText()).toMatch(/[1-9]\d* labels/);
      expect(await page.getByTestId('import-problems').innerText()).toContain('bored');
      await workbench.screenshot('interchange-import');
      await dialog.getByRole('button', { name: 'Import', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });

      const out = path.join(folder, 'out.TextGrid');
      await app.evaluate(({ dialog: system }, filePath) => {
        system.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
      }, out);
      const exportAs = async () => {
        await run('Export as');
        const box = page.getByRole('dialog', { name: 'Export as' });
        await box.getByRole('radio', { name: 'Praat TextGrid', exact: true }).check();
        await workbench.screenshot('interchange-export');
        await box.getByRole('button', { name: 'Export…' }).click();
      };
      expect(await workbench.runJob('exportAs', exportAs)).toBe('finished');
      const text = await readFile(out, 'utf8');
      expect(text).toContain('name = "label@R2"');
      expect(text).toContain('text = "happiness"');

      await page.keyboard.press('Control+z');
      await expect.poll(() => page.getByText(/^Undone: Import rater\.eaf/).count()).toBeGreaterThan(0);
      expect(await workbench.runJob('exportAs', exportAs)).toBe('finished');
      expect(await readFile(out, 'utf8')).not.toContain('label@R2');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 300_000);
});
