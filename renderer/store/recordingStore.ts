import type { PerceptionSummary } from '../../electron/contract/types.js';
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

  async saveDocument(document: AnnotationDocument): Promise<void> {
    await this.database.documents.put(document);
  }

  async savePerception(recordingId: string, summary: PerceptionSummary): Promise<void> {
    await this.database.perceptions.put({ recordingId, summary });
  }

  async saveAnalysis(analysis: StoredAnalysis): Promise<void> {
    await this.database.analyses.put(analysis);
  }

  async setting(key: string): Promise<string | undefined> {
    return (await this.database.settings.get(key))?.value;
  }

  async saveSetting(key: string, value: string): Promise<void> {
    await this.database.settings.put({ key, value });
  }
}
