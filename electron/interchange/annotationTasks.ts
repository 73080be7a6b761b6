/** Reading and writing annotations as tasks of the analysis host. */
import path from 'node:path';
import type { ImportedAnnotations } from '../contract/types.js';
import type { ExportAsArgument, ImportArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { readAnnotationFile } from './readAnnotationFile.js';
import { writeAnnotationFile } from './writeAnnotationFile.js';

/** Reads a file of annotations. @throws ProblemError `import.*` when nothing of it can be taken. */
export function importAnnotations(
  { file }: ImportArgument,
  { signal, onProgress }: TaskContext,
): Promise<ImportedAnnotations> {
  const step = { step: 'Read the annotations', stepNumber: 1, stepCount: 1 };
  onProgress(step);
  return readAnnotationFile(file, {
    signal,
    onProgress: (fraction) => {
      onProgress({ ...step, fraction });
    },
  });
}

/** Writes annotations for another program; answers with the name of the file or folder. */
export async function exportAnnotations(
  { set, format, out, overwrite, utf16 = false }: ExportAsArgument,
  { signal, onProgress }: TaskContext,
): Promise<string> {
  onProgress({ step: 'Write the annotations', stepNumber: 1, stepCount: 1 });
  await writeAnnotationFile(set, format, out, { overwrite, signal, utf16, createdUtc: new Date().toISOString() });
  return path.basename(out);
}
