import type { Table } from 'dexie';
import { analysisFingerprint } from '../../core/document/analysisFingerprint.js';
import { isLearnedFrom, readoutsLearnedFrom, withoutReadouts } from '../../core/learn/forgetReadouts.js';
import type { LearnedReadout } from '../../core/learn/learnedReadout.js';
import type { StoredItem } from '../../electron/contract/types.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { LacunaDatabase, StoredAnalysis, StoredEdit, StoredSelfTest } from './database.js';

/** Setting that holds the read-out that was learned last. */
const LEARNED = 'learnedReadout';
/** How a list of what is kept names it. */
export const LEARNED_ITEM = 'Learned read-out';

/** What was taken out together with a recording. */
interface Forgotten {
  readonly items: readonly StoredItem[];
  /** Recordings that used such a read-out and go on without it. */
  readonly recordingIds: readonly string[];
}

/** Keeps the read-out that was learned last, and takes read-outs out of everything that holds a copy. */
export class LearnedStore {
  private readonly database: LacunaDatabase;

  constructor(database: LacunaDatabase) {
    this.database = database;
  }

  /** Undefined where none was learned, or where the text is damaged. */
  async last(): Promise<LearnedReadout | undefined> {
    const kept = await this.database.settings.get(LEARNED);
    if (kept === undefined) return undefined;
    try {
      return JSON.parse(kept.value) as LearnedReadout;
    } catch {
      return undefined;
    }
  }

  async save(readout: LearnedReadout): Promise<void> {
    await this.database.settings.put({ key: LEARNED, value: JSON.stringify(readout) });
  }

  /** How many read-outs were learned from a recording, wherever they are kept. */
  async learnedFrom(recordingId: string): Promise<readonly StoredItem[]> {
    return [{ what: LEARNED_ITEM, count: (await this.idsOf(new Set([recordingId]))).size }];
  }

  /**
   * Takes every read-out that a recording took part in out of the settings and, with what it said, out of documents, results
   * and edits, in one transaction. Documents that used it go on without: it is switched off in them.
   */
  async forget(recordingId: string): Promise<Forgotten> {
    const gone = new Set([recordingId]);
    const { settings, documents, analyses, selfTests, edits } = this.database;
    const changed = new Set<string>();
    const count = await this.database.transaction('rw', [settings, documents, analyses, selfTests, edits], async () => {
      const ids = await this.idsOf(gone);
      if (ids.size === 0) return 0;
      const last = await this.last();
      if (!last || ids.has(last.id)) await settings.delete(LEARNED);
      const fingerprints = new Map<string, { readonly before: string; readonly after: string }>();
      await rewrite(documents, (document: AnnotationDocument) => {
        const next = withoutReadouts(document, ids);
        if (next === document) return document;
        changed.add(document.recordingId);
        fingerprints.set(document.recordingId, {
          before: analysisFingerprint(document),
          after: analysisFingerprint(next),
        });
        return next;
      });
      // without the read-out the model's own results stay what a run without it gives
      const results = <T extends { readonly recordingId: string; readonly fingerprint: string }>(row: T): T => {
        const next = withoutReadouts(row, ids);
        if (next !== row) changed.add(row.recordingId);
        const own = fingerprints.get(row.recordingId);
        return own?.before === row.fingerprint ? { ...next, fingerprint: own.after } : next;
      };
      await rewrite<StoredAnalysis>(analyses, results);
      await rewrite<StoredSelfTest>(selfTests, results);
      await rewrite(edits, (row: StoredEdit) => {
        const next = withoutReadouts(row, ids);
        if (next !== row) changed.add(row.recordingId);
        return next;
      });
      return ids.size;
    });
    const left = (await this.idsOf(gone)).size;
    const used = [...changed].filter((id) => id !== recordingId).sort();
    return {
      recordingIds: used,
      items: [
        { what: LEARNED_ITEM, count, deleted: left === 0 },
        ...used.map((id) => ({ what: `Its use in recording ${id}`, count: 1, deleted: left === 0 })),
      ],
    };
  }

  private async idsOf(recordingIds: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const { documents, analyses, selfTests, edits } = this.database;
    const ids = new Set<string>();
    const last = await this.last();
    if (last && isLearnedFrom(last, recordingIds)) ids.add(last.id);
    for (const table of [documents, analyses, selfTests, edits] as readonly Table<unknown>[]) {
      await table.each((row) => {
        for (const id of readoutsLearnedFrom(row, recordingIds)) ids.add(id);
      });
    }
    return ids;
  }
}

/** Writes the rows anew that a change gives another object for. */
async function rewrite<T>(table: Table, change: (row: T) => T): Promise<void> {
  const rows = (await table.toArray()) as readonly T[];
  const changed = rows.map((row) => [row, change(row)] as const).filter(([row, next]) => row !== next);
  if (changed.length > 0) await table.bulkPut(changed.map(([, next]) => next));
}
