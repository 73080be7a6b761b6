import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { AnnotationSet, Tier } from '../../core/interchange/annotationSet.js';
import { readAnnotations, type ImportedFile } from '../../core/interchange/formats.js';
import { ProblemError, type Problem } from '../../core/problems/problem.js';
import { inSlices, type SliceOptions } from '../host/inSlices.js';

/** Hours of word-level annotation have some 10 MiB; anything far larger is no annotation file. */
const MAX_BYTES = 128 * 1024 * 1024;
/** Tables of a report folder that hold annotations. */
const REPORT_TABLES = ['segments.csv', 'marks.csv'] as const;

/** Annotations of a file with its name, which carries no folder. */
export interface AnnotationFile extends ImportedFile {
  readonly fileName: string;
}

function unreadable(fileName: string, error: unknown): ProblemError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  const message = `${fileName} ${why}.`;
  return new ProblemError({
    code: 'import.unreadable',
    severity: 'error',
    message,
    tip: 'Check the path and your rights.',
  });
}

async function readBytes(file: string): Promise<Uint8Array> {
  const fileName = path.basename(file);
  try {
    const { size } = await stat(file);
    if (size <= MAX_BYTES) return await readFile(file);
  } catch (error) {
    throw unreadable(fileName, error);
  }
  throw new ProblemError({
    code: 'import.too_large',
    severity: 'error',
    message: `${fileName} has more than ${MAX_BYTES / 1024 / 1024} MiB.`,
    tip: 'Check that the right file was chosen.',
  });
}

async function readOne(file: string, options: SliceOptions): Promise<ImportedFile> {
  return inSlices(readAnnotations(path.basename(file), await readBytes(file)), options);
}

/** Tiers of several tables of one report; the tables share no tier. */
function mergedSet(sets: readonly AnnotationSet[]): AnnotationSet {
  const tiers = new Map<string, Tier>();
  for (const set of sets) for (const tier of set.tiers) if (!tiers.has(tier.name)) tiers.set(tier.name, tier);
  return { tiers: [...tiers.values()], vocabularies: sets.flatMap(({ vocabularies }) => vocabularies) };
}

async function readReportFolder(folder: string, options: SliceOptions): Promise<ImportedFile> {
  const found: ImportedFile[] = [];
  const problems: Problem[] = [];
  for (const name of REPORT_TABLES) {
    const file = path.join(folder, name);
    const exists = await stat(file).then(
      (info) => info.isFile(),
      () => false,
    );
    if (!exists) continue;
    const read = await readOne(file, options);
    found.push(read);
    problems.push(...read.problems.map((problem) => ({ ...problem, message: `${name}: ${problem.message}` })));
  }
  if (found.length === 0) {
    throw new ProblemError({
      code: 'import.no_report',
      severity: 'error',
      message: `${path.basename(folder)} is a folder without ${REPORT_TABLES.join(' or ')}.`,
      tip: 'Name an annotation file, or the folder of a report.',
    });
  }
  return { format: 'report folder', set: mergedSet(found.map(({ set }) => set)), problems };
}

/**
 * Reads annotations from a file of any format we know, or from the folder of a report.
 * @throws ProblemError `import.*` when nothing can be taken; the signal's reason when aborted.
 */
export async function readAnnotationFile(file: string, options: SliceOptions = {}): Promise<AnnotationFile> {
  const info = await stat(file).catch((error: unknown) => {
    throw unreadable(path.basename(file), error);
  });
  const read = info.isDirectory() ? await readReportFolder(file, options) : await readOne(file, options);
  return { fileName: path.basename(file), ...read };
}
