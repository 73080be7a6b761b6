/** Edits of the marks of a document. Each gives a new document with the marks in order of start; the old one stays. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import type { Modality } from '../recording/modality.js';
import { formatHms } from '../time/format.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { clampRange, overlap } from '../time/ranges.js';
import { orderByStart } from '../time/orderByStart.js';
import type { CorruptionMark, MarkKind, MarkReview } from './mark.js';

/** What a person can change of a mark besides its review. */
export type MarkChange = Partial<Pick<CorruptionMark, 'range' | 'kind' | 'severity' | 'note'>>;

/** Kind that a new human mark starts with: what most often destroys the modality; the person refines it. */
const FIRST_KIND: Readonly<Record<Modality, MarkKind>> = { text: 'asr_error', audio: 'noisy', visual: 'occluded' };

function withMarks(document: AnnotationDocument, marks: readonly CorruptionMark[]): AnnotationDocument {
  return { ...document, marks: orderByStart(marks) };
}

function requireMark(document: AnnotationDocument, id: string): CorruptionMark {
  const found = document.marks.find((mark) => mark.id === id);
  if (!found) throw new RangeError(`no mark ${id}`);
  return found;
}

function replace(document: AnnotationDocument, changed: CorruptionMark): AnnotationDocument {
  return withMarks(
    document,
    document.marks.map((mark) => (mark.id === changed.id ? changed : mark)),
  );
}

/** The part of a range inside the recording. @throws RangeError when nothing of it is. */
function insideRecording(range: TimeRange, duration: Microseconds): TimeRange {
  const inside = clampRange(range, { start: microseconds(0), end: duration });
  if (!inside) {
    throw new RangeError(`${formatHms(range.start)} to ${formatHms(range.end)} holds no time of the recording`);
  }
  return inside;
}

/** The first of `name(1)`, `name(2)`, … that is not taken. */
function freeId(taken: ReadonlySet<string>, name: (number: number) => string): string {
  let number = 1;
  while (taken.has(name(number))) number += 1;
  return name(number);
}

/**
 * Adds a person's mark, cut to the recording: confirmed, severity 3 (unusable), because a person marks what should not
 * be used.
 * @throws RangeError when nothing of its range lies in the recording.
 */
export function addMark(
  document: AnnotationDocument,
  modality: Modality,
  wanted: TimeRange,
): { readonly document: AnnotationDocument; readonly mark: CorruptionMark } {
  const taken = new Set(document.marks.map((other) => other.id));
  const mark: CorruptionMark = {
    id: freeId(taken, (number) => `human-${modality}-${String(number).padStart(4, '0')}`),
    modality,
    range: insideRecording(wanted, document.duration),
    kind: FIRST_KIND[modality],
    severity: 3,
    source: 'human',
    review: 'confirmed',
    note: '',
  };
  return { document: withMarks(document, [...document.marks, mark]), mark };
}

/** Removes a mark. @throws RangeError when there is none of this id. */
export function removeMark(document: AnnotationDocument, id: string): AnnotationDocument {
  requireMark(document, id);
  return { ...document, marks: document.marks.filter((mark) => mark.id !== id) };
}

/**
 * Changes range (cut to the recording), kind, severity or note. A proposal whose range, kind or severity a person
 * changes is confirmed by that; a note says nothing about whether it holds.
 * @throws RangeError when there is no such mark or nothing of the range lies in the recording.
 */
export function changeMark(document: AnnotationDocument, id: string, change: MarkChange): AnnotationDocument {
  const mark = { ...requireMark(document, id), ...change };
  const range = insideRecording(mark.range, document.duration);
  const decides = change.range !== undefined || change.kind !== undefined || change.severity !== undefined;
  return replace(document, { ...mark, range, review: decides ? 'confirmed' : mark.review });
}

/**
 * Confirms, rejects or reopens a proposal.
 * @throws RangeError when there is no such mark, or when a human mark is to be anything but confirmed.
 */
export function setReview(document: AnnotationDocument, id: string, review: MarkReview): AnnotationDocument {
  const mark = requireMark(document, id);
  if (mark.source === 'human' && review !== 'confirmed') {
    throw new RangeError(`mark ${id} was made by a person; remove it instead of setting it to ${review}`);
  }
  return replace(document, { ...mark, review });
}

/**
 * Puts new proposals in place of the old ones and keeps what people decided: human marks stay, and so does every
 * proposal that was confirmed or rejected; a new proposal of the same kind that overlaps a decided one is left out. One
 * whose id is taken gets another.
 */
export function mergeProposals(document: AnnotationDocument, proposals: readonly CorruptionMark[]): AnnotationDocument {
  const decided = document.marks.filter((mark) => mark.source === 'human' || mark.review !== 'proposed');
  const automatic = decided.filter((mark) => mark.source === 'auto');
  const isDecided = ({ modality, kind, range }: CorruptionMark) =>
    automatic.some((mark) => mark.modality === modality && mark.kind === kind && overlap(mark.range, range) > 0);
  const taken = new Set([...decided, ...proposals].map((mark) => mark.id));
  const decidedIds = new Set(decided.map((mark) => mark.id));
  const fresh = proposals
    .filter((proposal) => !isDecided(proposal))
    .map((proposal) => {
      if (!decidedIds.has(proposal.id)) return proposal;
      const id = freeId(taken, (number) => `${proposal.id}.${number + 1}`);
      taken.add(id);
      return { ...proposal, id };
    });
  return withMarks(document, [...decided, ...fresh]);
}
