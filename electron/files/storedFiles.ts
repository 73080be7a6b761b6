import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StoredItem } from '../contract/types.js';
import type { GrantedFiles } from './grantedFiles.js';

/** A recording as its stored files are named: measurements by content, tracks by id. */
interface StoredRecording {
  readonly recordingId: string;
  readonly inputSha256?: string;
}

interface Places {
  readonly cacheDir: string;
  readonly tracksDir: string;
  readonly files: GrantedFiles;
}

/** Files and folders of a folder whose names begin with one of these. */
async function beginning(folder: string, names: readonly (string | undefined)[]): Promise<string[]> {
  const starts = names.filter((name) => name !== undefined);
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((entry) => starts.some((start) => entry.startsWith(start))).map((e) => path.join(folder, e));
}

async function sizeOf(place: string): Promise<number> {
  const info = await stat(place).catch(() => undefined);
  if (!info?.isDirectory()) return info?.size ?? 0;
  const inside = await Promise.all((await readdir(place)).map((name) => sizeOf(path.join(place, name))));
  return inside.reduce((sum, size) => sum + size, 0);
}

async function placesOf({ recordingId, inputSha256 }: StoredRecording, { cacheDir, tracksDir }: Places) {
  return [
    ['Measurements of voice, face and picture', await beginning(cacheDir, [inputSha256])],
    ['Frame times, spectrograms and checksums', await beginning(tracksDir, [recordingId, inputSha256])],
  ] as const;
}

const placeItem = (known: boolean): StoredItem => ({
  what: 'Place of the recording on this computer',
  count: known ? 1 : 0,
});

/** What lies in the program's own folders about a recording. */
export async function storedFiles(recording: StoredRecording, places: Places): Promise<StoredItem[]> {
  const items: StoredItem[] = [];
  for (const [what, found] of await placesOf(recording, places)) {
    const sizes = await Promise.all(found.map(sizeOf));
    items.push({ what, count: found.length, bytes: sizes.reduce((sum, size) => sum + size, 0) });
  }
  return [...items, placeItem(places.files.lastPath(recording.recordingId) !== undefined)];
}

/** Deletes it. The recording itself, transcripts and written reports are the person's files and stay. */
export async function deleteStoredFiles(recording: StoredRecording, places: Places): Promise<StoredItem[]> {
  const before = await storedFiles(recording, places);
  for (const [, found] of await placesOf(recording, places)) {
    for (const file of found) await rm(file, { recursive: true, force: true }).catch(() => undefined);
  }
  await places.files.forget(recording.recordingId).catch(() => undefined);
  const left = await storedFiles(recording, places);
  return before.map((item, index) => ({ ...item, deleted: left[index]?.count === 0 }));
}
