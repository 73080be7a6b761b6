import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { BATCH_LOG_FILE, batchLog, type BatchRow } from '../../core/report/batchLog.js';
import { writeAtomically } from '../files/writeAtomically.js';

const COMBINED_FILE = 'segments.csv';

/**
 * Ends a batch: the log, and the rows of all its reports in one segments.csv. Rows are copied from the reports, so that
 * both always say the same.
 * @returns names of the written files.
 */
export async function finishBatch(folder: string, rows: readonly BatchRow[]): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  await writeAtomically(path.join(folder, BATCH_LOG_FILE), batchLog(rows));
  const reports = rows.flatMap((row) => (row.folder === undefined ? [] : [path.join(folder, row.folder)]));
  if (reports.length === 0) return [BATCH_LOG_FILE];
  await combineSegments(folder, reports);
  return [BATCH_LOG_FILE, COMBINED_FILE];
}

async function combineSegments(folder: string, reports: readonly string[]): Promise<void> {
  const temporary = path.join(folder, `.${COMBINED_FILE}.${randomUUID()}.tmp`);
  try {
    let header: string | undefined;
    for (const report of reports) {
      const text = await readFile(path.join(report, COMBINED_FILE), 'utf8');
      const end = text.indexOf('\n') + 1;
      header ??= text.slice(0, end);
      if (text.slice(0, end) !== header) throw new Error(`${COMBINED_FILE} of the reports have other columns.`);
      // the first one with its header and, where it was asked for, its byte order mark
      await appendFile(temporary, report === reports[0] ? text : text.slice(end));
    }
    await rename(temporary, path.join(folder, COMBINED_FILE));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
