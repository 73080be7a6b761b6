import path from 'node:path';
import type { BrowserWindow } from 'electron';
import { dialog } from 'electron';
import { EXPORT_FORMATS, IMPORT_EXTENSIONS, type ExportFormatId } from '../../core/interchange/formats.js';
import { reportFolder } from '../files/reportFolder.js';

/** Asks for a file of annotations; undefined when the person cancels. */
export async function chooseAnnotations(window: BrowserWindow): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Import annotations',
    properties: ['openFile'],
    filters: [{ name: 'Annotations', extensions: [...IMPORT_EXTENSIONS] }],
  });
  return canceled ? undefined : filePaths[0];
}

/** Asks for files with ratings of other raters; empty when the person cancels. */
export async function chooseRatings(window: BrowserWindow): Promise<readonly string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Add raters: segments.csv of a report, a table with start_s, end_s and label or score, or annotations',
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: 'Ratings', extensions: [...IMPORT_EXTENSIONS] }],
  });
  return canceled ? [] : filePaths;
}

/**
 * Asks where annotations are to be written; undefined when the person cancels. The suggested name carries the recording's
 * id, not its name, which may name a participant. A format of several files gets an empty or new folder.
 */
export async function chooseExportPlace(
  window: BrowserWindow,
  id: ExportFormatId,
  recordingId: string,
): Promise<string | undefined> {
  const format = EXPORT_FORMATS[id];
  if (!('write' in format)) {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: `Choose a folder for ${format.label}`,
      buttonLabel: 'Export here',
      properties: ['openDirectory', 'createDirectory'],
    });
    const [folder] = filePaths;
    return canceled || folder === undefined ? undefined : reportFolder(path.join(folder, id), recordingId);
  }
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: `Export as ${format.label}`,
    defaultPath: `${recordingId}.${format.extension}`,
    filters: [{ name: format.label, extensions: [format.extension] }],
  });
  return canceled || filePath === '' ? undefined : filePath;
}
