import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { freshFolder, launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const CUES = 24;

/** A transcript that cuts the sample into 24 short segments, so that there is enough to label. */
function transcript(): string {
  const time = (seconds: number) => `00:00:${seconds.toFixed(3).padStart(6, '0').replace('.', ',')}`;
  return Array.from({ length: CUES }, (_, index) => {
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
