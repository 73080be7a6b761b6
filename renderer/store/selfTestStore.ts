import type { LacunaDatabase, StoredSelfTest } from './database.js';

/** Reads and writes self-tests, one per recording. Rejects with the database's error when the disk refuses. */
export class SelfTestStore {
  private readonly database: LacunaDatabase;

  constructor(database: LacunaDatabase) {
    this.database = database;
  }

  async load(recordingId: string): Promise<StoredSelfTest | undefined> {
    return this.database.selfTests.get(recordingId);
  }

  async save(record: StoredSelfTest): Promise<void> {
    await this.database.selfTests.put(record);
  }
}
