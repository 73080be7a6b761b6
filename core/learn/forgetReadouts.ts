/**
 * Takes learned read-outs out of what is kept. A read-out holds weights that were fitted to people's recordings, so it goes
 * when one of those recordings is deleted.
 */
import type { LearnedReadout } from './learnedReadout.js';

/** Whether one of the recordings took part; a read-out that does not say what it was learned from counts as if. */
export function isLearnedFrom({ from }: Pick<LearnedReadout, 'from'>, recordingIds: ReadonlySet<string>): boolean {
  return from.recordingIds === undefined || from.recordingIds.some((id) => recordingIds.has(id));
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Read-outs, by `parameters.learned`, and what they said of a segment, by `learned` of its result, share a name. */
const isReadout = (value: unknown): value is LearnedReadout =>
  typeof value === 'object' && value !== null && 'from' in value && 'id' in value;
const isEstimate = (value: unknown): value is { readonly readout: string } =>
  typeof value === 'object' && value !== null && 'readout' in value;

/** Ids of the read-outs in a value of plain objects and lists that were learned from one of the recordings. */
export function readoutsLearnedFrom(value: unknown, recordingIds: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(look);
    if (typeof at !== 'object' || at === null || !isPlain(at)) return;
    for (const [name, part] of Object.entries(at)) {
      if (name !== 'learned') look(part);
      else if (isReadout(part) && isLearnedFrom(part, recordingIds)) found.add(part.id);
    }
  };
  look(value);
  return found;
}

/** A value without these read-outs and without what they said; the same value where there is nothing of them. */
export function withoutReadouts<T>(value: T, ids: ReadonlySet<string>): T {
  const forgotten = (part: unknown): boolean =>
    (isReadout(part) && ids.has(part.id)) || (isEstimate(part) && ids.has(part.readout));
  const clean = (at: unknown): unknown => {
    if (Array.isArray(at)) {
      const next = at.map(clean);
      return next.some((part, index) => part !== at[index]) ? next : at;
    }
    if (typeof at !== 'object' || at === null || !isPlain(at)) return at;
    const before = Object.entries(at);
    const after = before
      .filter(([name, part]) => name !== 'learned' || !forgotten(part))
      .map(([name, part]) => [name, clean(part)] as const);
    const same = after.length === before.length && after.every(([name, part]) => part === (at as never)[name]);
    return same ? at : Object.fromEntries(after);
  };
  return clean(value) as T;
}
