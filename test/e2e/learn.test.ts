import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { mediaFolder } from '../electron/media/mediaFiles.js';
import { freshFolder, launchApp } from './launchApp.js';
import { addRecordings, createProject, row } from './projectSteps.js';
import { WorkbenchPage } from './workbench.js';

const CUES = 24;
const SAMPLE = path.resolve(import.meta.dirname, '../../sample/sample.mp4');

/** A transcript that cuts the sample into short segments, so that there is enough to label. */
function transcript(cues = CUES): string {
  const time = (seconds: number) => `00:00:${seconds.toFixed(3).padStart(6, '0').replace('.', ',')}`;
  return Array.from({ length: cues }, (_, index) => {
    const start = 1 + index * 1.75;
    return `${index + 1}\n${time(start)} --> ${time(start + 1.6)}\nWords number ${index + 1}\n`;
  }).join('\n');
}

it('learns from labels, shows before and after, and is used only once switched on, beside the model', async () => {
  const folder = await freshFolder('learn');
  try {
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await workbench.openSample();
    const file = path.join(folder, 'short.srt');
    await writeFile(file, transcript());
    await workbench.answerDialogs([file]);
    const run = async (title: string) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(title);
      await page.keyboard.press('Enter');
    };
    expect(await workbench.runJob('import', () => run('Import a transcript'))).toBe('finished');
    const importing = page.getByRole('dialog', { name: 'Import annotations' });
    await importing.waitFor();
    await workbench.screenshot('learn-0-import');
    await importing.getByRole('button', { name: 'Import', exact: true }).click();
    await importing.waitFor({ state: 'detached' });
    expect(await workbench.runJob('analyze', () => run('Run recovery'))).toBe('finished');
    await page.keyboard.press('Control+2');
    await page.getByTestId('threshold-slider').fill('0');
    await page.getByTestId('review-queue').focus();
    for (let index = 0; index < CUES; index += 1) await page.keyboard.press(index % 2 ? '4' : '2');
    await expect.poll(() => page.getByTestId('review-progress').innerText()).toContain(`${CUES} corrected`);

    await run('Learn from labels');
    const dialog = page.getByRole('dialog', { name: 'Learn from labels' });
    await expect.poll(() => page.getByTestId('learn-ready').innerText()).toContain(`${CUES} labelled segments`);
    const learned = await workbench.runJob('learn', () =>
      dialog.getByRole('button', { name: 'Learn and compare' }).click(),
    );
    expect(learned).toBe('finished');
    await dialog.getByTestId('learn-table').getByText('Log loss').waitFor();
    expect(await dialog.innerText()).toContain('says nothing about other people');
    await workbench.screenshot('learn-1-compared');
    expect(await page.getByTestId('learned-chip').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Use in this recording' }).click();
    await page.keyboard.press('Escape');
    await page.getByTestId('learned-chip').waitFor();
    expect(await workbench.runJob('analyze', () => run('Run recovery'))).toBe('finished');
    await page.getByRole('combobox', { name: 'Which segments' }).selectOption('all');
    await page.getByTestId('learned-strip').waitFor();
    await workbench.screenshot('learn-2-used');
    await page.keyboard.press('Control+1');
    await page.getByTestId('inspector-learned').waitFor();
    await page.getByTestId('status-learned').waitFor();
    await workbench.screenshot('learn-3-inspector');
    const out = path.join(folder, 'report');
    await workbench.answerDialogs([out]);
    expect(await workbench.runJob('export', () => workbench.exportWithDefaults())).toBe('finished');
    await checkReport(out);
    await run('Delete the data of this recording');
    const deletion = page.getByRole('dialog', { name: 'Delete the data of this recording' });
    await deletion.getByText('A learned read-out was fitted to these data.').waitFor();
    await deletion.getByRole('button', { name: 'Delete for good' }).click();
    await deletion.getByText('It was deleted, and switched off').waitFor();
    const row = deletion.getByRole('row', { name: /^Learned read-out 1 / });
    expect(await row.innerText()).toMatch(/deleted$/);
    await workbench.screenshot('learn-4-deleted');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 400_000);

it('learns over three people of a project, and leaves out one person at a time', async () => {
  const folder = await mediaFolder();
  try {
    const files: string[] = [];
    for (const [index, from] of [0, 14.5, 29].entries()) {
      const cut = ['-ss', String(from), '-t', '14.8', '-i', SAMPLE, '-c:v', 'libx264', '-preset', 'ultrafast'];
      files.push(await folder.make(`person-${index + 1}.mp4`, cut));
      await writeFile(files[index]!.replace(/mp4$/, 'srt'), transcript(CUES / 3 - 1));
    }
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await createProject(workbench, 'Three people');
    await addRecordings(workbench, files);
    // the one added last is on screen already
    for (const number of [3, 1, 2]) await labelAll(workbench, number);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Learn from labels');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Learn from labels' });
    await expect.poll(() => page.getByTestId('learn-ready').innerText()).toMatch(/2\d labelled segments/);
    const learned = await workbench.runJob('learn', () =>
      dialog.getByRole('button', { name: 'Learn and compare' }).click(),
    );
    await dialog.getByText('leaves out one participant at a time (3 of them)').waitFor();
    expect(learned).toBe('finished');
    await workbench.screenshot('learn-5-three-people');
  } finally {
    await folder.remove();
  }
}, 400_000);

/** Opens a recording of the project, says who it is of, runs recovery and labels all of it by keyboard. */
async function labelAll(workbench: WorkbenchPage, number: number): Promise<void> {
  const { page } = workbench;
  const item = row(page, `person-${number}.mp4`);
  if (number < 3) expect(await workbench.runJob('perceive', () => item.click())).toBe('finished');
  await item.focus();
  await page.keyboard.press('F2');
  const details = page.getByRole('dialog', { name: /^Details of / });
  await details.waitFor();
  await page.keyboard.type(`P0${number}`);
  await details.getByRole('button', { name: 'Done' }).click();
  await details.waitFor({ state: 'detached' });
  expect(await workbench.runJob('analyze', () => page.keyboard.press('Control+Enter'))).toBe('finished');
  await page.keyboard.press('Control+2');
  await page.getByTestId('threshold-slider').fill('0');
  const queue = page.getByTestId('review-queue');
  const rows = queue.getByRole('option');
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(CUES / 3 - 1);
  const count = await rows.count();
  await queue.focus();
  for (let index = 0; index < count; index += 1) await page.keyboard.press(index % 2 ? '4' : '2');
  await expect.poll(() => page.getByTestId('review-progress').innerText()).toContain(`${count} corrected`);
  await workbench.saved();
  await page.keyboard.press('Control+1');
}

async function checkReport(folder: string): Promise<void> {
  const text = await readFile(path.join(folder, 'segments.csv'), 'utf8');
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  const of = (rater: string) => data.filter((row) => row['rater_id'] === rater);
  const estimated = of('model').filter((row) => row['label'] !== 'NA');
  expect(of('model+learned')).toHaveLength(estimated.length);
  for (const row of of('model+learned')) {
    const sum = Object.entries(row).reduce(
      (total, [name, value]) => (/^p_[a-z]+$/.test(name) ? total + Number(value) : total),
      0,
    );
    expect(sum).toBeCloseTo(1, 2);
    expect(row['readout']).toBe('learned');
  }
  expect(new Set(of('model').map((row) => row['readout']))).toEqual(new Set(['bundle']));
  const provenance = JSON.parse(await readFile(path.join(folder, 'provenance.json'), 'utf8')) as object;
  expect(provenance).toMatchObject({ parameters: { learned: { from: { labels: CUES, groupedBy: 'block' } } } });
}
