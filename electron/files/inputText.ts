import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../core/problems/problem.js';
import type { InputFileRecord } from '../../core/report/provenance.js';

/** A day of speech is about 2 MB of subtitles; anything far larger was named by mistake. */
const MAX_BYTES = 32 * 1024 * 1024;

const WORDS = { transcript: 'transcript', marks: 'marks file', ratings: 'file of ratings' } as const;
type InputKind = keyof typeof WORDS;

/** A small text input, a transcript, a marks file or ratings, read whole. */
export interface InputText {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly record: InputFileRecord;
}

/**
 * Reads a small input file; undefined when none was named.
 * @throws ProblemError `transcript.unreadable`, `marks.unreadable` and the like.
 */
export async function readInputText(file: string, kind: InputKind): Promise<InputText>;
export async function readInputText(file: string | undefined, kind: InputKind): Promise<InputText | undefined>;
export async function readInputText(file: string | undefined, kind: InputKind): Promise<InputText | undefined> {
  if (file === undefined) return undefined;
  const what = WORDS[kind];
  const refuse = (code: string, why: string): ProblemError =>
    new ProblemError({
      code: `${kind}.${code}`,
      severity: 'error',
      message: `The ${what} ${file} ${why}.`,
      tip: 'Check the path and that you may read it.',
    });
  const info = await stat(file).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw refuse('unreadable', code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'unknown'})`);
  });
  if (!info.isFile()) throw refuse('unreadable', 'is not a file');
  if (info.size > MAX_BYTES) throw refuse('too_large', `has more than ${MAX_BYTES / 1024 / 1024} MiB`);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw refuse('unreadable', `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { fileName: path.basename(file), bytes, record: { sha256, sizeBytes: bytes.length } };
}
