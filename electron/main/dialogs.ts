import type { BrowserWindow } from 'electron';
import { dialog } from 'electron';
import { RECORDING_EXTENSIONS } from '../files/openRecording.js';

/** Asks for recordings; empty when the person cancels. */
export async function chooseRecordings(window: BrowserWindow): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open recordings',
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: 'Recordings', extensions: [...RECORDING_EXTENSIONS] }],
  });
  return canceled ? [] : filePaths;
}

/** Asks for the folder of a report; undefined when the person cancels. */
export async function chooseReportFolder(window: BrowserWindow): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Choose a folder for the report',
    buttonLabel: 'Export here',
    properties: ['openDirectory', 'createDirectory'],
  });
  return canceled ? undefined : filePaths[0];
}

/** Asks for the provenance.json of a report; undefined when the person cancels. */
export async function chooseProvenance(window: BrowserWindow): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Repeat an analysis: choose the provenance.json of a report',
    properties: ['openFile'],
    filters: [{ name: 'Provenance', extensions: ['json'] }],
  });
  return canceled ? undefined : filePaths[0];
}

/** Asks where to write a text file; undefined when the person cancels. */
export async function chooseTextFile(window: BrowserWindow, name: string): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: name,
    filters: name.endsWith('.csv')
      ? [{ name: 'Table', extensions: ['csv'] }]
      : [{ name: 'Markdown', extensions: ['md'] }],
  });
  return canceled || filePath === '' ? undefined : filePath;
}

/** Asks where to write a picture; undefined when the person cancels. */
export async function choosePictureFile(
  window: BrowserWindow,
  name: string,
  format: 'svg' | 'png',
): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save picture',
    defaultPath: `${name}.${format}`,
    filters: [{ name: format.toUpperCase(), extensions: [format] }],
  });
  return canceled || filePath === '' ? undefined : filePath;
}
