import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { MediaFolder } from '../electron/media/mediaFiles.js';
import { mediaFolder } from '../electron/media/mediaFiles.js';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

const sampleFile = path.resolve(import.meta.dirname, '../../sample/sample.mp4');

/** Two recordings of six seconds each, cut from the sample. */
async function makeRecordings(folder: MediaFolder, prefix = ''): Promise<readonly [string, string]> {
  const cut = (from: number): readonly string[] => ['-ss', String(from), '-t', '6', '-i', sampleFile, '-c', 'copy'];
  return [await folder.make(`${prefix}visit-a.mp4`, cut(0)), await folder.make(`${prefix}visit-b.mp4`, cut(20))];
}

const row = (page: Page, name: string): Locator => page.getByTestId('recording-row').filter({ hasText: name });

async function createProject({ page }: WorkbenchPage, name: string): Promise<void> {
  await page.getByTestId('project-switcher').click();
  const dialog = page.getByRole('dialog', { name: 'Projects' });
  await dialog.getByLabel('New project').fill(name);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByTestId('project-switcher').getByText(name).waitFor();
}

async function addRecordings(workbench: WorkbenchPage, files: readonly string[]): Promise<void> {
  const { page } = workbench;
  await workbench.answerDialogs(files);
  const add = page.getByRole('complementary', { name: 'Recordings' }).getByRole('button', { name: 'Add recordings' });
  expect(await workbench.runJob('perceive', () => add.click())).toBe('finished');
  await expect.poll(() => page.getByTestId('recording-row').count()).toBe(files.length);
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
