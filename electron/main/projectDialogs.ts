import type { BrowserWindow } from 'electron';
import { dialog } from 'electron';
import { PROJECT_EXTENSION } from '../../core/project/projectFile.js';
import type { ProjectPurpose } from '../contract/types.js';

const FILTERS = [{ name: 'Lacuna project', extensions: [PROJECT_EXTENSION] }];

const TITLES: Readonly<Record<ProjectPurpose, string>> = {
  open: 'Open a project',
  merge: 'Merge a co-worker’s project file',
  template: 'New project from a template: choose the template or a project',
};

/** Asks for a project file; undefined when the person cancels. Backups can be chosen under all files. */
export async function chooseProject(window: BrowserWindow, purpose: ProjectPurpose): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: TITLES[purpose],
    properties: ['openFile'],
    filters: [...FILTERS, { name: 'Backups and all files', extensions: ['*'] }],
  });
  return canceled ? undefined : filePaths[0];
}

/** Asks for the folder that a copy with all media is put in; undefined when the person cancels. */
export async function chooseCopyFolder(window: BrowserWindow): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Choose where to put the copy of the project with its media',
    buttonLabel: 'Copy here',
    properties: ['openDirectory', 'createDirectory'],
  });
  return canceled ? undefined : filePaths[0];
}

/** Asks where to save a project; undefined when the person cancels. */
export async function chooseProjectPlace(window: BrowserWindow, name: string): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save the project',
    defaultPath: name,
    filters: FILTERS,
  });
  return canceled || filePath === '' ? undefined : filePath;
}
