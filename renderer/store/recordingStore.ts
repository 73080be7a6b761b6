import type { Table } from 'dexie';
import type { PerceptionSummary, StoredItem } from '../../electron/contract/types.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { LacunaDatabase, RecordingEntry, StoredAnalysis } from './database.js';

/** Everything kept of one recording. */
export interface StoredRecording {
  readonly entry: RecordingEntry | undefined;
  readonly document: AnnotationDocument | undefined;
  readonly perception: PerceptionSummary | undefined;
  readonly analysis: StoredAnalysis | undefined;
}

/** Reads and writes recordings and their work. Rejects with the database's error when the disk refuses. */
export class RecordingStore {
  private readonly database: LacunaDatabase;

  constructor(database: LacunaDatabase) {
    this.database = database;
  }

  /** Latest opened first. */
  async list(): Promise<readonly RecordingEntry[]> {
    return this.database.recordings.orderBy('lastOpenedUtc').reverse().toArray();
  }

  async touch(entry: RecordingEntry): Promise<void> {
    await this.database.recordings.put(entry);
  }

  async load(recordingId: string): Promise<StoredRecording> {
    const { recordings, documents, perceptions, analyses } = this.database;
    const [entry, document, perception, analysis] = await Promise.all([
      recordings.get(recordingId),
      documents.get(recordingId),
      perceptions.get(recordingId),
      analyses.get(recordingId),
    ]);
    return { entry, document, perception: perception?.summary, analysis };
  }

  /** Document of a recording and whether it was analysed, without reading the analysis. */
  async glance(recordingId: string): Promise<{ readonly document?: AnnotationDocument; readonly analysed: boolean }> {
    const { documents, analyses } = this.database;
    const [document, analysed] = await Promise.all([
      documents.get(recordingId),
      analyses.where('recordingId').equals(recordingId).count(),
    ]);
    return document ? { document, analysed: analysed > 0 } : { analysed: analysed > 0 };
  }

  async saveDocument(document: AnnotationDocument): Promise<void> {
    await this.database.documents.put(document);
  }

  async savePerception(recordingId: string, summary: PerceptionSummary): Promise<void> {
    await this.database.perceptions.put({ recordingId, summary });
  }

  async saveAnalysis(analysis: StoredAnalysis): Promise<void> {
    await this.database.analyses.put(analysis);
  }

  /** How many rows each table holds about a recording. */
  async rowsOf(recordingId: string): Promise<readonly StoredItem[]> {
    return Promise.all(
      this.tablesOfRecordings().map(async ([what, table]) => ({
        what,
        count: await table.where('recordingId').equals(recordingId).count(),
      })),
    );
  }

  /** Deletes every row about a recording in one transaction. */
  async deleteRecording(recordingId: string): Promise<readonly StoredItem[]> {
    const before = await this.rowsOf(recordingId);
    const tables = this.tablesOfRecordings().map(([, table]) => table);
    await this.database.transaction('rw', tables, async () => {
      for (const table of tables) await table.where('recordingId').equals(recordingId).delete();
    });
    const left = await this.rowsOf(recordingId);
    return before.map((item, index) => ({ ...item, deleted: left[index]?.count === 0 }));
  }

  /** Tables that have rows about recordings, whatever version of the database added them. */
  private tablesOfRecordings(): (readonly [string, Table])[] {
    return this.database.tables
      .filter(({ schema }) => schema.primKey.name === 'recordingId' || 'recordingId' in schema.idxByName)
      .map((table) => [`Database table “${table.name}”`, table]);
  }

  async setting(key: string): Promise<string | undefined> {
    return (await this.database.settings.get(key))?.value;
  }

  async saveSetting(key: string, value: string): Promise<void> {
    await this.database.settings.put({ key, value });
  }
}
