export type SaveState = 'saved' | 'saving' | 'failed';

/** Longest time between an edit and its write, ms. Below the promise of one second. */
const SAVE_DELAY_MS = 300;

/**
 * Writes the latest work soon after an edit. Edits in quick succession become one write, but the clock starts with
 * the first of them, so that steady typing is written too.
 */
export class Autosaver<T extends { readonly recordingId: string }> {
  private pending: T | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> = Promise.resolve();

  private readonly write: (work: T) => Promise<void>;
  private readonly onState: (state: SaveState, error?: unknown) => void;

  constructor(write: (work: T) => Promise<void>, onState: (state: SaveState, error?: unknown) => void) {
    this.write = write;
    this.onState = onState;
  }

  schedule(work: T): void {
    if (this.pending && this.pending.recordingId !== work.recordingId) void this.flush();
    this.pending = work;
    this.onState('saving');
    this.timer ??= setTimeout(() => void this.flush(), SAVE_DELAY_MS);
  }

  /** Writes what is pending now; resolves when it is on disk or has failed (then the state says so). */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const work = this.pending;
    if (!work) return this.writing;
    this.pending = undefined;
    this.writing = this.writing
      .then(() => this.write(work))
      .then(
        () => {
          if (!this.pending) this.onState('saved');
        },
        (error: unknown) => {
          // kept, so that the next edit or flush tries again
          this.pending ??= work;
          this.onState('failed', error);
        },
      );
    return this.writing;
  }
}
