/** Runs work that pauses in steps to its end at once, where nobody waits for its progress. */
export function runNow<T>(work: Generator<unknown, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
