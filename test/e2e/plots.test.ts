import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const RATINGS = ['start_s,end_s,rater_id,label,score', '1.05,4.95,R2,anger,-1.2', '8,9.5,R2,neutral,-0.4', ''].join(
  '\n',
);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What every saved plot must hold and must not. */
function expectWhole(text: string, title: string): void {
  expect(text, title).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(text, title).toMatch(/Bundle speech-face-en [^]*seed \d+[^]*Lacuna \d/);
  expect(text, title).toContain('font-family');
  // nothing that only the page knows, and no number that is none
  expect(text, title).not.toMatch(/var\(--|class="|color\(srgb|color-mix|NaN|undefined|href="http|<script/);
  for (const [, id] of text.matchAll(/url\(#([^)]+)\)/g))
    expect(text, `${title}: pattern ${id}`).toContain(`id="${id}"`);
}

/** Saves every picture of the list that has one of these titles; answers with their texts by title. */
async function saveAll(workbench: WorkbenchPage, folder: string, titles: readonly RegExp[]) {
  const listed = await workbench.pictureTitles();
  const saved = new Map<string, string>();
  for (const wanted of titles) {
    const place = listed.findIndex((title) => wanted.test(title));
    const title = listed[place];
    expect(title, `${String(wanted)} in ${listed.join('; ')}`).toBeDefined();
    const name = title!.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
    await workbench.savePicture(place, path.join(folder, `${name}.svg`), 'SVG');
    await workbench.savePicture(place, path.join(folder, `${name}.png`), 'PNG');
    expect((await readFile(path.join(folder, `${name}.png`))).subarray(0, 8)).toEqual(PNG);
    const text = await readFile(path.join(folder, `${name}.svg`), 'utf8');
    expectWhole(text, title!);
    saved.set(title!, text);
  }
  return (wanted: RegExp): string => [...saved].find(([title]) => wanted.test(title))?.[1] ?? '';
}

describe('plots of the views', () => {
  it('are saved with axes, legend and caption, whatever the theme; a text that was recovered has near phrases', async () => {
    const folder = await freshFolder('plots');
    try {
      await using running = await launchApp();
      const { page } = running;
      const workbench = new WorkbenchPage(running);
      await workbench.openSample();
      expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
      await page.getByRole('button', { name: 'Dark' }).click();
      await workbench.showSegments();
      await workbench.segmentRows.nth(1).click();
      await page.keyboard.press('Control+3');
      await saveSegment(workbench, folder);
      await saveText(workbench, folder);
      await page.keyboard.press('Alt+5');
      const of = await saveAll(workbench, folder, [/^Score as used/]);
      for (const words of ['as used, with interval', 'without recovery', 'without audio', '00:20', '+3']) {
        expect(of(/^Score/)).toContain(words);
      }
      await saveAgreement(workbench, folder);
    } finally {
      if (process.env['KEEP_PICTURES'] === undefined) await rm(folder, { recursive: true, force: true });
    }
  }, 400_000);
});

/** The face of this segment was not in the picture; its voice is hidden by the person. */
async function saveSegment(workbench: WorkbenchPage, folder: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press('Alt+Shift+V');
  await page.getByRole('img', { name: /^Schematic face of the recovered/ }).waitFor();
  const face = await saveAll(workbench, folder, [
    /^Face: original, recovered and difference/,
    /^Schematic face of the recovered/,
    /^Reliability/,
    /^Share of held-out segments/,
  ]);
  for (const words of ['recovered, 90 % band', 'recovered, mean of the samples', 'happiness', 'probability']) {
    expect(face(/^Face/)).toContain(words);
  }
  expect(face(/^Reliability/)).toContain('30, 30, 30');
  expect(face(/^Share/)).toMatch(/n = \d{2,}/);
  await page.keyboard.press('Alt+Shift+A');
  await page.getByRole('img', { name: 'pitch, measured' }).waitFor();
  expect(await workbench.runJob('whatIf', () => page.keyboard.press('Alt+h'))).toBe('finished');
  const voice = await saveAll(workbench, folder, [
    /^Voice: original/,
    /^pitch, measured/,
    /^pitch, recovered:/,
    /^Quantities of/,
  ]);
  expect(voice(/^pitch, measured/)).toContain('no value: not voiced');
  expect(voice(/^pitch, recovered/)).toContain('recovered, 90 % band');
  expect(voice(/^pitch, recovered/)).toMatch(/>Hz<|>semitones[^<]*</);
}

/** Segment 5 has no words: they were recovered. Reached by keyboard only. */
async function saveText(workbench: WorkbenchPage, folder: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press('Alt+Shift+T');
  for (const number of [3, 4, 5]) {
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: `Segment ${number}, text` }).waitFor();
  }
  const phrases = page.getByRole('list', { name: 'Nearest phrases' }).getByRole('listitem');
  await phrases.first().waitFor();
  expect(await phrases.count()).toBeGreaterThanOrEqual(3);
  expect(await phrases.first().innerText()).toMatch(/similarity 0\.\d+, near \d+ % of samples/);
  await page.getByRole('img', { name: 'Distribution over sentiment, -3 to 3' }).waitFor();
  expect(await page.getByTestId('columns').innerText()).toContain('They are not what was said');
  const similarity = Number(/similarity (0\.\d+)/.exec(await phrases.first().innerText())?.[1]);
  expect(await page.getByTestId('none-near').count()).toBe(similarity < 0.3 ? 1 : 0);
  await workbench.screenshot('plots-1-text-dark');
  const text = await saveAll(workbench, folder, [/^Words: original/, /^Sentiment of the recovered text/]);
  expect(text(/^Sentiment/)).toContain('half of the samples');
  await page.getByRole('button', { name: 'Light' }).click();
  await workbench.screenshot('plots-2-text-light');
  await page.getByRole('button', { name: 'Dark' }).click();
}

async function saveAgreement(workbench: WorkbenchPage, folder: string): Promise<void> {
  const { page } = workbench;
  await page.keyboard.press('Control+4');
  const view = page.getByTestId('agreement-view');
  const file = path.join(folder, 'second.csv');
  await writeFile(file, RATINGS);
  await workbench.answerDialogs([file]);
  const add = page.getByRole('button', { name: 'Add raters from files' });
  expect(await workbench.runJob('ratings', () => add.click())).toBe('finished');
  const compare = view.getByRole('button', { name: /^Compare raters/ });
  expect(await workbench.runJob('agreement', () => compare.click())).toBe('finished');
  await view.getByRole('button', { name: 'Time', exact: true }).click();
  const labels = await saveAll(workbench, folder, [/^Who said what/, /^Kappa of each label/]);
  expect(labels(/^Who said/)).toMatch(/>anger</);
  expect(labels(/^Kappa/)).toContain('95 % interval');
  await view.getByRole('button', { name: 'Scores' }).click();
  const scores = await saveAll(workbench, folder, [/^Score differences/]);
  expect(scores(/^Score/)).toContain('95 % limits of agreement');
}
