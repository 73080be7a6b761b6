import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../../core/problems/problem.js';
import { parseTranscript } from '../../core/transcript/parseTranscript.js';
import type { ImportedTranscript } from '../contract/types.js';

/** A day of speech is about 2 MB of subtitles; anything far larger is not a transcript. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads a transcript file. Trouble is told in its problems; a file that cannot be used has no cues. */
export async function readTranscript(file: string): Promise<ImportedTranscript> {
  const fileName = path.basename(file);
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) return { fileName, cues: [], problems: [tooLarge(fileName, size)] };
    const { cues, problems } = parseTranscript(fileName, await readFile(file));
    return { fileName, cues, problems };
  } catch (error) {
    return { fileName, cues: [], problems: [unreadable(fileName, error)] };
  }
}

function tooLarge(fileName: string, size: number): Problem {
  return {
    code: 'transcript.too_large',
    severity: 'error',
    message: `${fileName} has ${Math.round(size / 1024 / 1024)} MiB; a transcript has at most ${MAX_BYTES / 1024 / 1024} MiB.`,
    tip: 'Check that the right file was chosen.',
    modality: 'text',
  };
}

function unreadable(fileName: string, error: unknown): Problem {
  return {
    code: 'transcript.unreadable',
    severity: 'error',
    message: `${fileName} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    tip: 'Check that the file is there and that you may read it, then import it again.',
    modality: 'text',
  };
}
