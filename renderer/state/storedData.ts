import type { LacunaBridge } from '../../electron/contract/contract.js';
import type { StoredItem } from '../../electron/contract/types.js';
import type { LearnedStore } from '../store/learnedStore.js';
import type { RecordingStore } from '../store/recordingStore.js';
import type { Workspace } from './workspace.svelte.js';

interface Parts {
  readonly bridge: LacunaBridge;
  readonly store: RecordingStore;
  readonly learned: LearnedStore;
  readonly workspace: Workspace;
}

/** What this computer keeps about recordings: rows of the database, files in the program's own folders. */
export class StoredData {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Everything that is kept about a recording. */
  async of(recordingId: string): Promise<readonly StoredItem[]> {
    const { bridge, store, learned } = this.parts;
    const files = await bridge.call('recording/stored', await this.argument(recordingId));
    return [...(await store.rowsOf(recordingId)), ...(await learned.learnedFrom(recordingId)), ...files];
  }

  /**
   * Deletes it, and closes the recording if it is on screen; what was there is answered. A read-out that was learned from it
   * goes along, and recordings that used one go on without.
   */
  async delete(recordingId: string): Promise<readonly StoredItem[]> {
    const { bridge, store, learned, workspace } = this.parts;
    const argument = await this.argument(recordingId);
    await workspace.flush();
    const forgotten = await learned.forget(recordingId);
    const rows = await store.deleteRecording(recordingId);
    const files = await bridge.call('recording/delete', argument);
    await workspace.afterDeletion(recordingId, forgotten.recordingIds);
    return [...rows, ...forgotten.items, ...files];
  }

  /** How main finds what it keeps about a recording. */
  private async argument(recordingId: string): Promise<{ recordingId: string; inputSha256?: string }> {
    const { perception } = await this.parts.store.load(recordingId);
    return perception === undefined ? { recordingId } : { recordingId, inputSha256: perception.inputSha256 };
  }
}
