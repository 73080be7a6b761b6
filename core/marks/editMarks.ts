/** Pure edits of the list of marks. Every function returns a new list in order of start; the old one stays as it was. */
import { formatHms } from '../time/format.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { clampRange } from '../time/ranges.js';
import type { CorruptionMark, MarkReview } from './mark.js';

/** What a person gives for a new mark; the rest follows. */
export type NewMark = Pick<CorruptionMark, 'modality' | 'range' | 'kind' | 'severity'> & { readonly note?: string };

/** What a person can change of a mark besides its range and review. */
export type MarkChange = Partial<Pick<CorruptionMark, 'modality' | 'kind' | 'severity' | 'note'>>;

function ordered(marks: readonly CorruptionMark[]): CorruptionMark[] {
  return [...marks].sort(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.id < b.id ? -1 : 1),
  );
}

function requireMark(marks: readonly CorruptionMark[], id: string): CorruptionMark {
  const found = marks.find((mark) => mark.id === id);
  if (!found) throw new RangeError(`no mark ${id}`);
  return found;
}

function replace(marks: readonly CorruptionMark[], changed: CorruptionMark): CorruptionMark[] {
  return ordered(marks.map((mark) => (mark.id === changed.id ? changed : mark)));
}

/** The part of a range inside the recording. @throws RangeError when nothing of it is. */
function insideRecording(range: TimeRange, duration: Microseconds): TimeRange {
  const inside = clampRange(range, { start: microseconds(0), end: duration });
  if (!inside) {
    throw new RangeError(`${formatHms(range.start)} to ${formatHms(range.end)} holds no time of the recording`);
  }
  return inside;
}

function freeId(marks: readonly CorruptionMark[], modality: string): string {
  const taken = new Set(marks.map((mark) => mark.id));
  for (let number = marks.length + 1; ; number += 1) {
    const id = `human-${modality}-${String(number).padStart(4, '0')}`;
    if (!taken.has(id)) return id;
  }
}

/**
 * Adds a person's mark, cut to the recording.
 * @throws RangeError when nothing of its range lies in the recording.
 */
export function addMark(
  marks: readonly CorruptionMark[],
  added: NewMark,
  duration: Microseconds,
): { marks: CorruptionMark[]; mark: CorruptionMark } {
  const { modality, kind, severity, note = '' } = added;
  const range = insideRecording(added.range, duration);
  const id = freeId(marks, modality);
  const mark: CorruptionMark = { id, modality, range, kind, severity, source: 'human', review: 'confirmed', note };
  return { marks: ordered([...marks, mark]), mark };
}

/** Removes a mark. @throws RangeError when there is none of this id. */
export function removeMark(marks: readonly CorruptionMark[], id: string): CorruptionMark[] {
  requireMark(marks, id);
  return marks.filter((mark) => mark.id !== id);
}

/**
 * Moves the boundaries of a mark, cut to the recording. A proposal that a person changes is confirmed by that.
 * @throws RangeError when there is no such mark or nothing of the range lies in the recording.
 */
export function resizeMark(
  marks: readonly CorruptionMark[],
  id: string,
  range: TimeRange,
  duration: Microseconds,
): CorruptionMark[] {
  return replace(marks, {
    ...requireMark(marks, id),
    range: insideRecording(range, duration),
    review: 'confirmed',
  });
}

/** Changes kind, severity, modality or note. A proposal that a person changes is confirmed by that. */
export function changeMark(marks: readonly CorruptionMark[], id: string, change: MarkChange): CorruptionMark[] {
  return replace(marks, { ...requireMark(marks, id), ...change, review: 'confirmed' });
}

/**
 * Confirms, rejects or reopens a proposal.
 * @throws RangeError when there is no such mark, or when a human mark is to be anything but confirmed.
 */
export function setReview(marks: readonly CorruptionMark[], id: string, review: MarkReview): CorruptionMark[] {
  const mark = requireMark(marks, id);
  if (mark.source === 'human' && review !== 'confirmed') {
    throw new RangeError(`mark ${id} was made by a person; remove it instead of setting it to ${review}`);
  }
  return replace(marks, { ...mark, review });
}

/**
 * Puts new proposals in place of the old ones and keeps what people decided: human marks stay, and so does every
 * proposal that was confirmed or rejected; a new proposal of the same kind that overlaps a decided one is left out.
 */
export function mergeProposals(
  marks: readonly CorruptionMark[],
  proposals: readonly CorruptionMark[],
): CorruptionMark[] {
  const decided = marks.filter((mark) => mark.source === 'human' || mark.review !== 'proposed');
  const automatic = decided.filter((mark) => mark.source === 'auto');
  const fresh = proposals.filter(
    (proposal) =>
      !automatic.some(
        (mark) =>
          mark.id === proposal.id ||
          (mark.modality === proposal.modality &&
            mark.kind === proposal.kind &&
            mark.range.start < proposal.range.end &&
            proposal.range.start < mark.range.end),
      ),
  );
  return ordered([...decided, ...fresh]);
}
