import path from 'node:path';
import { type Problem, ProblemError } from '../../core/problems/problem.js';

/** What differs of a file that lies where a recording should, in words and what to do. */
export function replacedMedia(fileName: string, differs: 'size' | 'content'): Problem {
  const what =
    differs === 'size'
      ? 'has another size than the recording'
      : 'has the size of the recording but another content (its SHA-256 checksum differs)';
  return {
    code: 'media.replaced',
    severity: 'error',
    message: `${fileName} was replaced or changed: the file that lies there now ${what}. It is not used.`,
    tip: 'Locate the original file, or add the other one as a recording of its own.',
  };
}

/** Refuses a file whose content is not the one that work was made on; nothing is refused where that is not known. */
export function requireHash(file: string, sha256: string, expected: string | undefined): void {
  if (expected !== undefined && sha256 !== expected) {
    throw new ProblemError(replacedMedia(path.basename(file), 'content'));
  }
}
