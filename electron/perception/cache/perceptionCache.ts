/** Keeps perceptions on disk by content of the recording and version of the extractors, within a bounded size. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Perception } from '../../../core/perception/perception.js';
import type { Problem } from '../../../core/problems/problem.js';
import { decodePerception, encodePerception } from './perceptionCodec.js';

const ENDING = '.perception';
const TEMPORARY_ENDING = '.partial';
const DEFAULT_MAX_BYTES = 4 * 1024 ** 3;
/** A temporary file this old was left behind by a process that died. */
const STALE_MS = 24 * 3600 * 1000;

export interface PerceptionCacheOptions {
  /** Names and versions of everything that makes a perception; entries of other versions are not found. */
  readonly versions: readonly string[];
  /** Total size of all entries; the least recently used go first. Default 4 GiB. */
  readonly maxBytes?: number | undefined;
}

export interface CacheAnswer {
  readonly perception?: Perception;
  /** Set where an entry was there but could not be used. */
  readonly problem?: Problem;
}

export class PerceptionCache {
  private readonly folder: string;
  private readonly key: string;
  private readonly maxBytes: number;

  constructor(folder: string, options: PerceptionCacheOptions) {
    this.folder = folder;
    this.key = createHash('sha256').update(options.versions.join('\n')).digest('hex').slice(0, 16);
    this.maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  /** Looks up a recording by the SHA-256 of its content. A damaged entry is removed and reported, never used. */
  async read(sha256: string): Promise<CacheAnswer> {
    const file = this.fileOf(sha256);
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) return {};
    try {
      // A buffer of readFile may lie anywhere in a shared pool; the tracks need their own, aligned memory.
      const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
      const perception = decodePerception(aligned, this.entryKey(sha256));
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return { perception };
    } catch (error) {
      await rm(file, { force: true }).catch(() => undefined);
      return { problem: note('cache.damaged', `A stored measurement was not used: ${(error as Error).message}.`) };
    }
  }

  /**
   * Stores a perception, then removes the least recently used entries beyond the size limit. Failing to store costs time at the
   * next opening only, so it is answered as a Problem.
   */
  async write(perception: Perception): Promise<readonly Problem[]> {
    const temporary = join(this.folder, `${randomUUID()}${TEMPORARY_ENDING}`);
    try {
      await mkdir(this.folder, { recursive: true });
      const handle = await open(temporary, 'wx');
      try {
        for (const piece of encodePerception(perception, this.entryKey(perception.inputSha256))) {
          await handle.appendFile(piece);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.fileOf(perception.inputSha256));
      await this.prune();
      return [];
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      return [note('cache.not_written', `The measurements could not be stored: ${(error as Error).message}.`)];
    }
  }

  private fileOf(sha256: string): string {
    return join(this.folder, `${sha256}-${this.key}${ENDING}`);
  }

  private entryKey(sha256: string): string {
    return `${sha256}-${this.key}`;
  }

  private async prune(): Promise<void> {
    const names = await readdir(this.folder);
    const entries = await Promise.all(
      names
        .filter((name) => name.endsWith(ENDING) || name.endsWith(TEMPORARY_ENDING))
        .map(async (name) => {
          const file = join(this.folder, name);
          const info = await stat(file).catch(() => undefined);
          return { file, bytes: info?.size ?? 0, usedMs: info?.mtimeMs ?? 0 };
        }),
    );
    let total = 0;
    for (const entry of entries.sort((a, b) => b.usedMs - a.usedMs)) {
      const temporary = entry.file.endsWith(TEMPORARY_ENDING);
      if (!temporary) total += entry.bytes;
      const stale = temporary && Date.now() - entry.usedMs > STALE_MS;
      // Another process may have removed it first.
      if (stale || (!temporary && total > this.maxBytes)) await rm(entry.file, { force: true }).catch(() => undefined);
    }
  }
}

function note(code: string, message: string): Problem {
  return {
    code,
    severity: 'note',
    message,
    tip: 'Nothing is lost: the recording is measured again. Check the free space if it happens again.',
  };
}
