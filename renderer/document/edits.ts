/** Edits of a document, as pure functions. Each gives a new document; the old one stays for undo. */
import type { RaterLabel } from '../../core/labels/label.js';
import type { CorruptionMark, MarkKind, MarkReview, MarkSeverity } from '../../core/marks/mark.js';
import type { Emotion } from '../../core/recording/emotion.js';
import type { Modality } from '../../core/recording/modality.js';
import { type Microseconds, microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { type AnnotationDocument, RATER_ID } from './annotationDocument.js';

type Document = AnnotationDocument;

/** Kind that a new human mark starts with: what most often destroys the modality; the person refines it. */
export const FIRST_KIND: Readonly<Record<Modality, MarkKind>> = {
  text: 'asr_error',
  audio: 'noisy',
  visual: 'occluded',
};

/** A new human mark: confirmed, severity 3 (unusable), because a person marks what should not be used. */
export function newMark(id: string, modality: Modality, range: TimeRange): CorruptionMark {
  return {
    id,
    modality,
    range,
    kind: FIRST_KIND[modality],
    severity: 3,
    source: 'human',
    review: 'confirmed',
    note: '',
  };
}

export function addMark(document: Document, mark: CorruptionMark): Document {
  return { ...document, marks: [...document.marks, mark] };
}

export function removeMark(document: Document, markId: string): Document {
  return { ...document, marks: document.marks.filter((mark) => mark.id !== markId) };
}

export interface MarkChange {
  readonly range?: TimeRange;
  readonly kind?: MarkKind;
  readonly severity?: MarkSeverity;
  readonly review?: MarkReview;
  readonly note?: string;
}

export function changeMark(document: Document, markId: string, change: MarkChange): Document {
  return { ...document, marks: document.marks.map((mark) => (mark.id === markId ? { ...mark, ...change } : mark)) };
}

export function setLabel(document: Document, segmentId: string, label: Emotion, now: Date): Document {
  const old = labelOf(document, segmentId);
  const next: RaterLabel = { ...old, segmentId, raterId: RATER_ID, label, modifiedUtc: now.toISOString() };
  return { ...document, labels: [...document.labels.filter((entry) => entry !== old), next] };
}

export function clearLabel(document: Document, segmentId: string): Document {
  const old = labelOf(document, segmentId);
  return old ? { ...document, labels: document.labels.filter((entry) => entry !== old) } : document;
}

/** Changes note or score of an existing label; a label without either keeps the field out, it is not empty or 0. */
export function changeLabel(
  document: Document,
  segmentId: string,
  change: { readonly note?: string | undefined; readonly score?: number | undefined },
  now: Date,
): Document {
  const old = labelOf(document, segmentId);
  if (!old) return document;
  const { note, score, ...rest } = old;
  const nextNote = 'note' in change ? change.note : note;
  const nextScore = 'score' in change ? change.score : score;
  const next: RaterLabel = {
    ...rest,
    ...(nextNote === undefined || nextNote === '' ? {} : { note: nextNote }),
    ...(nextScore === undefined ? {} : { score: nextScore }),
    modifiedUtc: now.toISOString(),
  };
  return { ...document, labels: document.labels.map((entry) => (entry === old ? next : entry)) };
}

export function labelOf(document: Document, segmentId: string): RaterLabel | undefined {
  return document.labels.find((label) => label.segmentId === segmentId && label.raterId === RATER_ID);
}

/**
 * Changes a segment's range; kept at least one frame long and clear of its neighbours, so that no instant belongs to
 * two segments because of a slip of the hand.
 */
export function resizeSegment(
  document: Document,
  segmentId: string,
  range: TimeRange,
  minimum: Microseconds,
): Document {
  const ordered = [...document.segments].sort((a, b) => a.range.start - b.range.start);
  const index = ordered.findIndex((segment) => segment.id === segmentId);
  const segment = ordered[index];
  if (!segment) return document;
  const before = ordered[index - 1]?.range.end ?? 0;
  const after = ordered[index + 1]?.range.start ?? Number.MAX_SAFE_INTEGER;
  // neighbours that already overlap keep their overlap
  const floor = Math.min(before, segment.range.start);
  const ceiling = Math.max(after, segment.range.end);
  const start = Math.max(floor, Math.min(range.start, segment.range.end - minimum));
  const end = Math.min(ceiling, Math.max(range.end, start + minimum));
  const next = { ...segment, range: { start: microseconds(start), end: microseconds(end) } };
  return { ...document, segments: document.segments.map((entry) => (entry.id === segmentId ? next : entry)) };
}

/**
 * Takes over a new set of proposals: unreviewed old ones go, reviewed and human marks stay, and a proposal that was
 * already reviewed does not come back.
 */
export function mergeProposals(
  marks: readonly CorruptionMark[],
  proposals: readonly CorruptionMark[],
): readonly CorruptionMark[] {
  const kept = marks.filter((mark) => mark.source === 'human' || mark.review !== 'proposed');
  const name = (mark: CorruptionMark) => `${mark.modality} ${mark.kind} ${mark.range.start} ${mark.range.end}`;
  const known = new Set(kept.map(name));
  const ids = new Set(kept.map((mark) => mark.id));
  const fresh = proposals.filter((mark) => !known.has(name(mark)));
  return [
    ...kept,
    ...fresh.map((mark) => (ids.has(mark.id) ? { ...mark, id: `${mark.id}.${mark.range.start}` } : mark)),
  ];
}

/** The first unreviewed proposal at or after `time`, else the first of all. */
export function nextProposal(
  marks: readonly CorruptionMark[],
  time: number,
  after?: string,
): CorruptionMark | undefined {
  const open = marks
    .filter((mark) => mark.review === 'proposed')
    .sort((a, b) => a.range.start - b.range.start || a.id.localeCompare(b.id));
  const position = open.findIndex((mark) => mark.id === after);
  if (position >= 0) return open[(position + 1) % open.length];
  return open.find((mark) => mark.range.start >= time) ?? open[0];
}
