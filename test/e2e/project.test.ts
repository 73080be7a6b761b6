import { mkdir, readdir, rename, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MediaFolder } from '../electron/media/mediaFiles.js';
import { mediaFolder } from '../electron/media/mediaFiles.js';
import { freshFolder, launchApp } from './launchApp.js';
import { addRecordings, choose, createProject, openFile, row, save } from './projectSteps.js';
import { WorkbenchPage } from './workbench.js';

const sampleFile = path.resolve(import.meta.dirname, '../../sample/sample.mp4');

/** Two recordings of six seconds each, cut from the sample. */
async function makeRecordings(folder: MediaFolder, prefix = ''): Promise<readonly [string, string]> {
  const cut = (from: number): readonly string[] => ['-ss', String(from), '-t', '6', '-i', sampleFile, '-c', 'copy'];
  return [await folder.make(`${prefix}visit-a.mp4`, cut(0)), await folder.make(`${prefix}visit-b.mp4`, cut(20))];
}

/** Conditions by the dialog of the project, by keyboard. */
async function addCondition({ page }: WorkbenchPage): Promise<void> {
  await page.getByRole('button', { name: 'Project…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Project / });
  await page.keyboard.type('group');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('control, treated');
  await page.keyboard.press('Enter');
  await dialog.getByText('category: control, treated').waitFor();
  await page.keyboard.press('Escape');
}

/** Details of a recording from its row, by keyboard: F2, then the fields in order. */
async function assign({ page }: WorkbenchPage, name: string, participant: string, session: string): Promise<void> {
  await row(page, name).focus();
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: /^Details of / });
  await dialog.waitFor();
  await page.keyboard.type(participant);
  await page.keyboard.press('Tab');
  await page.keyboard.type(session);
  await page.keyboard.press('Tab');
  await dialog.getByRole('combobox', { name: 'group' }).selectOption('treated');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('projects', () => {
  it('creates a project, adds two recordings, assigns participants by keyboard, folds the list, deletes a participant', async () => {
    const folder = await mediaFolder();
    try {
      await using running = await launchApp();
      const workbench = new WorkbenchPage(running);
      const { page } = running;
      await createProject(workbench, 'Sibling contact');
      await addRecordings(workbench, await makeRecordings(folder));
      await addCondition(workbench);
      await assign(workbench, 'visit-a.mp4', 'P01', 'S1');
      await assign(workbench, 'visit-b.mp4', 'P02', 'S1');
      await page.getByRole('heading', { name: 'P01' }).waitFor();
      await page.getByRole('heading', { name: 'P02' }).waitFor();
      await workbench.screenshot('project-1-rail-light');
      await row(page, 'S1').first().focus();
      await page.keyboard.press('F2');
      await workbench.screenshot('project-2-details');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Project…' }).click();
      await workbench.screenshot('project-3-settings');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Dark' }).click();
      await page.getByTestId('project-switcher').click();
      await workbench.screenshot('project-4-projects-dark');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Fold the list of recordings' }).click();
      await workbench.screenshot('project-5-strip-dark');
      await page.getByRole('button', { name: 'Show the list of recordings' }).click();
      await deleteParticipant(workbench);
    } finally {
      await folder.remove();
    }
  }, 300_000);
});

describe('project files', () => {
  it('saves, moves the folder, opens on another computer, locates the media, merges a co-worker’s labels', async () => {
    const folder = await mediaFolder();
    const study = await freshFolder('study');
    try {
      const here = path.join(study, 'here');
      await mkdir(path.join(here, 'media'), { recursive: true });
      const files = await makeRecordings(folder);
      const inside = files.map((file) => path.join(here, 'media', path.basename(file)));
      for (const [index, file] of files.entries()) await rename(file, inside[index]!);
      await firstComputer(inside, path.join(here, 'study.lacuna'));
      const there = path.join(study, 'there');
      await rename(here, there);
      // beside the project, under other names and in another folder: found by size and content
      await rename(path.join(there, 'media', 'visit-a.mp4'), path.join(there, 'first.mp4'));
      await secondComputer(path.join(there, 'study.lacuna'));
      expect((await readdir(there)).sort()).toEqual(['first.mp4', 'media', 'study.lacuna', 'study.lacuna.backup-1']);
      await damaged(path.join(there, 'study.lacuna'));
    } finally {
      await folder.remove();
      await rm(study, { recursive: true, force: true });
    }
  }, 400_000);
});

async function firstComputer(files: readonly string[], projectFile: string): Promise<void> {
  await using running = await launchApp();
  const workbench = new WorkbenchPage(running);
  await createProject(workbench, 'Sibling contact');
  await addRecordings(workbench, files);
  await addCondition(workbench);
  await assign(workbench, 'visit-b.mp4', 'P02', 'S1');
  await workbench.label('anger').click();
  await save(workbench, projectFile);
  await workbench.screenshot('project-7-saved');
}

/** Opens the file with nothing known on this computer, labels, and merges the file as somebody else left it. */
async function secondComputer(projectFile: string): Promise<void> {
  await using running = await launchApp();
  const { page } = running;
  const workbench = new WorkbenchPage(running);
  await openFile(workbench, projectFile);
  await page.getByTestId('project-switcher').getByText('Sibling contact').waitFor();
  await expect.poll(() => page.getByTestId('recording-row').count()).toBe(2);
  await workbench.screenshot('project-8-opened-elsewhere');
  expect(await workbench.runJob('perceive', () => row(page, 'S1').click())).toBe('finished');
  await expect.poll(() => workbench.pressedLabels()).toEqual([expect.stringContaining('anger')]);
  await workbench.label('sadness').click();
  await workbench.saved();
  await workbench.answerDialogs([projectFile]);
  await choose(workbench, 'project.merge');
  const dialog = page.getByRole('dialog', { name: 'Merge study.lacuna' });
  await dialog.getByRole('heading', { name: '1 conflict' }).waitFor();
  await workbench.screenshot('project-9-merge-light');
  await dialog.getByRole('radio', { name: /^keep both/ }).check();
  await dialog.getByText('0 mine, 0 theirs, 1 both').waitFor();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByTestId('recording-name').getByText('visit-b.mp4').waitFor();
  await expect.poll(() => workbench.pressedLabels()).toEqual([expect.stringContaining('sadness')]);
  // one step of undo takes the other rater's label away again, one of redo brings it back
  const raters = () => labelCount(workbench);
  expect(await raters()).toBe(2);
  await page.keyboard.press('Control+z');
  await expect.poll(raters).toBe(1);
  await page.keyboard.press('Control+y');
  await expect.poll(raters).toBe(2);
  await workbench.saved();
  await choose(workbench, 'project.save');
  await page.getByTestId('project-file').getByText('saved').waitFor();
}

/** Labels of all raters that the database holds. */
async function labelCount(workbench: WorkbenchPage): Promise<number> {
  const documents = await workbench.storedDocuments<{ readonly labels: readonly unknown[] }>();
  return documents.reduce((sum, { labels }) => sum + labels.length, 0);
}

/** A damaged file is refused with words and stays as it is; nothing that was open is lost. */
async function damaged(projectFile: string): Promise<void> {
  await using running = await launchApp();
  const workbench = new WorkbenchPage(running);
  await truncate(projectFile, 1_500);
  await openFile(workbench, projectFile);
  const alert = running.page.getByRole('alert');
  await alert.getByText('The project file is cut off').waitFor();
  await workbench.screenshot('project-10-damaged');
}

async function deleteParticipant(workbench: WorkbenchPage): Promise<void> {
  const { page } = workbench;
  await page.getByRole('button', { name: 'Project…' }).click();
  await page.getByRole('button', { name: 'Delete P02…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete participant P02 everywhere' });
  await dialog.getByRole('cell', { name: 'Measurements of voice, face and picture' }).waitFor();
  await workbench.screenshot('project-6-delete-dark');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await dialog.getByRole('button', { name: 'Save report' }).waitFor();
  expect(await dialog.getByRole('cell', { name: 'not deleted', exact: true }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByTestId('recording-row').count()).toBe(1);
  expect(await page.getByRole('heading', { name: 'P02' }).count()).toBe(0);
}
