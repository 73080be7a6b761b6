import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './checkAccessibility.js';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const THEMES = ['Light', 'Dark'] as const;

async function chooseTheme(page: Page, theme: (typeof THEMES)[number]): Promise<void> {
  await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: theme }).click();
  // colours change within 80 ms; what is measured is the theme, not the way to it
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
}

/** Words that find a command in the palette, and the dialog that it opens. */
const DIALOGS: readonly (readonly [words: string, dialog: string | RegExp])[] = [
  ['Tiers and schemes', 'Tiers and schemes'],
  ['Review proposals in bulk', 'Review proposals in bulk'],
  ['Switch the rater', 'Rater at the keyboard'],
  ['Projects…', 'Projects'],
  ['Conditions, participants and plan', /^Project /],
  ['Participant, session and conditions of this recording', /^Details of /],
  ['Run recovery for all recordings', 'Run recovery for all recordings of the project'],
  ['Learn from labels', 'Learn from labels'],
  ['Export report', 'Export report'],
  ['Export as', 'Export as'],
  ['Save picture', 'Save picture'],
  ['Data handling statement', 'Data handling statement'],
  ['Delete the data of this recording', /^Delete/],
  ['When not to trust it', 'When not to trust it'],
  ['Intended use', 'Intended use'],
  ['Keyboard sheet', 'Keyboard sheet'],
  ['Change keys', 'Keys'],
  ['Go to a time', 'Go to a time'],
];

async function addTierAndScheme(page: Page): Promise<void> {
  await page.getByTestId('new-scheme').fill('Gaze');
  await page.keyboard.press('Enter');
  await page.getByTestId('new-value').fill('partner');
  await page.keyboard.press('Enter');
  await page.getByTestId('new-tier').fill('Gaze');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('tier').count()).toBe(1);
}

describe('accessibility', () => {
  it('the start page breaks no rule of WCAG 2.2 AA, in light and dark', async () => {
    await using running = await launchApp({ keepNotice: true });
    expect(await accessibilityViolations(running.page)).toEqual([]);
    await running.page.getByTestId('read-notice').click();
    for (const theme of THEMES) {
      await chooseTheme(running.page, theme);
      expect(await accessibilityViolations(running.page), theme).toEqual([]);
    }
  });

  it('every view, lower pane and dialog of the workbench breaks none either', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await workbench.openSample();
    expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
    await page.keyboard.press('ArrowDown');
    const found: unknown[] = [];
    const check = async (what: string) => {
      const violations = await accessibilityViolations(page);
      if (violations.length > 0) found.push({ what, violations });
    };
    for (const theme of THEMES) {
      await chooseTheme(page, theme);
      for (const tab of ['Timeline', 'Segments', 'Problems', 'Parameters']) {
        await page.getByRole('tab', { name: tab }).click();
        await check(`${tab}, ${theme}`);
      }
      for (const view of ['Review', 'Compare', 'Agreement', 'Annotate']) {
        await page.getByRole('group', { name: 'View' }).getByRole('button', { name: view }).click();
        await check(`${view}, ${theme}`);
      }
    }
    for (const keys of ['F1', 'Control+k', 'Control+Comma', 'g']) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog').waitFor();
      await check(`dialog of ${keys}`);
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    }
    await workbench.exportReport.click();
    await page.getByRole('dialog').waitFor();
    await check('dialog of the export');
    expect(JSON.stringify(found, undefined, 2)).toBe('[]');
  }, 240_000);

  it('every dialog of the command palette breaks none, in light and dark, with work in it', async () => {
    const folder = await freshFolder('accessibility');
    try {
      await using running = await launchApp();
      const { page } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
      const labels = path.join(folder, 'labels.csv');
      await writeFile(labels, 'start_s,end_s,rater_id,label\n1,8,R2,anger\n8,9,R2,unknown word\n');
      const found: unknown[] = [];
      const check = async (what: string) => {
        const violations = await accessibilityViolations(page);
        if (violations.length > 0) found.push({ what, violations });
      };
      const run = async (words: string) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('dialog', { name: 'Search or run a command' }).waitFor();
        await page.keyboard.type(words);
        await page.keyboard.press('Enter');
      };
      for (const theme of THEMES) {
        await chooseTheme(page, theme);
        await page.keyboard.press('Control+Home');
        for (const [words, name] of DIALOGS) {
          await run(words);
          await page.getByRole('dialog', { name }).waitFor();
          if (name === 'Tiers and schemes' && theme === 'Light') await addTierAndScheme(page);
          await check(`${String(name)}, ${theme}`);
          await page.keyboard.press('Escape');
          await page.locator('dialog').waitFor({ state: 'detached' });
        }
        await workbench.answerDialogs([labels]);
        expect(await workbench.runJob('import', () => run('Import annotations'))).toBe('finished');
        await page.getByRole('dialog', { name: 'Import annotations' }).waitFor();
        await check(`Import annotations, ${theme}`);
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
        await page.getByTestId('timeline').focus();
        await page.keyboard.press('Shift+V');
        await page.getByTestId('trace-strip').waitFor();
        await check(`trace and tiers, ${theme}`);
        await page.keyboard.press('Escape');
        await page.getByTestId('trace-strip').waitFor({ state: 'detached' });
      }
      expect(JSON.stringify(found, undefined, 2)).toBe('[]');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 400_000);

  it('in forced colours every part keeps its words and borders', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await workbench.openSample();
    await workbench.screenshot('forced-colours');
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    const moving = await page.evaluate(
      () => document.getAnimations().filter((animation) => animation.playState === 'running').length,
    );
    expect(moving).toBe(0);
  });
});
