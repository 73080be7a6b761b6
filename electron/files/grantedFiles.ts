import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { writeAtomically } from './writeAtomically.js';

const storeSchema = v.object({
  version: v.literal(1),
  files: v.record(v.string(), v.string()),
  /** SHA-256 of whole files; earlier versions kept none. */
  hashes: v.optional(v.record(v.string(), v.string())),
});

/**
 * The files that a person has opened through a dialog, by drop or as the sample, by recording id. Only these are ever
 * read for the page. The list is kept between sessions so that a recording can be opened again; a file is served to the
 * page only after it was opened in this session.
 */
export class GrantedFiles {
  readonly #storeFile: string;
  readonly #paths: Map<string, string>;
  readonly #hashes: Map<string, string>;
  readonly #open = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    storeFile: string,
    { files, hashes = {} }: Pick<v.InferOutput<typeof storeSchema>, 'files' | 'hashes'>,
  ) {
    this.#storeFile = storeFile;
    this.#paths = new Map(Object.entries(files));
    this.#hashes = new Map(Object.entries(hashes));
  }

  /** Reads the list of earlier sessions. A list that is absent or damaged is an empty one: files can be chosen again. */
  static async load(storeFile: string): Promise<GrantedFiles> {
    try {
      return new GrantedFiles(storeFile, v.parse(storeSchema, JSON.parse(await readFile(storeFile, 'utf8'))));
    } catch {
      return new GrantedFiles(storeFile, { files: {} });
    }
  }

  /** Notes that a person opened this file, for this session and later ones. */
  async grant(recordingId: string, path: string): Promise<void> {
    this.#open.add(recordingId);
    if (this.#paths.get(recordingId) === path) return;
    this.#paths.set(recordingId, path);
    await this.#write();
  }

  /** Notes where files lie for later sessions, without opening them now. */
  async remember(places: Iterable<readonly [id: string, path: string]>): Promise<void> {
    const fresh = [...places].filter(([id, path]) => this.#paths.get(id) !== path);
    for (const [id, path] of fresh) {
      this.#paths.set(id, path);
      // what was open lies elsewhere now; it is looked at again before it is served
      this.#open.delete(id);
    }
    if (fresh.length > 0) await this.#write();
  }

  /** Removes a recording from the list; it has to be opened again to be read. */
  async forget(recordingId: string): Promise<void> {
    this.#open.delete(recordingId);
    const [place, hash] = [this.#paths.delete(recordingId), this.#hashes.delete(recordingId)];
    if (place || hash) await this.#write();
  }

  async #write(): Promise<void> {
    const [files, hashes] = [Object.fromEntries(this.#paths), Object.fromEntries(this.#hashes)];
    const text = `${JSON.stringify({ version: 1, files, hashes }, null, 2)}\n`;
    this.#writing = this.#writing.catch(() => undefined).then(() => writeAtomically(this.#storeFile, text));
    await this.#writing;
  }

  /** Notes SHA-256 of whole files. The first one stays: work was made on it, and a file with another is not the same. */
  async noteHashes(media: readonly { readonly mediaId: string; readonly sha256?: string }[]): Promise<void> {
    let fresh = false;
    for (const { mediaId, sha256 } of media) {
      if (sha256 === undefined || this.#hashes.has(mediaId)) continue;
      this.#hashes.set(mediaId, sha256);
      fresh = true;
    }
    if (fresh) await this.#write();
  }

  /** What is known of all files. */
  known(): { readonly mediaId: string; readonly path?: string; readonly sha256?: string }[] {
    return [...new Set([...this.#paths.keys(), ...this.#hashes.keys()])].map((mediaId) => {
      const [path, sha256] = [this.#paths.get(mediaId), this.#hashes.get(mediaId)];
      return { mediaId, ...(path === undefined ? {} : { path }), ...(sha256 === undefined ? {} : { sha256 }) };
    });
  }

  /** SHA-256 that the whole file has, where it is known. */
  hashOf(recordingId: string): string | undefined {
    return this.#hashes.get(recordingId);
  }

  /** Path of a recording that was opened in this session. */
  openPath(recordingId: string): string | undefined {
    return this.#open.has(recordingId) ? this.#paths.get(recordingId) : undefined;
  }

  /** Path under which a recording was opened last, in this session or an earlier one. */
  lastPath(recordingId: string): string | undefined {
    return this.#paths.get(recordingId);
  }
}
