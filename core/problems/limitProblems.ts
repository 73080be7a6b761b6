import type { Problem } from './problem.js';

/** A problem that belongs to one line of a file. */
export interface LineProblem {
  readonly line: number;
  readonly problem: Problem;
}

/**
 * Keeps long lists readable: of each code the first `limit` problems stay whole, the rest becomes one problem that
 * still names every line, so that nothing is skipped silently.
 */
export function limitProblems(problems: readonly LineProblem[], limit = 20): Problem[] {
  const byCode = new Map<string, LineProblem[]>();
  for (const entry of problems) {
    const list = byCode.get(entry.problem.code);
    if (list) list.push(entry);
    else byCode.set(entry.problem.code, [entry]);
  }
  return [...byCode.values()].flatMap((list) => {
    const kept = list.slice(0, limit).map((entry) => entry.problem);
    const rest = list.slice(limit);
    const [first] = rest;
    if (!first) return kept;
    const lines = rest.map((entry) => entry.line).join(', ');
    const { code, severity, tip } = first.problem;
    return [...kept, { code, severity, tip, message: `The same holds for ${rest.length} more, in lines ${lines}.` }];
  });
}
