import { ProjectEditError, addRecordings } from '../../core/project/editProject.js';
import { emptyProject, type Project } from '../../core/project/project.js';
import type { CallArgument } from '../../electron/contract/contract.js';
import { utcNow } from '../document/now.js';
import { newProjectId, type StoredProject } from '../store/database.js';
import { storageWords } from '../store/storageWords.js';
import type { ProjectStore } from '../store/projectStore.js';

/** Who, when and under which conditions, as a report takes it. */
type ReportContext = Pick<CallArgument<'job/export'>, 'participant' | 'session' | 'conditions'>;

interface ProjectEdit {
  readonly title: string;
  readonly before: Project;
}

/** The projects of this computer and the one on screen, with its edits. Edits of documents are the editor's. */
export class Projects {
  /** Latest opened first. */
  list = $state.raw<readonly StoredProject[]>([]);
  stored = $state.raw<StoredProject>();
  readonly current: Project | undefined = $derived(this.stored?.project);
  /** Something was edited since the project was saved to its file. */
  unsaved = $state(false);
  /** Recording whose details are asked for; the one on screen when absent. */
  detailsOf = $state<string>();
  /** Participant whose data are to be deleted. */
  participantToDelete = $state<string>();
  /** Why the project on screen cannot be changed; a file of a newer version, for example. */
  readOnly = $state<string>();
  private past = $state.raw<readonly ProjectEdit[]>([]);
  private future = $state.raw<readonly ProjectEdit[]>([]);
  readonly undoTitle: string | undefined = $derived(this.past.at(-1)?.title);
  readonly redoTitle: string | undefined = $derived(this.future.at(-1)?.title);

  private readonly store: ProjectStore;
  private readonly onSwitched: () => Promise<void>;

  constructor(store: ProjectStore, onSwitched: () => Promise<void>) {
    this.store = store;
    this.onSwitched = onSwitched;
  }

  async start(): Promise<void> {
    this.stored = await this.store.current();
    this.unsaved = await this.store.isEdited(this.stored);
    this.list = await this.store.list();
  }

  /** Puts another project on screen. */
  async open(stored: StoredProject, readOnly?: string): Promise<void> {
    await this.onSwitched();
    this.readOnly = readOnly;
    this.past = [];
    this.future = [];
    if (readOnly === undefined) {
      this.stored = { ...stored, lastOpenedUtc: utcNow() };
      await this.store.open(this.stored);
      this.unsaved = await this.store.isEdited(this.stored);
      this.list = await this.store.list();
    } else this.stored = stored;
  }

  async create(typedName: string): Promise<void> {
    const name = typedName.trim();
    if (name === '') throw new ProjectEditError('Give the project a name.');
    const project = emptyProject(newProjectId(), name.slice(0, 200), utcNow());
    await this.open({ id: project.id, project, lastOpenedUtc: utcNow() });
  }

  /** An edit of the person; it can be undone while the project is on screen. */
  async apply(title: string, edit: (project: Project) => Project): Promise<void> {
    const before = this.current;
    if (!before) return;
    if (this.readOnly !== undefined) throw new ProjectEditError(this.readOnly);
    const after = edit(before);
    if (after === before) return;
    this.past = [...this.past, { title, before }];
    this.future = [];
    await this.write(after);
  }

  async undo(): Promise<void> {
    const edit = this.past.at(-1);
    if (!edit || !this.current) return;
    this.past = this.past.slice(0, -1);
    this.future = [...this.future, { title: edit.title, before: this.current }];
    await this.write(edit.before);
  }

  async redo(): Promise<void> {
    const edit = this.future.at(-1);
    if (!edit || !this.current) return;
    this.future = this.future.slice(0, -1);
    this.past = [...this.past, { title: edit.title, before: this.current }];
    await this.write(edit.before);
  }

  /** Takes opened recordings in. Opening is no edit, so undo does not take them out again. */
  async addOpened(recordingIds: readonly string[]): Promise<void> {
    if (!this.current || this.readOnly !== undefined) return;
    const add = (project: Project) => addRecordings(project, recordingIds);
    this.past = this.past.map((edit) => ({ ...edit, before: add(edit.before) }));
    this.future = this.future.map((edit) => ({ ...edit, before: add(edit.before) }));
    await this.write(add(this.current));
  }

  /** Changes every project, for what cannot be undone: a deletion. */
  async changeAll(change: (project: Project) => Project): Promise<void> {
    await this.store.changeAll(change);
    this.past = [];
    this.future = [];
    const { stored } = this;
    if (stored) this.stored = (await this.store.get(stored.id)) ?? stored;
    this.list = await this.store.list();
  }

  /** What a report says of a recording beside its own content. */
  reportOf(recordingId: string): ReportContext {
    const known = this.current?.recordings.find((item) => item.recordingId === recordingId);
    if (!known) return {};
    const { participantId, sessionId, conditions } = known;
    return {
      ...(participantId === undefined ? {} : { participant: participantId }),
      ...(sessionId === undefined ? {} : { session: sessionId }),
      ...(Object.keys(conditions).length === 0 ? {} : { conditions: { ...conditions } }),
    };
  }

  /** Notes that the work of a recording was changed. */
  noteEdit(): void {
    if (this.readOnly === undefined) this.unsaved = true;
  }

  /** Notes the file that the project on screen lies in. */
  async noteFile(fileName: string, fileHash: string): Promise<void> {
    if (!this.stored || this.readOnly !== undefined) return;
    this.stored = { ...this.stored, fileName, fileHash, savedUtc: utcNow() };
    this.unsaved = false;
    await this.store.save(this.stored);
    this.list = await this.store.list();
  }

  private async write(project: Project): Promise<void> {
    if (!this.stored || project === this.current) return;
    const before = this.stored;
    this.stored = { ...before, project, editedUtc: utcNow() };
    try {
      await this.store.save(this.stored);
    } catch (error) {
      this.stored = before;
      throw new Error(storageWords(error), { cause: error });
    }
    this.unsaved = true;
    this.list = await this.store.list();
  }
}
