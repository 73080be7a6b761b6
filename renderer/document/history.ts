/** One undoable edit: the value before and after it. */
interface Entry<T> {
  readonly title: string;
  readonly before: T;
  readonly after: T;
  /** Edits with the same key in a row become one, for typing. */
  readonly mergeKey: string | undefined;
}

/** Longest undo history, entries. */
const LIMIT = 500;

/** Undo and redo over immutable values. Knows nothing of what the values are. */
export class History<T> {
  private readonly done: Entry<T>[] = [];
  private readonly undone: Entry<T>[] = [];

  record(title: string, before: T, after: T, mergeKey?: string): void {
    this.undone.length = 0;
    const last = this.done.at(-1);
    if (last && mergeKey !== undefined && last.mergeKey === mergeKey) {
      this.done[this.done.length - 1] = { ...last, after };
      return;
    }
    this.done.push({ title, before, after, mergeKey });
    if (this.done.length > LIMIT) this.done.shift();
  }

  /** Title of the edit that undo would take back. */
  get undoTitle(): string | undefined {
    return this.done.at(-1)?.title;
  }

  get redoTitle(): string | undefined {
    return this.undone.at(-1)?.title;
  }

  /** The value before the last edit; undefined when there is nothing to undo. */
  undo(): { readonly title: string; readonly value: T } | undefined {
    const entry = this.done.pop();
    if (!entry) return undefined;
    this.undone.push(entry);
    return { title: entry.title, value: entry.before };
  }

  redo(): { readonly title: string; readonly value: T } | undefined {
    const entry = this.undone.pop();
    if (!entry) return undefined;
    this.done.push(entry);
    return { title: entry.title, value: entry.after };
  }

  clear(): void {
    this.done.length = 0;
    this.undone.length = 0;
  }
}
