import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';

/** Begins the name of every folder that a report is gathered in before it is shown under its final name. */
const TEMPORARY_PREFIX = '.lacuna-report-';

/**
 * Checks that a report may be written to a folder, before any long work is done for it.
 * @throws ProblemError when the path is a file or lies under one, the folder or the place for it is not writable, or it
 * holds something and `overwrite` is off.
 */
export async function checkReportFolder(outDir: string, overwrite: boolean): Promise<void> {
  const entries = await entriesOf(outDir);
  await checkWritable(outDir);
  if (entries === undefined || entries.length === 0 || overwrite) return;
  throw new ProblemError({
    code: 'report.folder-not-empty',
    severity: 'error',
    message: `The output folder ${outDir} is not empty (${entries.length} entries).`,
    tip: 'Choose an empty or new folder, or allow overwriting: then an earlier report in it is replaced and other files are kept.',
  });
}

/** Looks at the folder, or where it does not exist yet at the nearest folder above it. */
async function checkWritable(outDir: string): Promise<void> {
  try {
    await access(outDir, constants.W_OK);
  } catch (error) {
    const above = path.dirname(outDir);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === outDir) {
      throw new ProblemError(fileProblem(error, outDir));
    }
    await checkWritable(above);
  }
}

/** Names in the folder; undefined when it does not exist. */
async function entriesOf(outDir: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(outDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ProblemError(fileProblem(error, outDir));
  }
}

/**
 * Runs `fill` on a fresh temporary folder and then shows its files under `outDir`. When anything fails or the task is
 * cancelled, the state before is restored: no new file, no temporary folder, earlier files as they were.
 * @param ownFiles names that an earlier report may have left in `outDir` and that this one replaces.
 * @param thing what is written, in words.
 * @throws ProblemError `report.*` for file-system trouble; whatever `fill` throws.
 */
export async function publishFolder(
  outDir: string,
  ownFiles: readonly string[],
  fill: (folder: string) => Promise<void>,
  thing = 'report',
): Promise<void> {
  const exists = (await entriesOf(outDir)) !== undefined;
  // Inside an existing folder, because its parent may be read-only or on another disk.
  const parent = exists ? outDir : path.dirname(outDir);
  const temporary = path.join(parent, `${TEMPORARY_PREFIX}${randomUUID()}`);
  let firstCreated: string | undefined;
  try {
    firstCreated = await mkdir(parent, { recursive: true });
    await mkdir(temporary);
    await fill(temporary);
    if (exists) await moveInto(temporary, outDir, ownFiles);
    else await rename(temporary, outDir);
  } catch (error) {
    if (error instanceof StrandedFiles) throw error;
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    if (firstCreated !== undefined) await removeEmpty(parent, firstCreated);
    throw isFileError(error) ? new ProblemError(fileProblem(error, outDir, thing)) : error;
  }
}

/** Swaps the files of an earlier report for the new ones; puts the earlier ones back when a step fails. */
async function moveInto(temporary: string, outDir: string, ownFiles: readonly string[]): Promise<void> {
  const fresh = await readdir(temporary);
  const present = new Set(await readdir(outDir));
  const replaced = [...new Set([...ownFiles, ...fresh])].filter((name) => present.has(name));
  const attic = path.join(temporary, randomUUID());
  await mkdir(attic);
  const undo: (() => Promise<void>)[] = [];
  const move = async (from: string, to: string): Promise<void> => {
    await rename(from, to);
    undo.push(() => rename(to, from));
  };
  try {
    for (const name of replaced) await move(path.join(outDir, name), path.join(attic, name));
    for (const name of fresh) await move(path.join(temporary, name), path.join(outDir, name));
  } catch (error) {
    for (const step of undo.reverse()) {
      await step().catch(() => {
        throw new StrandedFiles(temporary, error);
      });
    }
    throw error;
  }
  await rm(temporary, { recursive: true, force: true });
}

/** Removes the folders from `deepest` up to `first` that hold nothing. */
async function removeEmpty(deepest: string, first: string): Promise<void> {
  for (let folder = deepest; folder.length >= first.length; folder = path.dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}

/** An earlier report could not be put back; its files must not be removed with the temporary folder. */
class StrandedFiles extends ProblemError {
  constructor(temporary: string, cause: unknown) {
    super({
      code: 'report.not-written',
      severity: 'error',
      message: `Replacing the earlier report failed half way (${(cause as Error).message}).`,
      tip: `The files of the earlier report are in ${temporary}; move them back.`,
    });
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function fileProblem(error: unknown, outDir: string, thing = 'report'): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const [what, message, tip] = explain(code, outDir, thing);
  return { code: `report.${what}`, severity: 'error', message: `${message} (${code}).`, tip };
}

function explain(code: string, outDir: string, thing: string): readonly [what: string, message: string, tip: string] {
  const nothing = `Nothing of the ${thing} was left behind.`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return [
        'disk-full',
        `There is no room for the ${thing} in ${outDir}. ${nothing}`,
        'Free some space, or choose a folder on another disk.',
      ];
    case 'ENOTDIR':
    case 'EEXIST':
      return ['not-a-folder', `${outDir} is not a folder, or lies under a file`, 'Choose another folder.'];
    case 'ENAMETOOLONG':
      return ['name-too-long', `The path ${outDir} is too long for this disk`, 'Choose a folder with a shorter name.'];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return [
        'not-writable',
        `The ${thing} cannot be written to ${outDir}. ${nothing}`,
        'Choose a folder that you may write to, and close programs that hold its files open.',
      ];
    default:
      return ['not-written', `Writing the ${thing} to ${outDir} failed. ${nothing}`, 'Choose another folder or disk.'];
  }
}
