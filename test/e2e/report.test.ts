import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

describe('report and privacy', () => {
  it('reads the notice once, previews and exports, repeats the analysis, deletes what is stored', async () => {
    const userData = await freshFolder('report-user');
    const [reportFolder, repeatFolder] = [await freshFolder('report'), await freshFolder('repeat')];
    try {
      await firstRun(userData);
      await using running = await launchApp({ userData });
      const workbench = new WorkbenchPage(running);
      expect(await running.page.getByRole('dialog').count()).toBe(0);
      await exportReport(workbench, reportFolder);
      await repeatReport(workbench, reportFolder, repeatFolder);
      await printStatement(workbench);
      await deleteRecording(workbench, userData);
    } finally {
      for (const folder of [userData, reportFolder, repeatFolder]) await rm(folder, { recursive: true, force: true });
    }
  }, 400_000);
});

async function firstRun(userData: string): Promise<void> {
  await using running = await launchApp({ userData, keepNotice: true });
  const { page } = running;
  const workbench = new WorkbenchPage(running);
  const notice = page.getByRole('dialog', { name: 'Intended use' });
  await notice.getByText('Not for decisions about individuals').waitFor();
  await workbench.screenshot('report-1-notice');
  await notice.getByRole('button', { name: 'I have read this' }).click();
  await notice.waitFor({ state: 'detached' });
}

async function exportReport(workbench: WorkbenchPage, reportFolder: string): Promise<void> {
  const { page } = workbench;
  await workbench.openSample();
  expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
  await workbench.exportReport.click();
  const dialog = page.getByRole('dialog', { name: 'Export report' });
  const preview = dialog.getByTestId('report-preview');
  await preview.getByRole('cell', { name: 's0001' }).waitFor();
  await workbench.screenshot('report-2-export');
  await dialog.getByRole('button', { name: /^methods\.md/ }).click();
  await preview.getByText('arXiv:2505.17501').waitFor();
  await workbench.screenshot('report-3-methods');
  await dialog.getByRole('checkbox', { name: /^Wide table/ }).check();
  await dialog.getByRole('button', { name: /^segments_wide\.csv/ }).click();
  await preview.getByRole('columnheader', { name: 'model_label' }).waitFor();
  await dialog.getByRole('checkbox', { name: /^Data handling/ }).check();
  await workbench.answerDialogs([reportFolder]);
  const written = await workbench.runJob('export', () =>
    dialog.getByRole('button', { name: 'Export', exact: true }).click(),
  );
  expect(written).toBe('finished');
  const files = await readdir(reportFolder);
  expect(files).toEqual(expect.arrayContaining(['segments_wide.csv', 'data-handling.md', 'events.json', 'SHA256SUMS']));
  const provenance = JSON.parse(await readFile(path.join(reportFolder, 'provenance.json'), 'utf8')) as object;
  expect(provenance).toMatchObject({ intendedUseReadUtc: expect.stringMatching(/^20/) as string });
}

async function repeatReport(workbench: WorkbenchPage, reportFolder: string, repeatFolder: string): Promise<void> {
  const { page, running } = workbench;
  const answers = [path.join(reportFolder, 'provenance.json'), repeatFolder];
  const repeat = async (): Promise<void> => {
    await running.app.evaluate(({ dialog, Menu }, paths) => {
      const left = [...paths];
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [left.shift() ?? ''] });
      Menu.getApplicationMenu()?.getMenuItemById('report.repeat')?.click();
    }, answers);
  };
  expect(await workbench.runJob('repeat', repeat)).toBe('finished');
  await page.getByTestId('repeat-outcome').getByText('Identical: all').waitFor();
  await workbench.screenshot('report-4-repeated');
}

/** The statement is longer than a page; what it leaves to be filled in stands at its end. */
async function printStatement({ page, running }: WorkbenchPage): Promise<void> {
  await running.app.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('help.dataHandling')?.click();
  });
  await page.getByTestId('statement').waitFor();
  const pages = await running.app.evaluate(async ({ BrowserWindow }) => {
    const pdf = await BrowserWindow.getAllWindows()[0]?.webContents.printToPDF({ pageSize: 'A4' });
    return pdf?.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
  });
  expect(pages ?? 0).toBeGreaterThan(1);
  await page.keyboard.press('Escape');
  await page.getByTestId('statement').waitFor({ state: 'detached' });
}

async function deleteRecording(workbench: WorkbenchPage, userData: string): Promise<void> {
  const { page, running } = workbench;
  const saved = path.join(userData, 'deletion.md');
  await writeFile(saved, '');
  await running.app.evaluate(({ dialog, Menu }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    Menu.getApplicationMenu()?.getMenuItemById('recording.delete')?.click();
  }, saved);
  const dialog = page.getByRole('dialog', { name: 'Delete the data of this recording' });
  await dialog.getByRole('cell', { name: 'Measurements of voice, face and picture' }).waitFor();
  await workbench.screenshot('report-5-delete');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await dialog.getByRole('button', { name: 'Save report' }).click();
  await expect.poll(() => readFile(saved, 'utf8')).toContain('Everything that was found is deleted.');
  await workbench.screenshot('report-6-deleted');
  expect(await page.getByTestId('recording-row').count()).toBe(0);
}
