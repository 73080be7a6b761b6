/**
 * Edits of the segments of a document. Each gives a new document with the segments in order of start; the old one stays.
 * Segments may overlap: two people may talk at once.
 */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { omit } from '../omit.js';
import { MODALITIES, type Modality } from '../recording/modality.js';
import { formatHms } from '../time/format.js';
import { insideRecording } from '../time/insideRecording.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { orderByStart } from '../time/orderByStart.js';
import type { Segment } from './segment.js';

/** A document with the segment that an edit made or left selected. */
export interface SegmentEdit {
  readonly document: AnnotationDocument;
  readonly segment: Segment;
}

function requireSegment(document: AnnotationDocument, id: string): Segment {
  const found = document.segments.find((segment) => segment.id === id);
  if (!found) throw new RangeError(`no segment ${id}`);
  return found;
}

function withSegments(document: AnnotationDocument, segments: readonly Segment[]): AnnotationDocument {
  return { ...document, segments: orderByStart(segments) };
}

function replace(document: AnnotationDocument, changed: Segment): AnnotationDocument {
  return withSegments(
    document,
    document.segments.map((segment) => (segment.id === changed.id ? changed : segment)),
  );
}

/** An id after the highest number in use, `s0012`, so that an id of a removed segment is not given again. */
function freshId(document: AnnotationDocument): string {
  const numbers = [...document.segments, ...document.labels.map(({ segmentId }) => ({ id: segmentId }))].map(({ id }) =>
    Number(/^s(\d{1,12})$/.exec(id)?.[1] ?? 0),
  );
  return `s${String(numbers.reduce((most, number) => Math.max(most, number), 0) + 1).padStart(4, '0')}`;
}

/**
 * Adds a segment without text, cut to the recording. One that was made live says which reaction lag was taken off.
 * @throws RangeError when nothing of it lies in the recording.
 */
export function addSegment(document: AnnotationDocument, range: TimeRange, reactionLag?: Microseconds): SegmentEdit {
  const segment: Segment = {
    id: freshId(document),
    range: insideRecording(range, document.duration),
    origin: 'human',
    ...(reactionLag ? { reactionLag } : {}),
  };
  return { document: withSegments(document, [...document.segments, segment]), segment };
}

/**
 * Sets the boundaries of a segment, cut to the recording; its origin becomes `human`. Other than `resizeSegment` it may
 * reach into its neighbours: it is for typed times, which are meant.
 * @throws RangeError when there is no such segment or nothing of the range lies in the recording.
 */
export function moveSegment(document: AnnotationDocument, id: string, range: TimeRange): AnnotationDocument {
  const segment = requireSegment(document, id);
  const inside = insideRecording(range, document.duration);
  if (inside.start === segment.range.start && inside.end === segment.range.end) return document;
  return replace(document, { ...segment, range: inside, origin: 'human' });
}

/**
 * Words before and after a cut, at the word border nearest to `share` of the characters (0 to 1). A single word stays
 * whole in the first part. A part without words is undefined, never ''.
 */
export function splitText(text: string, share: number): readonly [string | undefined, string | undefined] {
  const borders = [...text.matchAll(/\s+/g)]
    .map((match) => match.index)
    .filter((at) => text.slice(0, at).trim() !== '');
  const wanted = text.length * share;
  const cut = borders.reduce<number | undefined>(
    (best, at) => (best === undefined || Math.abs(at - wanted) < Math.abs(best - wanted) ? at : best),
    undefined,
  );
  return cut === undefined ? [words(text), undefined] : [words(text.slice(0, cut)), words(text.slice(cut))];
}

function words(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function withText(segment: Segment, text: string | undefined): Segment {
  const bare = omit(segment, 'text');
  return text === undefined ? bare : { ...bare, text };
}

/**
 * Cuts a segment in two. The first part keeps the id, both keep the labels: who judged the whole judged its parts. Its
 * words are divided at the word border nearest to the share of time, or at `caret` (characters) where the person says.
 * @returns the document and the second part.
 * @throws RangeError when there is no such segment or `at` does not lie inside it.
 */
export function splitSegment(document: AnnotationDocument, id: string, at: Microseconds, caret?: number): SegmentEdit {
  const segment = requireSegment(document, id);
  const { start, end } = segment.range;
  if (at <= start || at >= end) throw new RangeError(`${formatHms(at)} does not lie inside segment ${id}`);
  const text = segment.text ?? '';
  const [before, after] =
    caret === undefined
      ? splitText(text, (at - start) / (end - start))
      : [words(text.slice(0, caret)), words(text.slice(caret))];
  const first: Segment = { ...withText(segment, before), range: { start, end: at }, origin: 'human' };
  const second: Segment = {
    ...withText(segment, after),
    id: freshId(document),
    range: { start: at, end },
    origin: 'human',
  };
  const segments = document.segments.flatMap((entry) => (entry.id === id ? [first, second] : [entry]));
  const copies = document.labels.filter((label) => label.segmentId === id);
  const labels = [...document.labels, ...copies.map((label) => ({ ...label, segmentId: second.id }))];
  return { document: { ...withSegments(document, segments), labels }, segment: second };
}

/**
 * Joins segments into the earliest of them, from the first start to the last end, with their words in order. Of every
 * rater the label of the earliest labelled part stays.
 * @throws RangeError when there are fewer than two, or one does not exist.
 */
export function mergeSegments(document: AnnotationDocument, ids: readonly string[]): SegmentEdit {
  const wanted = new Set(ids);
  ids.forEach((id) => requireSegment(document, id));
  const parts = document.segments.filter((segment) => wanted.has(segment.id));
  const [first] = parts;
  if (!first || parts.length < 2) throw new RangeError('merging needs two segments');
  const text = words(parts.flatMap((part) => part.text ?? []).join(' '));
  const end = microseconds(Math.max(...parts.map((part) => part.range.end)));
  const merged: Segment = { ...withText(first, text), range: { start: first.range.start, end }, origin: 'human' };
  const rest = document.segments.filter((segment) => !wanted.has(segment.id));
  const order = new Map(parts.map((part, index) => [part.id, index]));
  const kept = new Map<string, (typeof document.labels)[number]>();
  const inOrder = document.labels
    .filter((label) => wanted.has(label.segmentId))
    .sort((a, b) => (order.get(a.segmentId) ?? 0) - (order.get(b.segmentId) ?? 0));
  for (const label of inOrder) if (!kept.has(label.raterId)) kept.set(label.raterId, { ...label, segmentId: first.id });
  const others = document.labels.filter((label) => !wanted.has(label.segmentId));
  return {
    document: { ...withSegments(document, [...rest, merged]), labels: [...others, ...kept.values()] },
    segment: merged,
  };
}

/** Removes segments and their labels; ids that do not exist are passed over. */
export function removeSegments(document: AnnotationDocument, ids: readonly string[]): AnnotationDocument {
  const gone = new Set(ids);
  return {
    ...document,
    segments: document.segments.filter((segment) => !gone.has(segment.id)),
    labels: document.labels.filter((label) => !gone.has(label.segmentId)),
  };
}

/**
 * Sets the words of a segment; without words the text is missing there. Its boundaries keep their origin.
 * @throws RangeError when there is no such segment.
 */
export function setSegmentText(document: AnnotationDocument, id: string, text: string): AnnotationDocument {
  const segment = requireSegment(document, id);
  const next = words(text);
  return next === segment.text ? document : replace(document, withText(segment, next));
}

/** Names who speaks, or nobody for ''. @throws RangeError when there is no such segment. */
export function setSpeaker(document: AnnotationDocument, id: string, speaker: string): AnnotationDocument {
  const segment = requireSegment(document, id);
  const next = words(speaker);
  if (next === segment.speaker) return document;
  const bare = omit(segment, 'speaker');
  return replace(document, next === undefined ? bare : { ...bare, speaker: next });
}

/** Names another speaker everywhere; '' leaves the stretches without one. Cues keep what the file said. */
export function renameSpeaker(document: AnnotationDocument, from: string, to: string): AnnotationDocument {
  const next = words(to);
  const segments = document.segments.map((segment) => {
    if (segment.speaker !== from) return segment;
    const rest = omit(segment, 'speaker');
    return next === undefined ? rest : { ...rest, speaker: next };
  });
  return next === from || !document.segments.some(({ speaker }) => speaker === from)
    ? document
    : { ...document, segments };
}

/** Sets note (undefined leaves it, '' takes it away) and flag. @throws RangeError when there is no such segment. */
export function annotateSegment(
  document: AnnotationDocument,
  id: string,
  change: { readonly note?: string; readonly flagged?: boolean },
): AnnotationDocument {
  const segment = requireSegment(document, id);
  const { note: oldNote, flagged: oldFlagged, ...rest } = segment;
  const note = change.note ?? oldNote;
  const flagged = change.flagged ?? oldFlagged === true;
  if ((note ?? '') === (oldNote ?? '') && flagged === (oldFlagged === true)) return document;
  return replace(document, {
    ...rest,
    ...(note ? { note } : {}),
    ...(flagged ? { flagged: true as const } : {}),
  });
}

/**
 * Whether a modality of a segment is recovered where it cannot be used, or left missing.
 * @throws RangeError when there is no such segment.
 */
export function setRecovered(
  document: AnnotationDocument,
  id: string,
  modality: Modality,
  recovered: boolean,
): AnnotationDocument {
  const { notRecovered = [], ...rest } = requireSegment(document, id);
  if (notRecovered.includes(modality) === !recovered) return document;
  const left = MODALITIES.filter((name) => (name === modality ? !recovered : notRecovered.includes(name)));
  return replace(document, left.length === 0 ? rest : { ...rest, notRecovered: left });
}
