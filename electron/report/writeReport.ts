import { open } from 'node:fs/promises';
import path from 'node:path';
import type { ReportTable } from '../../core/report/buildReport.js';
import { REPORT_COLUMNS } from '../../core/report/columns.js';
import { csvChunks } from '../../core/report/csv.js';
import type { ReportFiles } from '../contract/types.js';
import { checkReportFolder, publishFolder } from './reportFolder.js';

const PROVENANCE_FILE = 'provenance.json';

/** Names of all files that a report may hold; an earlier report's files of these names are replaced together. */
export const REPORT_FILES: readonly string[] = [...Object.keys(REPORT_COLUMNS), PROVENANCE_FILE];

export interface WriteReportOptions {
  /** Replace an earlier report in the folder; files that are not ours are kept. */
  readonly overwrite: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Opens a file for writing; for tests of failing disks. */
  readonly openFile?: typeof open;
}

/**
 * Writes a report: every table, then provenance.json. Rows are streamed. The files appear together under their final
 * names, or none of them does.
 * @param outDir absolute path of the folder.
 * @throws ProblemError `report.*`: folder not empty, not writable, disk full, not a folder.
 * @throws the signal's reason when aborted.
 */
export async function writeReport(
  report: { readonly tables: readonly ReportTable[]; readonly provenance: string },
  outDir: string,
  options: WriteReportOptions,
): Promise<ReportFiles> {
  const { signal, onProgress, openFile = open } = options;
  await checkReportFolder(outDir, options.overwrite);
  const files = [
    ...report.tables.map((table) => ({
      name: table.fileName,
      chunks: (): Iterable<string> => csvChunks(table.columns, table.rows()),
    })),
    { name: PROVENANCE_FILE, chunks: (): Iterable<string> => [report.provenance] },
  ];
  await publishFolder(outDir, REPORT_FILES, async (folder) => {
    for (const [index, file] of files.entries()) {
      signal?.throwIfAborted();
      onProgress?.(index, files.length);
      const handle = await openFile(path.join(folder, file.name), 'w');
      try {
        for (const chunk of file.chunks()) {
          signal?.throwIfAborted();
          await handle.appendFile(chunk);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    signal?.throwIfAborted();
  });
  return { folder: outDir, files: files.map(({ name }) => name) };
}
