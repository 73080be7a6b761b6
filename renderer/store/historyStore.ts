import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { HistoryEntry, KeptHistory } from '../document/history.js';
import type { LacunaDatabase } from './database.js';

/** A document with the edits that led to it; both are written in one step, so that they always fit. */
export interface Work {
  readonly recordingId: string;
  readonly document: AnnotationDocument;
  readonly history: KeptHistory;
}

/** What a session that was not closed left behind. */
export interface Recovered {
  readonly recordingId: string;
  /** Edits of that session that are kept, those undone not counted. */
  readonly editCount: number;
  readonly lastTitle: string;
  /** ISO 8601 UTC time of the last of them. */
  readonly lastUtc: string;
}

const SESSION = 'session';

/** Reads and writes documents with their edits. Rejects with the database's error when the disk refuses. */
export class HistoryStore {
  private readonly database: LacunaDatabase;
  /** The entries of each recording as they were last written; an entry is never changed, so identity tells. */
  private readonly written: Record<string, readonly HistoryEntry[]> = {};

  constructor(database: LacunaDatabase) {
    this.database = database;
  }

  async load(recordingId: string): Promise<KeptHistory> {
    const [rows, position] = await Promise.all([
      this.database.edits.where('recordingId').equals(recordingId).sortBy('seq'),
      this.database.histories.get(recordingId),
    ]);
    // a gap would shift every later entry: what lies behind it is not used
    const entries = rows.filter((row, index) => row.seq === index).map((row) => row.entry);
    this.written[recordingId] = entries;
    return { entries, done: Math.min(position?.done ?? 0, entries.length) };
  }

  /** Writes document and edits in one transaction: after a crash both are there or neither. */
  async save({ recordingId, document, history }: Work): Promise<void> {
    const { documents, edits, histories } = this.database;
    const before = this.written[recordingId] ?? [];
    const { entries } = history;
    const rows = entries.flatMap((entry, seq) =>
      entry === before[seq] ? [] : [{ recordingId, seq, madeUtc: entry.madeUtc, entry }],
    );
    await this.database.transaction('rw', documents, edits, histories, async () => {
      await documents.put(document);
      if (rows.length > 0) await edits.bulkPut(rows);
      const surplus = [recordingId, entries.length];
      if (before.length > entries.length)
        await edits.where('[recordingId+seq]').between(surplus, [recordingId, Infinity]).delete();
      await histories.put({ recordingId, done: history.done });
    });
    this.written[recordingId] = entries;
  }

  /** Notes that a session began; what one before it left without closing is answered, the latest work first. */
  async beginSession(nowUtc: string): Promise<readonly Recovered[]> {
    const before = await this.database.settings.get(SESSION);
    await this.database.settings.put({ key: SESSION, value: nowUtc });
    if (!before || before.value === '') return [];
    const rows = await this.database.edits.where('madeUtc').aboveOrEqual(before.value).sortBy('madeUtc');
    const done = new Map((await this.database.histories.toArray()).map((row) => [row.recordingId, row.done]));
    const found = new Map<string, Recovered>();
    for (const { recordingId, seq, madeUtc, entry } of rows) {
      if (seq >= (done.get(recordingId) ?? 0)) continue;
      const editCount = (found.get(recordingId)?.editCount ?? 0) + 1;
      found.set(recordingId, { recordingId, editCount, lastTitle: entry.title, lastUtc: madeUtc });
    }
    return [...found.values()].reverse();
  }

  /** Notes that everything is written and the window may go. */
  async endSession(): Promise<void> {
    await this.database.settings.put({ key: SESSION, value: '' });
  }
}
