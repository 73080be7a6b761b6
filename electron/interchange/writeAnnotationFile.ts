import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { AnnotationSet } from '../../core/interchange/annotationSet.js';
import { EXPORT_FORMATS, takesUtf16, type ExportFormatId } from '../../core/interchange/formats.js';
import { ProblemError } from '../../core/problems/problem.js';
import { checkReportFolder, publishFolder } from '../report/reportFolder.js';

/** Characters gathered before they are written. */
const BLOCK = 256 * 1024;

export interface WriteAnnotationsOptions {
  readonly overwrite: boolean;
  /** Time of writing, ISO 8601 UTC; part of formats that carry it. */
  readonly createdUtc: string;
  readonly signal?: AbortSignal;
  /** UTF-16 with a byte order mark, big-endian as Praat writes it, in place of UTF-8. */
  readonly utf16?: boolean;
}

const BYTE_ORDER_MARK = '\uFEFF';

type Encode = (text: string) => Uint8Array;

const utf8: Encode = (text) => Buffer.from(text, 'utf8');
const utf16: Encode = (text) => Buffer.from(text, 'utf16le').swap16();

async function writeBlocks(
  file: string,
  chunks: Iterable<string>,
  signal: AbortSignal | undefined,
  encode: Encode = utf8,
): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    let block = encode === utf16 ? BYTE_ORDER_MARK : '';
    for (const chunk of chunks) {
      block += chunk;
      if (block.length < BLOCK) continue;
      signal?.throwIfAborted();
      await handle.appendFile(encode(block));
      block = '';
    }
    await handle.appendFile(encode(block));
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
  { signal, utf16: wide = false }: WriteAnnotationsOptions,
): Promise<void> {
  const temporary = `${out}.${randomUUID()}.tmp`;
  try {
    await mkdir(path.dirname(out), { recursive: true });
    await writeBlocks(temporary, chunks, signal, wide ? utf16 : utf8);
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

function notInUtf16(label: string): ProblemError {
  return new ProblemError({
    code: 'export.encoding',
    severity: 'error',
    message: `${label} is not written in UTF-16.`,
    tip: 'Only TextGrid is; leave the encoding as it is for other formats.',
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
  options: WriteAnnotationsOptions,
): Promise<void> {
  const { overwrite, createdUtc, signal } = options;
  const format = EXPORT_FORMATS[id];
  if (options.utf16 === true && !takesUtf16(id)) throw notInUtf16(format.label);
  if ('write' in format) {
    await checkFree(out, overwrite);
    await writeFileInOneStep(out, format.write(set, { createdUtc }), options);
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
