import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './checkAccessibility.js';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const THEMES = ['Light', 'Dark'] as const;

async function chooseTheme(page: Page, theme: (typeof THEMES)[number]): Promise<void> {
  await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: theme }).click();
  // colours change within 80 ms; what is measured is the theme, not the way to it
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
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
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await workbench.exportReport.click();
    await page.getByRole('dialog').waitFor();
    await check('dialog of the export');
    expect(JSON.stringify(found, undefined, 2)).toBe('[]');
  }, 240_000);

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
