/** Longest stretch of work before the page may do something else, milliseconds. */
const STEP_MS = 12;

/** Runs work that pauses often, and lets the page go on in between. */
export async function inSteps<T>(work: Generator<unknown, T, void>): Promise<T> {
  let end = performance.now() + STEP_MS;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    end = performance.now() + STEP_MS;
  }
}
