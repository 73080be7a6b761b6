/** SHA-256 of whole media files, kept so that an unchanged file is read once. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from '../files/writeAtomically.js';
import { type HashOptions, sha256File } from '../media/fingerprint.js';

const keptSchema = v.object({
  path: v.string(),
  sizeBytes: v.number(),
  modifiedMs: v.number(),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** Where the hash of a medium is kept; its name begins with the id, by which a deletion finds it. */
const keptFile = (folder: string, mediaId: string): string => path.join(folder, `${mediaId}-sha256.json`);

/**
 * SHA-256 of a media file. It is read again only where place, size or time of change differ from those of the kept hash.
 * @param keptIn folder of the kept hashes.
 * @throws NodeJS.ErrnoException when the file cannot be read; the signal's reason when aborted.
 */
export async function mediaHash(
  file: string,
  { mediaId, keptIn }: { readonly mediaId: string; readonly keptIn: string },
  options: HashOptions = {},
): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const kept = await readKept(keptFile(keptIn, mediaId));
  if (kept?.path === file && kept.sizeBytes === size && kept.modifiedMs === mtimeMs) return kept.sha256;
  const sha256 = await sha256File(file, options);
  const next: v.InferOutput<typeof keptSchema> = { path: file, sizeBytes: size, modifiedMs: mtimeMs, sha256 };
  // only a cache: without it the file is read again the next time
  await writeAtomically(keptFile(keptIn, mediaId), JSON.stringify(next)).catch(() => undefined);
  return sha256;
}

async function readKept(file: string): Promise<v.InferOutput<typeof keptSchema> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const parsed = v.safeParse(keptSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
