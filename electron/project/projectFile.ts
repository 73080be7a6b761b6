/** Reads and writes portable project files. Writing keeps the last versions beside the file. */
import { createHash } from 'node:crypto';
import { copyFile, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type ProjectContents,
  projectParts,
  projectRefusal,
  type ReadProject,
  readProjectParts,
} from '../../core/project/projectFile.js';
import { writeAtomically } from '../files/writeAtomically.js';
import { packProject, unpackProject } from './projectArchive.js';

/** Largest file that is read at all. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
/** Versions that are kept beside a project file, the newest as `.backup-1`. */
export const BACKUPS = 3;

export const backupName = (file: string, number: number): string => `${file}.backup-${number}`;

const hashOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const hashOfText = (text: string) => ({ sha256: hashOf(text), bytes: Buffer.byteLength(text) });

/** SHA-256 of a file that was read or written, to see later whether somebody else changed it. */
export interface FileState {
  readonly hash: string;
}

/** The file at the place is not as it was last read or written; nothing was written. */
export class ChangedFile extends Error {
  constructor() {
    super('The project file was changed by somebody else.');
    this.name = 'ChangedFile';
  }
}

/** SHA-256 of a project file; undefined where there is none. */
async function projectFileHash(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes === undefined ? undefined : hashOf(bytes);
}

/**
 * Reads a project file.
 * @throws ProblemError `project.*`: what is wrong and where. The file is never changed by reading.
 */
export async function readProjectFile(file: string): Promise<FileState & { readonly read: ReadProject }> {
  const name = path.basename(file);
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) {
      const message = `${name} has ${Math.round(size / 1024 / 1024)} MiB; a project file has at most ${MAX_FILE_BYTES / 1024 / 1024} MiB.`;
      throw projectRefusal('too_large', message, 'Check that it is the right file.');
    }
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof Error && error.name === 'ProblemError') throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw projectRefusal('unreadable', `${name} cannot be read (${why}).`, 'Check that you may read it.');
  }
  if (bytes.length === 0) throw projectRefusal('truncated', `${name} is empty.`, 'Open a backup of the file.');
  const parts = unpackProject(bytes);
  return { read: readProjectParts((part) => textOf(part, parts.get(part)), hashOfText), hash: hashOf(bytes) };
}

function textOf(part: string, bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw projectRefusal('damaged', `${part} in the project file is no text.`, 'Open a backup of the file.');
  }
}

/** Program and time that wrote a project file. */
export interface Writer {
  readonly appVersion: string;
  readonly savedUtc: string;
}

/** The bytes of a project file. */
export function projectBytes(contents: ProjectContents, about: Writer): Uint8Array {
  return packProject(projectParts(contents, about, hashOfText));
}

/**
 * Writes a project file in one step and keeps what was there as a backup.
 * @param known hash that the file had when it was last read or written; another file is left as it is. Whatever lies there
 * is replaced when undefined.
 * @throws ChangedFile; ProblemError `project.not_written`. The file is then as it was.
 */
export async function writeProjectFile(
  file: string,
  contents: ProjectContents,
  about: Writer,
  known?: string,
): Promise<FileState> {
  const requireKnown = async (): Promise<void> => {
    const now = known === undefined ? undefined : await projectFileHash(file);
    if (now !== undefined && now !== known) throw new ChangedFile();
  };
  await requireKnown();
  const bytes = projectBytes(contents, about);
  try {
    await writeAtomically(file, bytes, async () => {
      // somebody may have saved it while this one was packed
      await requireKnown();
      await keepBackup(file);
    });
  } catch (error) {
    if (error instanceof ChangedFile) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    const message = `${path.basename(file)} could not be saved: ${full ? 'the disk is full' : 'the place cannot be written'} (${code}). The earlier file is as it was.`;
    throw projectRefusal('not_written', message, 'Free some space, or save it at another place.');
  }
  return { hash: hashOf(bytes) };
}

/** Moves the backups up by one and copies the file to the first place. */
async function keepBackup(file: string): Promise<void> {
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  await rm(backupName(file, BACKUPS), { force: true });
  for (let number = BACKUPS - 1; number >= 1; number -= 1) {
    await rename(backupName(file, number), backupName(file, number + 1)).catch(() => undefined);
  }
  await copyFile(file, backupName(file, 1));
}
