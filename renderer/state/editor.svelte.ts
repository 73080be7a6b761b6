import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../core/document/assertDocumentInvariants.js';
import { History } from '../document/history.js';
import { Autosaver, type SaveState } from '../store/autosaver.js';
import type { RecordingStore } from '../store/recordingStore.js';

/** The document on screen: edits, undo, redo, and writing it down. */
export class Editor {
  document = $state.raw<AnnotationDocument>();
  saveState = $state<SaveState>('saved');
  undoTitle = $state<string>();
  redoTitle = $state<string>();
  private readonly history = new History<AnnotationDocument>();
  private readonly autosaver: Autosaver;

  private readonly say: (message: string) => void;

  constructor(store: RecordingStore, say: (message: string) => void) {
    this.say = say;
    this.autosaver = new Autosaver(
      (document) => store.saveDocument(document),
      (state) => (this.saveState = state),
    );
  }

  open(document: AnnotationDocument): void {
    this.history.clear();
    this.document = document;
    this.autosaver.schedule(document);
    this.readTitles();
  }

  /** An edit of the person: undoable, written. The same `mergeKey` in a row is one step of undo. */
  apply(title: string, next: AnnotationDocument, mergeKey?: string): void {
    const before = this.document;
    if (!before || before === next) return;
    this.history.record(title, before, next, mergeKey);
    this.put(next);
  }

  /** Takes over what a job found. Not an edit of the person, so it starts a new history. */
  replace(next: AnnotationDocument): void {
    this.history.clear();
    this.put(next);
  }

  undo(): void {
    const step = this.history.undo();
    if (!step) return;
    this.put(step.value);
    this.say(`Undone: ${step.title}`);
  }

  redo(): void {
    const step = this.history.redo();
    if (!step) return;
    this.put(step.value);
    this.say(`Redone: ${step.title}`);
  }

  /** Writes what is not written yet. */
  flush(): Promise<void> {
    return this.autosaver.flush();
  }

  private put(document: AnnotationDocument): void {
    // A violation is a bug in an edit: found by tests and during development, never thrown at a person's work.
    if (import.meta.env.DEV) assertDocumentInvariants(document);
    this.document = document;
    this.autosaver.schedule(document);
    this.readTitles();
  }

  private readTitles(): void {
    this.undoTitle = this.history.undoTitle;
    this.redoTitle = this.history.redoTitle;
  }
}
