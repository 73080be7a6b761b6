import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../core/document/assertDocumentInvariants.js';
import { History, type KeptHistory } from '../document/history.js';
import { Autosaver, type SaveState } from '../store/autosaver.js';
import { storageWords } from '../store/storageWords.js';
import type { HistoryStore, Work } from '../store/historyStore.js';

const NOTHING_KEPT: KeptHistory = { entries: [], done: 0 };

/** The document on screen: edits, undo, redo, and writing it down. */
export class Editor {
  document = $state.raw<AnnotationDocument>();
  saveState = $state<SaveState>('saved');
  /** Why the latest edits could not be written; undefined while they can. */
  saveProblem = $state<string>();
  /** Why the document cannot be changed; it is then never written either. */
  readOnly = $state<string>();
  undoTitle = $state<string>();
  redoTitle = $state<string>();
  /** Called after every edit, undo and redo. */
  onEdit: () => void = () => undefined;
  private readonly history = new History();
  private readonly autosaver: Autosaver<Work>;

  private readonly store: HistoryStore;
  private readonly say: (message: string) => void;

  constructor(store: HistoryStore, say: (message: string) => void) {
    this.store = store;
    this.say = say;
    this.autosaver = new Autosaver(
      (work: Work) => store.save(work),
      (state, error) => {
        this.saveState = state;
        this.saveProblem = state === 'failed' ? storageWords(error) : undefined;
      },
    );
  }

  /** Puts a document on screen with the edits of earlier sessions. */
  async open(document: AnnotationDocument): Promise<void> {
    const kept: KeptHistory = this.readOnly === undefined ? await this.store.load(document.recordingId) : NOTHING_KEPT;
    this.history.restore(kept);
    this.show(document);
  }

  /** An edit of the person: undoable, written. The same `mergeKey` in a row is one step of undo. */
  apply(title: string, next: AnnotationDocument, mergeKey?: string): void {
    const before = this.document;
    if (!before || before === next) return;
    if (this.readOnly !== undefined) {
      this.say(this.readOnly);
      return;
    }
    this.history.record(title, before, next, mergeKey);
    this.show(next);
    this.onEdit();
  }

  /** Takes over what a job found. It can be undone where there is something to undo before it, else it is the start. */
  replace(next: AnnotationDocument): void {
    if (this.readOnly !== undefined) return;
    const before = this.document;
    if (before && this.history.undoTitle !== undefined) this.history.record('New proposals', before, next);
    else this.history.clear();
    this.show(next);
    this.onEdit();
  }

  undo(): void {
    this.step('Undone', (document) => this.history.undo(document));
  }

  redo(): void {
    this.step('Redone', (document) => this.history.redo(document));
  }

  /** Writes what is not written yet. */
  flush(): Promise<void> {
    return this.autosaver.flush();
  }

  private step(word: string, move: (document: AnnotationDocument) => ReturnType<History['undo']>): void {
    if (!this.document) return;
    try {
      const step = move(this.document);
      if (!step) return;
      this.show(step.document);
      this.onEdit();
      this.say(`${word}: ${step.title}`);
    } catch (error) {
      // edits of an earlier session that do not fit this document: it stays as it is, and a new history begins
      if (!(error instanceof RangeError)) throw error;
      this.history.clear();
      this.show(this.document);
      this.say('The earlier edits do not fit this document any more. It was left as it is.');
    }
  }

  private show(document: AnnotationDocument): void {
    // A violation is a bug in an edit: found by tests and during development, never thrown at a person's work.
    if (import.meta.env.DEV) assertDocumentInvariants(document);
    this.document = document;
    if (this.readOnly === undefined)
      this.autosaver.schedule({ recordingId: document.recordingId, document, history: this.history.kept() });
    this.undoTitle = this.history.undoTitle;
    this.redoTitle = this.history.redoTitle;
  }
}
