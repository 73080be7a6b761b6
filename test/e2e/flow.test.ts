import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

type Row = Readonly<Record<string, string>>;

async function readCsv(folder: string, name: string): Promise<readonly Row[]> {
  const text = await readFile(path.join(folder, name), 'utf8');
  const { data, errors } = Papa.parse<Row>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true });
  expect(errors).toEqual([]);
  return data;
}

describe('from a damaged recording to a report', () => {
  it('marks, recovers, labels, keeps everything over a restart and exports', async () => {
    const userData = await freshFolder('flow');
    const reportFolder = await freshFolder('report');
    try {
      await firstSession(userData);
      await secondSession(userData, reportFolder);
    } finally {
      await rm(userData, { recursive: true, force: true });
      await rm(reportFolder, { recursive: true, force: true });
    }
  }, 500_000);
});

async function firstSession(userData: string): Promise<void> {
  await using running = await launchApp({ userData });
  const { page } = running;
  const workbench = new WorkbenchPage(running);
  await workbench.screenshot('1-empty');
  await workbench.openSample();
  await workbench.showSegments();
  expect(await workbench.segmentRows.count()).toBeGreaterThanOrEqual(5);
  await workbench.screenshot('2-perceived');

  await workbench.segmentRows.first().click();
  const marksBefore = await workbench.marks.count();
  await page.keyboard.press('x');
  await page.keyboard.press('v');
  await expect.poll(() => workbench.marks.count()).toBe(marksBefore + 1);

  expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
  await page.getByTestId('modality-visual').getByText('recovered').first().waitFor();
  await expect.poll(() => page.getByTestId('modality-audio').innerText()).toContain('observed');
  await workbench.screenshot('3-recovered-table');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await workbench.screenshot('4-recovered');

  await page.keyboard.press('3');
  await expect.poll(() => workbench.pressedLabels()).toHaveLength(1);
  expect((await workbench.pressedLabels())[0]).toContain('sadness');
  await page.keyboard.press('Control+z');
  await expect.poll(() => workbench.pressedLabels()).toEqual([]);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => workbench.pressedLabels()).toHaveLength(1);
  await workbench.saved();
}

async function secondSession(userData: string, reportFolder: string): Promise<void> {
  await using running = await launchApp({ userData });
  const { page } = running;
  const workbench = new WorkbenchPage(running);
  expect(await workbench.runJob('perceive', () => page.getByTestId('recording-row').first().click())).toBe('finished');
  await workbench.showSegments();
  await workbench.segmentRows.first().click();
  expect((await workbench.pressedLabels())[0]).toContain('sadness');
  await page
    .getByTestId('mark')
    .getByRole('button', { name: /^visual .* by you/ })
    .first()
    .waitFor();
  await page.getByTestId('modality-visual').getByText('recovered').first().waitFor();
  await workbench.screenshot('5-after-restart');

  // Export is the next step only while the results fit the marks and segments on screen.
  await expect.poll(() => workbench.runRecovery.count()).toBe(0);
  await workbench.answerDialogs([reportFolder]);
  expect(await workbench.runJob('export', () => workbench.exportWithDefaults())).toBe('finished');
  await workbench.finishedJobs.filter({ hasText: reportFolder }).waitFor();
  await workbench.screenshot('6-exported');
  const files = await readdir(reportFolder);
  for (const name of ['segments', 'timeline', 'recovery', 'marks', 'problems', 'codebook']) {
    expect(files).toContain(`${name}.csv`);
  }
  expect(files).toContain('provenance.json');
  await checkSegments(reportFolder, await workbench.segmentRows.count());
}

async function checkSegments(reportFolder: string, segmentCount: number): Promise<void> {
  const rows = await readCsv(reportFolder, 'segments.csv');
  const model = rows.filter((row) => row['rater_id'] === 'model');
  expect(model).toHaveLength(segmentCount);
  const first = model[0]!;
  expect(first).toMatchObject({ segment_id: 's0001', visual_state: 'recovered', audio_state: 'observed' });
  const probabilities = Object.entries(first).filter(([name]) => /^p_[a-z]+$/.test(name));
  const sum = probabilities.reduce((total, [, value]) => total + Number(value), 0);
  expect(probabilities).toHaveLength(7);
  expect(sum).toBeCloseTo(1, 3);
  const rated = rows.filter((row) => row['rater_id'] === 'R1');
  expect(rated.map((row) => [row['segment_id'], row['label']])).toEqual([['s0001', 'sadness']]);
  const marks = await readCsv(reportFolder, 'marks.csv');
  expect(marks.some((row) => row['modality'] === 'visual' && row['source'] === 'human')).toBe(true);
}
