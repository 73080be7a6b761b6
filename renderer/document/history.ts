import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { applyPatch, diffDocuments, type DocumentPatch, invertPatch } from '../../core/document/documentPatch.js';

/** One undoable edit. */
export interface HistoryEntry {
  readonly title: string;
  readonly patch: DocumentPatch;
  /** ISO 8601 UTC time of the edit. */
  readonly madeUtc: string;
  /** Edits with the same key in a row become one, for typing. */
  readonly mergeKey?: string;
}

/** All edits of a recording: the first `done` of them are in the document, the rest were undone. */
export interface KeptHistory {
  readonly entries: readonly HistoryEntry[];
  readonly done: number;
}

/** Undo and redo of document edits, without a limit. */
export class History {
  private entries: HistoryEntry[] = [];
  private done = 0;
  /** Whether the last entry may still take in edits with its key; not after undo, redo or a restart. */
  private open = false;

  /** Takes over a history of an earlier session. */
  restore(kept: KeptHistory): void {
    this.entries = [...kept.entries];
    this.done = Math.min(Math.max(0, kept.done), this.entries.length);
    this.open = false;
  }

  /** What to keep. The entries are never changed afterwards. */
  kept(): KeptHistory {
    return { entries: this.entries, done: this.done };
  }

  record(title: string, before: AnnotationDocument, after: AnnotationDocument, mergeKey?: string): void {
    const kept = this.entries.slice(0, this.done);
    const last = kept.at(-1);
    const madeUtc = new Date().toISOString();
    const key = mergeKey === undefined ? {} : { mergeKey };
    if (last && this.open && mergeKey !== undefined && last.mergeKey === mergeKey) {
      const first = applyPatch(before, invertPatch(last.patch));
      kept[kept.length - 1] = { title, patch: diffDocuments(first, after), madeUtc, ...key };
    } else kept.push({ title, patch: diffDocuments(before, after), madeUtc, ...key });
    this.entries = kept;
    this.done = kept.length;
    this.open = true;
  }

  /** Title of the edit that undo would take back. */
  get undoTitle(): string | undefined {
    return this.entries[this.done - 1]?.title;
  }

  get redoTitle(): string | undefined {
    return this.entries[this.done]?.title;
  }

  /** The document before the last edit; undefined when there is nothing to undo. */
  undo(document: AnnotationDocument): { readonly title: string; readonly document: AnnotationDocument } | undefined {
    const entry = this.entries[this.done - 1];
    if (!entry) return undefined;
    const before = applyPatch(document, invertPatch(entry.patch));
    this.done -= 1;
    this.open = false;
    return { title: entry.title, document: before };
  }

  redo(document: AnnotationDocument): { readonly title: string; readonly document: AnnotationDocument } | undefined {
    const entry = this.entries[this.done];
    if (!entry) return undefined;
    const after = applyPatch(document, entry.patch);
    this.done += 1;
    this.open = false;
    return { title: entry.title, document: after };
  }

  clear(): void {
    this.entries = [];
    this.done = 0;
    this.open = false;
  }
}
