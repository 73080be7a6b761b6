import { diffDocuments } from '../../core/document/documentPatch.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { utcNow } from '../document/now.js';
import type { LacunaDatabase, RecordingEntry, StoredAnalysis, StoredProject } from './database.js';

/** What is to be taken over, all of it or nothing. */
export interface ProjectImport {
  readonly project: StoredProject;
  /** Recordings this computer does not list yet. */
  readonly entries: readonly RecordingEntry[];
  /** Documents as they will be, with what they were before. */
  readonly documents: readonly { readonly before?: AnnotationDocument; readonly after: AnnotationDocument }[];
  readonly analyses: readonly StoredAnalysis[];
}

/**
 * Writes a project that came from a file in one transaction: after a crash or a full disk all of it is there or nothing.
 * A document that changes gets one more step of undo under `title`.
 */
export async function importProject(database: LacunaDatabase, title: string, wanted: ProjectImport): Promise<void> {
  const { projects, recordings, documents, edits, histories, analyses } = database;
  const tables = [projects, recordings, documents, edits, histories, analyses];
  await database.transaction('rw', tables, async () => {
    await projects.put(wanted.project);
    await recordings.bulkPut([...wanted.entries]);
    await analyses.bulkPut([...wanted.analyses]);
    for (const { before, after } of wanted.documents) {
      await documents.put(after);
      if (!before) continue;
      const { recordingId } = after;
      const done = (await histories.get(recordingId))?.done ?? 0;
      // what was undone cannot be redone after this edit, as after any other
      await edits.where('[recordingId+seq]').between([recordingId, done], [recordingId, Infinity]).delete();
      const entry = { title, patch: diffDocuments(before, after), madeUtc: utcNow() };
      await edits.put({ recordingId, seq: done, madeUtc: entry.madeUtc, entry });
      await histories.put({ recordingId, done: done + 1 });
    }
  });
}
