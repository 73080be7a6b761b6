import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { AnnotationSet } from '../../core/interchange/annotationSet.js';
import { EXPORT_FORMATS, type ExportFormatId } from '../../core/interchange/formats.js';
import { ProblemError } from '../../core/problems/problem.js';
import { checkReportFolder, publishFolder } from '../report/reportFolder.js';

/** Characters gathered before they are written. */
const BLOCK = 256 * 1024;

export interface WriteAnnotationsOptions {
  readonly overwrite: boolean;
  /** Time of writing, ISO 8601 UTC; part of formats that carry it. */
  readonly createdUtc: string;
  readonly signal?: AbortSignal;
}

async function writeBlocks(file: string, chunks: Iterable<string>, signal: AbortSignal | undefined): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    let block = '';
    for (const chunk of chunks) {
      block += chunk;
      if (block.length < BLOCK) continue;
      signal?.throwIfAborted();
      await handle.appendFile(block);
      block = '';
    }
    await handle.appendFile(block);
    signal?.throwIfAborted();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function notWritten(out: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof ProblemError) return error;
  return new ProblemError({
    code: 'export.not_written',
    severity: 'error',
    message: `${out} could not be written (${code}). Nothing was left behind.`,
    tip: 'Choose a place that you may write to and that has room.',
  });
}

async function writeFileInOneStep(
  out: string,
  chunks: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const temporary = `${out}.${randomUUID()}.tmp`;
  try {
    await mkdir(path.dirname(out), { recursive: true });
    await writeBlocks(temporary, chunks, signal);
    await rename(temporary, out);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw notWritten(out, error);
  }
}

/** @throws ProblemError `export.exists` when there is something at the place and overwriting is off. */
async function checkFree(out: string, overwrite: boolean): Promise<void> {
  const info = await stat(out).catch(() => undefined);
  if (info === undefined || (overwrite && info.isFile())) return;
  const message = info.isDirectory() ? `${out} is a folder.` : `${out} exists already.`;
  throw new ProblemError({
    code: 'export.exists',
    severity: 'error',
    message,
    tip: 'Choose another name, or allow overwriting.',
  });
}

/**
 * Writes annotations to a file, or for formats of several files to a folder; all of it appears in one step or nothing.
 * @throws ProblemError `export.*` or `report.*`; the signal's reason when aborted.
 */
export async function writeAnnotationFile(
  set: AnnotationSet,
  id: ExportFormatId,
  out: string,
  { overwrite, createdUtc, signal }: WriteAnnotationsOptions,
): Promise<void> {
  const format = EXPORT_FORMATS[id];
  if ('write' in format) {
    await checkFree(out, overwrite);
    await writeFileInOneStep(out, format.write(set, { createdUtc }), signal);
    return;
  }
  await checkReportFolder(out, overwrite);
  const files = format.files(set);
  await publishFolder(
    out,
    files.map(({ name }) => name),
    async (folder) => {
      for (const { name, chunks } of files) await writeBlocks(path.join(folder, name), chunks(), signal);
    },
  );
}
