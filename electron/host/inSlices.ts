/** Longest stretch of work between two looks at the signal, milliseconds. */
const SLICE_MS = 40;

/** How a piece of work is watched and stopped. */
export interface SliceOptions {
  readonly signal?: AbortSignal;
  /** Done share, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Runs work that pauses in small steps, so that a message to stop is heard and progress can be shown.
 * @param work yields its done share, 0 to 1, or nothing.
 * @throws the signal's reason when aborted.
 */
export async function inSlices<T>(
  work: Generator<number | undefined, T, void>,
  { signal, onProgress }: SliceOptions,
): Promise<T> {
  let sliceEnd = performance.now() + SLICE_MS;
  let done: number | undefined;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    done = step.value ?? done;
    if (performance.now() < sliceEnd) continue;
    if (done !== undefined) onProgress?.(done);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    sliceEnd = performance.now() + SLICE_MS;
  }
}
