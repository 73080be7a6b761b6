import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { CHECKSUM_FILE, REPORT_FILES, type ReportFile } from '../../core/report/reportFiles.js';
import type { ReportFiles } from '../contract/types.js';
import { checkReportFolder, publishFolder } from './reportFolder.js';

export interface WriteReportOptions {
  /** Replace an earlier report in the folder; files that are not ours are kept. */
  readonly overwrite: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Opens a file for writing; for tests of failing disks. */
  readonly openFile?: typeof open;
}

/**
 * Writes a report and the checksums of its files. Rows are streamed. The files appear together under their final names,
 * or none of them does.
 * @param outDir absolute path of the folder.
 * @throws ProblemError `report.*`: folder not empty, not writable, disk full, not a folder.
 * @throws the signal's reason when aborted.
 */
export async function writeReport(
  files: readonly Pick<ReportFile, 'name' | 'chunks'>[],
  outDir: string,
  options: WriteReportOptions,
): Promise<ReportFiles> {
  const { signal, onProgress, openFile = open } = options;
  await checkReportFolder(outDir, options.overwrite);
  await publishFolder(outDir, REPORT_FILES, async (folder) => {
    const write = async (name: string, chunks: Iterable<string | Uint8Array>): Promise<string> => {
      const hash = createHash('sha256');
      const handle = await openFile(path.join(folder, name), 'w');
      try {
        for (const chunk of chunks) {
          signal?.throwIfAborted();
          hash.update(chunk);
          await handle.appendFile(chunk);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      return hash.digest('hex');
    };
    const sums: string[] = [];
    for (const [index, file] of files.entries()) {
      signal?.throwIfAborted();
      onProgress?.(index, files.length);
      sums.push(`${await write(file.name, file.chunks())}  ${file.name}\n`);
    }
    await write(CHECKSUM_FILE, sums);
    signal?.throwIfAborted();
  });
  return { folder: outDir, files: [...files.map(({ name }) => name), CHECKSUM_FILE] };
}
