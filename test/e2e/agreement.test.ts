import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

/** A second and a third rater of the sample with boundaries of their own: seconds, label, score. */
const R2 = [
  ['0.000', '6.500', 'sadness', '-1'],
  ['6.500', '14.000', 'neutral', '0'],
  ['14.000', '21.000', 'happiness', '1.5'],
  ['21.000', '30.000', 'neutral', '0.5'],
  ['30.000', '44.000', 'anger', '-1.5'],
];
const R3 = [
  ['0.200', '6.400', 'sadness', '-1.5'],
  ['6.600', '14.200', 'sadness', '-0.5'],
  ['14.100', '21.000', 'happiness', '2'],
  ['21.000', '29.500', 'neutral', '0'],
  ['30.500', '43.000', 'anger', '-1'],
];
const table = (rows: readonly (readonly string[])[], rater: string) =>
  [
    'start_s,end_s,rater_id,label,score',
    ...rows.map(([start, end, label, score]) => [start, end, rater, label, score].join(',')),
  ].join('\n');

/** Valence of two raters as a report writes it, 40 s long; the second one follows 0.4 s later, as stated. */
function traceTable(): string {
  const rows = (rater: string, lag: number) =>
    Array.from({ length: 400 - lag }, (_, index) => {
      const value = Math.sin(index / 19) * 0.8;
      return [rater, `v-${rater}`, 'valence', ((index + lag) / 10).toFixed(3), value.toFixed(3), lag * 100].join(',');
    });
  const head = 'rater_id,trace_id,dimension,time_s,value,reaction_lag_ms';
  return [head, ...rows('R2', 0), ...rows('R3', 4)].join('\n');
}

const GAZE = [
  'tier,scheme,rater_id,start_s,end_s,value',
  ...['Gaze,Looks,R2,0,5,camera', 'Gaze,Looks,R2,5,9,away', 'Gaze,Looks,R2,9,14,camera'],
  ...['Gaze,Looks,R3,0.2,5,camera', 'Gaze,Looks,R3,5,9,camera', 'Gaze,Looks,R3,9,14,camera'],
].join('\n');

/** What the timecode under the picture says, in seconds. */
async function timecode(workbench: WorkbenchPage): Promise<number> {
  const text = await workbench.page.getByTestId('timecode').innerText();
  const [hours = '0', minutes = '0', seconds = '0'] = text.split(':');
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

async function addRaters(workbench: WorkbenchPage, folder: string): Promise<void> {
  const files = [path.join(folder, 'second.csv'), path.join(folder, 'third.csv')];
  await writeFile(files[0]!, table(R2, 'R2'));
  await writeFile(files[1]!, table(R3, 'R3'));
  await workbench.answerDialogs(files);
  const add = workbench.page.getByRole('button', { name: 'Add raters from files' });
  expect(await workbench.runJob('ratings', () => add.click())).toBe('finished');
}

describe('agreement in the app', () => {
  it('compares the model with raters of files, and a cell of the matrix leads to the moment in the recording', async () => {
    const folder = await freshFolder('agreement');
    try {
      await using running = await launchApp();
      const { page, app } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
      await page.keyboard.press('Control+4');
      const view = page.getByTestId('agreement-view');
      await view.waitFor();
      await addRaters(workbench, folder);
      expect(await page.getByTestId('rater').count()).toBe(3);
      const compare = view.getByRole('button', { name: /^Compare raters/ });
      expect(await workbench.runJob('agreement', () => compare.click())).toBe('finished');

      await view.getByTestId('agreement-raters').selectOption({ label: 'R2 and R3' });
      await view.getByRole('button', { name: 'Events' }).click();
      const setting = page.getByTestId('agreement-setting');
      expect(await setting.innerText()).toContain('annotations matched by at least 60 % overlap');
      expect(await setting.innerText()).toContain('n = 5, 0 by R2 only, 0 by R3 only');
      const raw = page.getByTestId('agreement-statistics').getByRole('row', { name: /Raw agreement/ });
      expect(await raw.innerText()).toContain('0.800');
      await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
      await workbench.screenshot('agreement-1-labels');

      // neutral of R2 that R3 called sadness: one moment, at 6.5 s
      const cell = page.getByRole('button', { name: 'R2 neutral, R3 sadness: 1 annotations, 50 % of the row' });
      await cell.focus();
      await page.keyboard.press('Enter');
      const moments = page.getByTestId('moment');
      expect(await moments.count()).toBe(1);
      expect(await moments.first().innerText()).toContain('00:00:06.500');
      await moments.first().click();
      await expect.poll(() => timecode(workbench)).toBeCloseTo(6.5, 2);
      await expect
        .poll(() => page.getByTestId('media').evaluate((media: HTMLMediaElement) => media.currentTime))
        .toBeCloseTo(6.5, 1);
      await workbench.screenshot('agreement-2-moment');

      await view.getByRole('button', { name: 'Scores' }).click();
      await view.getByRole('button', { name: 'Time', exact: true }).click();
      expect(await setting.innerText()).toContain('Time-based: units of 0.1 s, no tolerance');
      await workbench.screenshot('agreement-3-scores');
      await page.getByTestId('moment').first().click();
      await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
      await view.getByTestId('agreement-raters').selectOption({ label: 'model and R2' });
      await view.getByRole('button', { name: 'Labels' }).click();
      await page.getByTestId('agreement-strata').scrollIntoViewIfNeeded();
      await workbench.screenshot('agreement-4-dark');

      const saved = path.join(folder, 'agreement.csv');
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
      }, saved);
      await view.getByRole('button', { name: 'agreement.csv' }).click();
      await expect
        .poll(() => readFile(saved, 'utf8').catch(() => ''))
        .toContain('R2 R3,label,segment,overlap,all,NA,raw_agreement,0.8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 400_000);

  it('compares traces at the same instants and tiers with a vocabulary, each for itself', async () => {
    const folder = await freshFolder('agreement-coding');
    try {
      await using running = await launchApp();
      const { page, app } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      await page.keyboard.press('Control+4');
      const view = page.getByTestId('agreement-view');
      await view.waitFor();
      const files = [path.join(folder, 'traces.csv'), path.join(folder, 'annotations.csv')];
      await writeFile(files[0]!, traceTable());
      await writeFile(files[1]!, GAZE);
      await workbench.answerDialogs(files);
      const add = page.getByRole('button', { name: 'Add raters from files' });
      expect(await workbench.runJob('ratings', () => add.click())).toBe('finished');
      expect(await page.getByTestId('rater').count()).toBe(2);
      const compare = view.getByRole('button', { name: /^Compare raters/ });
      expect(await workbench.runJob('agreement', () => compare.click())).toBe('finished');

      const topic = view.getByTestId('agreement-topic');
      expect(await topic.getByRole('option').allInnerTexts()).toEqual(['valence trace', 'tier Gaze']);
      const setting = page.getByTestId('agreement-setting');
      expect(await setting.innerText()).toContain('times as recorded, with the reaction lags in them. n = 396');
      const statistics = page.getByTestId('agreement-statistics');
      expect(await statistics.getByRole('row', { name: /Best lag/ }).innerText()).toContain('0.400');
      await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
      await workbench.screenshot('agreement-5-traces');
      await view.getByLabel('Take stated reaction lags off traces').check();
      await page.getByTestId('agreement-outdated').waitFor();
      expect(await workbench.runJob('agreement', () => compare.click())).toBe('finished');
      expect(await statistics.getByRole('row', { name: /Best lag/ }).innerText()).toContain('0.000');

      await topic.selectOption({ label: 'tier Gaze' });
      expect(await statistics.getByRole('row', { name: /Raw agreement/ }).innerText()).toContain('0.667');
      await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
      await view.getByRole('button', { name: /^R2 away, R3 camera: 1/ }).click();
      await workbench.screenshot('agreement-6-tier-dark');

      const saved = path.join(folder, 'agreement.csv');
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
      }, saved);
      await view.getByRole('button', { name: 'agreement.csv' }).click();
      await expect.poll(() => readFile(saved, 'utf8').catch(() => '')).toMatch(/,valence,NA,taken_off\n/);
      expect(await readFile(saved, 'utf8')).toMatch(/,tier,Gaze,NA\n/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 300_000);

  it('says that it is hidden while blind mode is on', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await workbench.openSample();
    await page.keyboard.press('Shift+B');
    await page.keyboard.press('Control+4');
    await page.getByTestId('agreement-blind').getByText('Agreement is hidden in blind mode').waitFor();
    expect(await page.getByTestId('rater').count()).toBe(0);
    await page.getByRole('button', { name: 'Turn blind mode off' }).click();
    await page.getByRole('heading', { name: 'Raters' }).waitFor();
  }, 200_000);
});
