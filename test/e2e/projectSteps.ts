import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { WorkbenchPage } from './workbench.js';

/** What a person does with projects and their files. */

/** The row of a recording in the list. */
export const row = (page: Page, name: string): Locator => page.getByTestId('recording-row').filter({ hasText: name });

/** Makes a project and shows it. */
export async function createProject({ page }: WorkbenchPage, name: string): Promise<void> {
  await page.getByTestId('project-switcher').click();
  const dialog = page.getByRole('dialog', { name: 'Projects' });
  await dialog.getByLabel('New project').fill(name);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByTestId('project-switcher').getByText(name).waitFor();
}

/** Adds recordings to the project and waits until they are measured. */
export async function addRecordings(workbench: WorkbenchPage, files: readonly string[]): Promise<void> {
  const { page } = workbench;
  await workbench.answerDialogs(files);
  const add = page.getByRole('complementary', { name: 'Recordings' }).getByRole('button', { name: 'Add recordings' });
  expect(await workbench.runJob('perceive', () => add.click())).toBe('finished');
  await expect.poll(() => page.getByTestId('recording-row').count()).toBe(files.length);
}

/** Answers the next save dialogs with this path. */
async function answerSave({ running }: WorkbenchPage, filePath: string): Promise<void> {
  await running.app.evaluate(({ dialog }, answer) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: answer });
  }, filePath);
}

/** Chooses a command in the native menu. */
export async function choose({ running }: WorkbenchPage, id: string): Promise<void> {
  await running.app.evaluate(({ Menu }, item) => {
    Menu.getApplicationMenu()?.getMenuItemById(item)?.click();
  }, id);
}

/** Saves the project to a file. */
export async function save(workbench: WorkbenchPage, file: string): Promise<void> {
  await answerSave(workbench, file);
  await choose(workbench, 'project.save');
  await workbench.page.getByTestId('project-file').getByText(path.basename(file)).waitFor();
  await workbench.page.getByTestId('project-file').getByText('saved').waitFor();
}

/** Opens a project file. */
export async function openFile(workbench: WorkbenchPage, file: string): Promise<void> {
  await workbench.answerDialogs([file]);
  await choose(workbench, 'project.open');
}
