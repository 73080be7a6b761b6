/** Notes and flags of segments and annotations, from tiers of their own to what they are about. */
import type { AnnotationDocument } from '../../document/annotationDocument.js';
import type { Segment } from '../../segments/segment.js';
import type { AnnotationSet } from '../annotationSet.js';
import type { ImportChoices } from '../importChoices.js';
import type { ReadingReport } from '../reading.js';
import { itemsOf, oneLine, tellItem, tiersAs } from './chosenItems.js';
import { matchSegments } from './matchSegments.js';

/** Longest note that is kept, characters. */
export const MAX_NOTE = 5_000;

/** What stands on a tier of flags. */
export const FLAG_TEXT = 'flagged';

/** What can be remarked on. */
interface Remarked {
  readonly note?: string;
  readonly flagged?: true;
}

/** The same thing with a note and a flag more; a note that is there stays, another one is put below it. */
export function remarked<T extends Remarked>(thing: T, note: string | undefined, isFlagged: boolean): T {
  const text = note?.trim().slice(0, MAX_NOTE) ?? '';
  const old = thing.note ?? '';
  const says = text === '' || old.split('\n').includes(text) || old === text;
  const joined = old === '' ? text : `${old}\n${text}`.slice(0, MAX_NOTE);
  if (says && (!isFlagged || thing.flagged === true)) return thing;
  return { ...thing, ...(says ? {} : { note: joined }), ...(isFlagged ? { flagged: true as const } : {}) };
}

/** Segments that are still what they were, the same id with the same times, keep their note and flag. */
function withEarlier(segments: readonly Segment[], before: readonly Segment[]): readonly Segment[] {
  if (segments === before) return segments;
  const known = new Map(before.map((segment) => [segment.id, segment]));
  return segments.map((segment) => {
    const old = known.get(segment.id);
    const same = old?.range.start === segment.range.start && old.range.end === segment.range.end;
    return old && same ? remarked(segment, old.note, old.flagged === true) : segment;
  });
}

/**
 * Segments with the notes and flags that a file has for them; the same array when nothing changes. Those that belong to
 * no segment are told.
 * @param segments of the import, in order of start.
 */
export function planSegmentRemarks(
  set: AnnotationSet,
  choices: ImportChoices,
  document: AnnotationDocument,
  segments: readonly Segment[],
  report: ReadingReport,
): readonly Segment[] {
  const found = (role: 'segment notes' | 'segment flags') => {
    const items = itemsOf(tiersAs(set, choices, role).map(({ tier }) => tier));
    const { bySegment, unused } = matchSegments(segments, items);
    for (const item of unused) {
      const what = `"${oneLine(item.value).slice(0, 40)}" covers half of no segment; not taken.`;
      tellItem(report, item, 'warning', 'no_segment', what, 'Notes and flags belong to whole segments.');
    }
    return bySegment;
  };
  const [notes, flags] = [found('segment notes'), found('segment flags')];
  const next = withEarlier(
    segments.map((segment) => remarked(segment, notes.get(segment)?.value, flags.has(segment))),
    document.segments,
  );
  return next.every((segment, index) => segment === segments[index]) ? segments : next;
}

/** Notes and flags of annotations on tiers, taken one after the other where several have the same times. */
export class TierRemarks {
  readonly #notes = new Map<string, string[]>();
  readonly #flags = new Map<string, number>();

  constructor(set: AnnotationSet, choices: ImportChoices) {
    for (const { tier, choice } of tiersAs(set, choices, 'tier notes')) {
      for (const { range, value } of tier.items) {
        const key = keyOf(choice.name, choice.raterId, range);
        this.#notes.set(key, [...(this.#notes.get(key) ?? []), value]);
      }
    }
    for (const { tier, choice } of tiersAs(set, choices, 'tier flags')) {
      for (const { range } of tier.items) {
        const key = keyOf(choice.name, choice.raterId, range);
        this.#flags.set(key, (this.#flags.get(key) ?? 0) + 1);
      }
    }
  }

  /** Takes what is said of the next annotation of these times. */
  take(name: string, raterId: string, range: { readonly start: number; readonly end: number }) {
    const key = keyOf(name, raterId, range);
    const flags = this.#flags.get(key) ?? 0;
    if (flags > 0) this.#flags.set(key, flags - 1);
    return { note: this.#notes.get(key)?.shift(), isFlagged: flags > 0 };
  }
}

const keyOf = (name: string, raterId: string, { start, end }: { readonly start: number; readonly end: number }) =>
  JSON.stringify([name, raterId, start, end]);
