import { describe, expect, it } from 'vitest';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

describe('the compare view', () => {
  it('shows what was recovered, what it changed and how far it can be trusted', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await workbench.openSample();
    expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
    await workbench.showSegments();

    // A segment whose face is recovered, from the keyboard.
    const recovered = workbench.segmentRows.filter({ hasText: /recovered/ }).first();
    await recovered.click();
    await page.keyboard.press('Control+3');
    await page.keyboard.press('Alt+v');
    const view = page.getByTestId('compare-view');
    await view.getByTestId('curve-columns').waitFor();
    await view.getByRole('img', { name: /happiness, measured/ }).waitFor();
    await workbench.screenshot('compare-1-visual');
    await page.keyboard.press('Alt+a');
    await view.getByTestId('descriptor-table').waitFor();
    await workbench.screenshot('compare-2-audio');
    await page.keyboard.press('Alt+t');
    await workbench.screenshot('compare-3-text');
    await page.keyboard.press('Alt+5');
    await view.getByTestId('recording-compare').waitFor();
    await workbench.screenshot('compare-4-recording');
    await page.keyboard.press('Alt+6');
    const run = view.getByRole('button', { name: 'Run self-test' });
    expect(await workbench.runJob('selfTest', () => run.click())).toBe('finished');
    await view.getByTestId('self-test-part').first().waitFor();
    await workbench.screenshot('compare-5-self-test');
    await page.getByRole('button', { name: 'Dark' }).click();
    await workbench.screenshot('compare-6-self-test-dark');
    await page.keyboard.press('Alt+4');
    await page.keyboard.press('Alt+v');
    await workbench.screenshot('compare-7-visual-dark');
  });
});
