import type { Project } from '../../core/project/project.js';
import { firstProject, type LacunaDatabase, type StoredProject } from './database.js';

/** Setting that holds the id of the project on screen. */
const CURRENT = 'currentProject';

/** Reads and writes projects. Rejects with the database's error when the disk refuses. */
export class ProjectStore {
  private readonly database: LacunaDatabase;

  constructor(database: LacunaDatabase) {
    this.database = database;
  }

  /** Latest opened first. */
  async list(): Promise<readonly StoredProject[]> {
    return this.database.projects.orderBy('lastOpenedUtc').reverse().toArray();
  }

  /** The project that was on screen last; the first one is made where there is none. */
  async current(): Promise<StoredProject> {
    const { projects, settings } = this.database;
    return this.database.transaction('rw', projects, settings, async () => {
      const id = (await settings.get(CURRENT))?.value;
      const kept = id === undefined ? undefined : await projects.get(id);
      const latest = kept ?? (await projects.orderBy('lastOpenedUtc').last());
      if (latest) return latest;
      const made = firstProject([]);
      await projects.put(made);
      return made;
    });
  }

  /** Notes that a project is on screen now. */
  async open(stored: StoredProject): Promise<void> {
    const { projects, settings } = this.database;
    await this.database.transaction('rw', projects, settings, async () => {
      await projects.put(stored);
      await settings.put({ key: CURRENT, value: stored.id });
    });
  }

  async save(stored: StoredProject): Promise<void> {
    await this.database.projects.put(stored);
  }

  async get(id: string): Promise<StoredProject | undefined> {
    return this.database.projects.get(id);
  }

  /** Whether something of a project was edited after it was saved to its file. */
  async isEdited({ project, savedUtc, editedUtc }: StoredProject): Promise<boolean> {
    if (savedUtc === undefined) return false;
    if (editedUtc !== undefined && editedUtc > savedUtc) return true;
    const ids = new Set(project.recordings.map((item) => item.recordingId));
    const later = this.database.edits.where('madeUtc').above(savedUtc);
    return (await later.filter((edit) => ids.has(edit.recordingId)).count()) > 0;
  }

  /** Changes every project at once, for what concerns a recording wherever it is listed. */
  async changeAll(change: (project: Project) => Project): Promise<void> {
    await this.database.projects.toCollection().modify((stored, entry) => {
      entry.value = { ...stored, project: change(stored.project) };
    });
  }
}
