import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Large values that the page hands over in parts, so that neither it nor main ever copies one whole. Each is a file in a
 * folder of its own until the page is done with it; what an earlier session left is removed at the start.
 */
export class Handovers {
  readonly #folder: string;
  readonly #files = new Map<string, string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Handovers> {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return new Handovers(folder);
  }

  /** Begins a value and answers with its id. */
  async begin(): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const id = `handover-${randomUUID()}`;
    this.#files.set(id, path.join(this.#folder, `${id}.json`));
    return id;
  }

  /**
   * Adds a part to the end.
   * @throws Error for an id that was not given or that has ended.
   */
  async add(id: string, bytes: Uint8Array): Promise<void> {
    await appendFile(this.fileOf(id), bytes);
  }

  /** The file with all parts. */
  fileOf(id: string): string {
    const file = this.#files.get(id);
    if (file === undefined) throw new Error('There is nothing handed over under this id.');
    return file;
  }

  /** Removes it. */
  async end(id: string): Promise<void> {
    const file = this.#files.get(id);
    this.#files.delete(id);
    if (file !== undefined) await rm(file, { force: true });
  }
}
