/** Edits of annotations on tiers. Each gives a new document with the annotations in order of start; the old one stays. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { omit } from '../omit.js';
import { splitText } from '../segments/editSegments.js';
import { formatHms } from '../time/format.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { orderByStart } from '../time/orderByStart.js';
import { insideRecording } from '../time/insideRecording.js';
import { type AnnotationTier, nextId, schemeOf, type TierAnnotation } from './tier.js';

/** A document with the annotation that an edit made or left selected. */
export interface AnnotationEdit {
  readonly document: AnnotationDocument;
  readonly annotation: TierAnnotation;
}

/** What a new annotation starts with. */
export interface NewAnnotation {
  readonly tierId: string;
  readonly range: TimeRange;
  readonly raterId: string;
  readonly value?: string;
  readonly reactionLag?: Microseconds;
  readonly note?: string;
  readonly flagged?: true;
}

/** What can be changed besides times; a field that is not named stays, '' or false takes it away. */
export interface AnnotationChange {
  readonly note?: string;
  readonly flagged?: boolean;
}

const all = (document: AnnotationDocument): readonly TierAnnotation[] => document.annotations ?? [];

function requireAnnotation(document: AnnotationDocument, id: string): TierAnnotation {
  const found = all(document).find((annotation) => annotation.id === id);
  if (!found) throw new RangeError(`no annotation ${id}`);
  return found;
}

function requireTier(document: AnnotationDocument, id: string): AnnotationTier {
  const tier = document.tiers?.find((candidate) => candidate.id === id);
  if (!tier) throw new RangeError(`no tier ${id}`);
  return tier;
}

function withAnnotations(document: AnnotationDocument, annotations: readonly TierAnnotation[]): AnnotationDocument {
  return { ...document, annotations: orderByStart(annotations) };
}

function replace(document: AnnotationDocument, changed: TierAnnotation): AnnotationDocument {
  return withAnnotations(
    document,
    all(document).map((annotation) => (annotation.id === changed.id ? changed : annotation)),
  );
}

/** A value as it is kept: trimmed, undefined for ''. @throws RangeError when the tier's scheme does not have it. */
function checkedValue(document: AnnotationDocument, tierId: string, value: string | undefined): string | undefined {
  const scheme = schemeOf(document, requireTier(document, tierId));
  const kept = value?.trim() ? value.trim() : undefined;
  if (scheme && kept !== undefined && !scheme.values.some((entry) => entry.value === kept)) {
    throw new RangeError(`“${kept}” is no value of the scheme “${scheme.name}”`);
  }
  return kept;
}

/**
 * Adds an annotation, cut to the recording.
 * @throws RangeError when there is no such tier, nothing of the range lies in the recording, or its scheme lacks the value.
 */
export function addAnnotation(document: AnnotationDocument, wanted: NewAnnotation, now: Date): AnnotationEdit {
  const value = checkedValue(document, wanted.tierId, wanted.value);
  const annotation: TierAnnotation = {
    id: nextId('a', all(document)),
    tierId: wanted.tierId,
    range: insideRecording(wanted.range, document.duration),
    ...(value === undefined ? {} : { value }),
    raterId: wanted.raterId,
    ...(wanted.note === undefined ? {} : { note: wanted.note }),
    ...(wanted.flagged ? { flagged: wanted.flagged } : {}),
    ...(wanted.reactionLag ? { reactionLag: wanted.reactionLag } : {}),
    modifiedUtc: now.toISOString(),
  };
  return { document: withAnnotations(document, [...all(document), annotation]), annotation };
}

/** Adds many at once, such as those of a file. @throws RangeError as `addAnnotation` does. */
export function addAnnotations(
  document: AnnotationDocument,
  wanted: readonly NewAnnotation[],
  now: Date,
): AnnotationDocument {
  if (wanted.length === 0) return document;
  const first = Number(nextId('a', all(document)).slice(1));
  const made = wanted.map(({ tierId, range, raterId, value, note, flagged }, index): TierAnnotation => {
    const kept = checkedValue(document, tierId, value);
    return {
      id: `a${String(first + index).padStart(4, '0')}`,
      tierId,
      range: insideRecording(range, document.duration),
      ...(kept === undefined ? {} : { value: kept }),
      raterId,
      ...(note === undefined ? {} : { note }),
      ...(flagged ? { flagged } : {}),
      modifiedUtc: now.toISOString(),
    };
  });
  return withAnnotations(document, [...all(document), ...made]);
}

/**
 * Sets the times, cut to the recording. It may reach into its neighbours: for typed times and moved bodies, which are meant.
 * @throws RangeError when there is no such annotation or nothing of the range lies in the recording.
 */
export function moveAnnotation(
  document: AnnotationDocument,
  id: string,
  range: TimeRange,
  now: Date,
): AnnotationDocument {
  const annotation = requireAnnotation(document, id);
  const inside = insideRecording(range, document.duration);
  const same = inside.start === annotation.range.start && inside.end === annotation.range.end;
  return same ? document : replace(document, { ...annotation, range: inside, modifiedUtc: now.toISOString() });
}

/**
 * Moves edges, at least `minimum` long and clear of the neighbours of the same tier and rater; those that overlap already
 * keep their overlap. @throws RangeError when there is no such annotation.
 */
export function resizeAnnotation(
  document: AnnotationDocument,
  id: string,
  range: TimeRange,
  minimum: Microseconds,
  now: Date,
): AnnotationDocument {
  const annotation = requireAnnotation(document, id);
  const { tierId, raterId } = annotation;
  const row = all(document).filter((other) => other.tierId === tierId && other.raterId === raterId);
  const index = row.indexOf(annotation);
  const floor = Math.min(row[index - 1]?.range.end ?? 0, annotation.range.start);
  const ceiling = Math.max(row[index + 1]?.range.start ?? document.duration, annotation.range.end);
  const start = Math.max(floor, Math.min(range.start, annotation.range.end - minimum));
  const end = Math.min(ceiling, Math.max(range.end, start + minimum));
  return moveAnnotation(document, id, { start: microseconds(start), end: microseconds(end) }, now);
}

/**
 * Sets text or value; undefined or '' takes it away, the stretch stays.
 * @throws RangeError when there is no such annotation or its scheme lacks the value.
 */
export function setAnnotationValue(
  document: AnnotationDocument,
  id: string,
  value: string | undefined,
  now: Date,
): AnnotationDocument {
  const annotation = requireAnnotation(document, id);
  const kept = checkedValue(document, annotation.tierId, value);
  if (kept === annotation.value) return document;
  const changed = { ...omit(annotation, 'value'), modifiedUtc: now.toISOString() };
  return replace(document, kept === undefined ? changed : { ...changed, value: kept });
}

/** Sets note and flag. @throws RangeError when there is no such annotation. */
export function changeAnnotation(
  document: AnnotationDocument,
  id: string,
  change: AnnotationChange,
  now: Date,
): AnnotationDocument {
  const { note: oldNote, flagged: oldFlagged, ...rest } = requireAnnotation(document, id);
  const note = change.note ?? oldNote;
  const flagged = change.flagged ?? oldFlagged === true;
  return replace(document, {
    ...rest,
    ...(note ? { note } : {}),
    ...(flagged ? { flagged: true as const } : {}),
    modifiedUtc: now.toISOString(),
  });
}

/** Removes annotations; ids that do not exist are passed over. */
export function removeAnnotations(document: AnnotationDocument, ids: readonly string[]): AnnotationDocument {
  const gone = new Set(ids);
  const kept = all(document).filter(({ id }) => !gone.has(id));
  return kept.length === all(document).length ? document : { ...document, annotations: kept };
}

/**
 * Cuts an annotation in two. Both parts keep a value of a scheme; text is divided at the word border nearest to the share
 * of time. @returns the document and the second part. @throws RangeError when `at` does not lie inside it.
 */
export function splitAnnotation(document: AnnotationDocument, id: string, at: Microseconds, now: Date): AnnotationEdit {
  const annotation = requireAnnotation(document, id);
  const { start, end } = annotation.range;
  if (at <= start || at >= end) throw new RangeError(`${formatHms(at)} does not lie inside annotation ${id}`);
  const { value } = annotation;
  const isText = schemeOf(document, requireTier(document, annotation.tierId)) === undefined;
  const [before, after] =
    isText && value !== undefined ? splitText(value, (at - start) / (end - start)) : [value, value];
  const bare = { ...omit(annotation, 'value'), modifiedUtc: now.toISOString() };
  const part = (partId: string, range: TimeRange, words: string | undefined): TierAnnotation => ({
    ...bare,
    id: partId,
    range,
    ...(words === undefined ? {} : { value: words }),
  });
  const second = part(nextId('a', all(document)), { start: at, end }, after);
  const parts = [part(id, { start, end: at }, before), second];
  const annotations = all(document).flatMap((other) => (other.id === id ? parts : [other]));
  return { document: withAnnotations(document, annotations), annotation: second };
}

/**
 * Joins annotations of one tier and rater into the earliest of them. Texts are joined in order; of values of a scheme the
 * earliest stays. @throws RangeError when there are fewer than two or they are of several tiers or raters.
 */
export function mergeAnnotations(document: AnnotationDocument, ids: readonly string[], now: Date): AnnotationEdit {
  const wanted = new Set(ids);
  const parts = all(document).filter((annotation) => wanted.has(annotation.id));
  const [first] = parts;
  if (!first || parts.length < 2) throw new RangeError('merging needs two annotations');
  if (parts.some(({ tierId, raterId }) => tierId !== first.tierId || raterId !== first.raterId)) {
    throw new RangeError('only annotations of one tier and one rater can be merged');
  }
  const values = parts.flatMap(({ value }) => value ?? []);
  const isText = schemeOf(document, requireTier(document, first.tierId)) === undefined;
  const value = isText ? values.join(' ') : values[0];
  const notes = parts.flatMap(({ note }) => note ?? []);
  const bare = omit(omit(first, 'value'), 'note');
  const annotation: TierAnnotation = {
    ...bare,
    range: { start: first.range.start, end: microseconds(Math.max(...parts.map((part) => part.range.end))) },
    ...(value ? { value } : {}),
    ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
    ...(parts.some(({ flagged }) => flagged) ? { flagged: true as const } : {}),
    modifiedUtc: now.toISOString(),
  };
  const rest = all(document).filter(({ id }) => !wanted.has(id));
  return { document: withAnnotations(document, [...rest, annotation]), annotation };
}
