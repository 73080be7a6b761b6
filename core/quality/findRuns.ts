import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';

/** A run of rows or frames: indices [first, last] and the time that they cover. */
export interface Run {
  readonly first: number;
  readonly last: number;
  readonly range: TimeRange;
}

export interface RunRules {
  readonly count: number;
  /** Time that row `index` stands for. */
  readonly rangeOf: (index: number) => TimeRange;
  /** A run begins where this holds. */
  readonly enters: (index: number) => boolean;
  /** A run goes on while this holds; looser than `enters`, so that values around the threshold make one run. */
  readonly stays?: (index: number) => boolean;
  /** Interruptions up to this long do not end a run. */
  readonly bridge?: Microseconds;
  /** Shorter runs are left out. */
  readonly minimum?: Microseconds;
}

interface OpenRun {
  readonly first: number;
  last: number;
}

/** Finds runs with hysteresis, joins those with short interruptions, leaves out short ones; in order of time. */
export function findRuns(rules: RunRules): Run[] {
  const stays = rules.stays ?? rules.enters;
  const found: OpenRun[] = [];
  let open: OpenRun | undefined;
  for (let index = 0; index < rules.count; index += 1) {
    if (open ? stays(index) || rules.enters(index) : rules.enters(index)) {
      if (open) open.last = index;
      else found.push((open = { first: index, last: index }));
    } else {
      open = undefined;
    }
  }
  const joined: OpenRun[] = [];
  for (const run of found) {
    const previous = joined.at(-1);
    const gap = previous ? rules.rangeOf(run.first).start - rules.rangeOf(previous.last).end : Infinity;
    if (previous && gap <= (rules.bridge ?? 0)) previous.last = run.last;
    else joined.push(run);
  }
  return joined
    .map(({ first, last }): Run => {
      const start = rules.rangeOf(first).start;
      return { first, last, range: { start, end: microseconds(Math.max(start, rules.rangeOf(last).end)) } };
    })
    .filter(({ range }) => range.end - range.start >= Math.max(1, rules.minimum ?? 0));
}
