import type { Problem } from './problem.js';

/** Each problem once, at its first place; the same trouble is often met by opening, perception and analysis alike. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const { code, severity, message, tip, modality, range } = problem;
    const key = JSON.stringify([code, severity, message, tip, modality, range?.start, range?.end]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}
