/** Edits of the marks of a document. Each gives a new document with the marks in order of start; the old one stays. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { omit } from '../omit.js';
import type { Modality } from '../recording/modality.js';
import { insideRecording } from '../time/insideRecording.js';
import type { TimeRange } from '../time/microseconds.js';
import { overlap } from '../time/ranges.js';
import { orderByStart } from '../time/orderByStart.js';
import { type CorruptionMark, LONGEST_KIND, type MarkKind, type MarkReview } from './mark.js';

/** What a person can change of a mark besides its review. */
export type MarkChange = Partial<Pick<CorruptionMark, 'range' | 'severity' | 'note'>> & Partial<MarkKindChoice>;

/** A kind of the vocabulary, or `other` with a kind of the person's own. */
interface MarkKindChoice {
  readonly kind: MarkKind;
  readonly ownKind?: string;
}

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
  raterId?: string,
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
    ...(raterId === undefined ? {} : { raterId }),
    note: '',
  };
  return { document: withMarks(document, [...document.marks, mark]), mark };
}

/** Removes a mark. @throws RangeError when there is none of this id. */
export function removeMark(document: AnnotationDocument, id: string): AnnotationDocument {
  requireMark(document, id);
  return { ...document, marks: document.marks.filter((mark) => mark.id !== id) };
}

/** A mark with who decided about it; people's own marks name their maker instead. */
function decidedBy(mark: CorruptionMark, raterId: string | undefined): CorruptionMark {
  const rest = omit(mark, 'reviewedBy');
  return mark.source === 'human' || raterId === undefined ? rest : { ...rest, reviewedBy: raterId };
}

/** A mark with another kind; an own kind is `other`, trimmed, and goes when a kind of the vocabulary is chosen. */
function withKind(mark: CorruptionMark, { kind, ownKind }: MarkKindChoice): CorruptionMark {
  const rest = omit(mark, 'ownKind');
  const own = ownKind?.trim().slice(0, LONGEST_KIND) ?? '';
  return own === '' ? { ...rest, kind } : { ...rest, kind: 'other', ownKind: own };
}

/** Kinds of people's own that a document uses or keeps, in order of name. */
export function ownKindsOf(document: Pick<AnnotationDocument, 'marks' | 'markKinds'>): readonly string[] {
  const used = document.marks.flatMap(({ ownKind }) => ownKind ?? []);
  return [...new Set([...(document.markKinds ?? []), ...used])].sort((a, b) => a.localeCompare(b, 'en'));
}

/**
 * Changes range (cut to the recording), kind, severity or note. A proposal whose range, kind or severity a person
 * changes is confirmed by that; a note says nothing about whether it holds. A new own kind joins the vocabulary.
 * @throws RangeError when there is no such mark or nothing of the range lies in the recording.
 */
export function changeMark(
  document: AnnotationDocument,
  id: string,
  change: MarkChange,
  raterId?: string,
): AnnotationDocument {
  const { kind, ownKind, ...rest } = change;
  const old = requireMark(document, id);
  const merged = { ...old, ...rest };
  const mark = kind === undefined ? merged : withKind(merged, ownKind === undefined ? { kind } : { kind, ownKind });
  const range = insideRecording(mark.range, document.duration);
  const decides = rest.range !== undefined || kind !== undefined || rest.severity !== undefined;
  const next: CorruptionMark = decides
    ? { ...decidedBy(mark, raterId), range, review: 'confirmed' }
    : { ...mark, range };
  const isNewKind = next.ownKind !== undefined && !(document.markKinds ?? []).includes(next.ownKind);
  const known = isNewKind ? { ...document, markKinds: [...(document.markKinds ?? []), next.ownKind ?? ''] } : document;
  return replace(known, next);
}

/** A mark after a decision. @throws RangeError when a human mark is to be anything but confirmed. */
export function reviewed(mark: CorruptionMark, review: MarkReview, raterId: string | undefined): CorruptionMark {
  if (mark.source === 'human' && review !== 'confirmed') {
    throw new RangeError(`mark ${mark.id} was made by a person; remove it instead of setting it to ${review}`);
  }
  return { ...decidedBy(mark, review === 'proposed' ? undefined : raterId), review };
}

/**
 * Confirms, rejects or reopens a proposal.
 * @throws RangeError when there is no such mark, or when a human mark is to be anything but confirmed.
 */
export function setReview(
  document: AnnotationDocument,
  id: string,
  review: MarkReview,
  raterId?: string,
): AnnotationDocument {
  return replace(document, reviewed(requireMark(document, id), review, raterId));
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
