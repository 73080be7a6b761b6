/** Finds the recordings of a project on the disk: where the file says, where they were last, or beside it. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fingerprintFile } from '../media/fingerprint.js';

const MAX_DEPTH = 4;
const MAX_FILES = 20_000;

/** A recording to be found. */
export interface WantedMedia {
  readonly recordingId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
}

interface SeenFile {
  readonly path: string;
  readonly size: number;
}

/**
 * Looks through a folder and those inside it. A file is recognised by size and content, never by its name.
 * @returns places by recording id, and recordings under whose name another file lies.
 */
export async function searchMedia(
  folder: string,
  wanted: readonly WantedMedia[],
): Promise<{ readonly found: ReadonlyMap<string, string>; readonly replaced: ReadonlySet<string> }> {
  const sizes = new Set(wanted.map((item) => item.sizeBytes));
  const names = new Map(wanted.map((item) => [item.fileName, item]));
  const found = new Map<string, string>();
  const named = new Set<string>();
  for await (const file of filesOf(folder)) {
    const sameName = names.get(path.basename(file.path));
    if (sameName) named.add(sameName.recordingId);
    if (!sizes.has(file.size)) continue;
    const id = await fingerprintFile(file.path).catch(() => undefined);
    if (id !== undefined && !found.has(id) && wanted.some((item) => item.recordingId === id)) found.set(id, file.path);
  }
  return { found, replaced: new Set([...named].filter((id) => !found.has(id))) };
}

/** Files of a folder and of those inside it, up to a depth and a number; links are not followed. */
async function* filesOf(folder: string): AsyncGenerator<SeenFile> {
  let left = MAX_FILES;
  const open: { readonly folder: string; readonly depth: number }[] = [{ folder, depth: 0 }];
  for (let next = open.shift(); next && left > 0; next = open.shift()) {
    const entries = await readdir(next.folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const place = path.join(next.folder, entry.name);
      if (entry.isDirectory() && next.depth < MAX_DEPTH && !entry.name.startsWith('.')) {
        open.push({ folder: place, depth: next.depth + 1 });
      }
      if (!entry.isFile()) continue;
      left -= 1;
      const info = await stat(place).catch(() => undefined);
      if (info) yield { path: place, size: info.size };
    }
  }
}

/** Whether a file of this size lies there. Its content is compared when it is opened. */
export async function hasSize(file: string, size: number): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info?.isFile() === true && info.size === size;
}

/** Place of a file relative to a folder, with `/`; undefined where it does not lie inside. */
export function innerPath(folder: string, file: string): string | undefined {
  const relative = path.relative(folder, file);
  if (relative === '' || path.isAbsolute(relative)) return undefined;
  const steps = relative.split(path.sep);
  return steps.includes('..') || steps.some((step) => /[\\/:]/.test(step)) ? undefined : steps.join('/');
}
