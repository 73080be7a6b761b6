/** Finds the media of a project on the disk: where the file says, where they were last, or beside it. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { MediaState } from '../contract/types.js';
import { fingerprintFile } from '../media/fingerprint.js';

const MAX_DEPTH = 4;
const MAX_FILES = 20_000;

/** A media file to be found. */
export interface WantedMedia {
  /** By content, as of a recording. */
  readonly recordingId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
}

interface SeenFile {
  readonly path: string;
  readonly size: number;
}

/** Whether the file at a place is the wanted one; what differs where another one lies there. */
async function stateOf(place: string, { recordingId, sizeBytes }: WantedMedia): Promise<MediaState> {
  const info = await stat(place).catch(() => undefined);
  if (info?.isFile() !== true) return 'missing';
  if (info.size !== sizeBytes) return 'other size';
  const id = await fingerprintFile(place).catch(() => undefined);
  return id === undefined ? 'missing' : id === recordingId ? 'found' : 'other content';
}

/** Where media lie, and what is known of each of them. */
export interface LocatedMedia {
  readonly places: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, MediaState>;
}

/**
 * Looks for media at the places where they should be, then through a folder and those inside it. A file is recognised by
 * size and content, never by its name; what of another file differs at such a place, or under such a name, is told.
 * @param candidates places to look at first, by recording id, the best one first.
 */
export async function locateMedia(
  folder: string,
  wanted: readonly WantedMedia[],
  candidates: ReadonlyMap<string, readonly string[]> = new Map(),
  signal?: AbortSignal,
): Promise<LocatedMedia> {
  const places = new Map<string, string>();
  const states = new Map<string, MediaState>();
  for (const item of wanted) {
    for (const place of candidates.get(item.recordingId) ?? []) {
      signal?.throwIfAborted();
      const state = await stateOf(place, item);
      if (state === 'found') places.set(item.recordingId, place);
      states.set(item.recordingId, worseOf(states.get(item.recordingId), state));
      if (state === 'found') break;
    }
  }
  const left = wanted.filter((item) => !places.has(item.recordingId));
  if (left.length > 0) await searchFolder(folder, left, { places, states }, signal);
  for (const { recordingId } of wanted) states.set(recordingId, states.get(recordingId) ?? 'missing');
  return { places, states };
}

/** `found` ends the search; that another file lies there says more than that none does. */
function worseOf(before: MediaState | undefined, now: MediaState): MediaState {
  return now === 'found' || before === undefined || before === 'missing' ? now : before;
}

async function searchFolder(
  folder: string,
  wanted: readonly WantedMedia[],
  { places, states }: { readonly places: Map<string, string>; readonly states: Map<string, MediaState> },
  signal: AbortSignal | undefined,
): Promise<void> {
  const byId = new Map(wanted.map((item) => [item.recordingId, item]));
  const sizes = new Set(wanted.map((item) => item.sizeBytes));
  const byName = new Map<string, WantedMedia[]>();
  for (const item of wanted) byName.set(item.fileName, [...(byName.get(item.fileName) ?? []), item]);
  for await (const file of filesOf(folder)) {
    signal?.throwIfAborted();
    const id = sizes.has(file.size) ? await fingerprintFile(file.path).catch(() => undefined) : undefined;
    if (id !== undefined && byId.has(id) && !places.has(id)) {
      places.set(id, file.path);
      states.set(id, 'found');
    }
    for (const { recordingId, sizeBytes } of byName.get(path.basename(file.path)) ?? []) {
      if (recordingId === id || places.has(recordingId)) continue;
      const state = file.size === sizeBytes ? 'other content' : 'other size';
      states.set(recordingId, worseOf(states.get(recordingId), state));
    }
  }
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

/** Place of a file relative to a folder, with `/`; undefined where it does not lie inside. */
export function innerPath(folder: string, file: string): string | undefined {
  const relative = path.relative(folder, file);
  if (relative === '' || path.isAbsolute(relative)) return undefined;
  const steps = relative.split(path.sep);
  return steps.includes('..') || steps.some((step) => /[\\/:]/.test(step)) ? undefined : steps.join('/');
}
