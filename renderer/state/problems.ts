import type { Problem } from '../../core/problems/problem.js';

/** Each problem once; the same trouble is often reported by opening, perception and analysis alike. */
export function distinctProblems(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(
    problems.map((problem) => [`${problem.code} ${problem.message} ${problem.range?.start ?? ''}`, problem]),
  );
  return [...seen.values()];
}
