/** Edits of the labels of people: at most one per segment and rater. Each gives a new document. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import type { Emotion } from '../recording/emotion.js';
import type { RaterLabel } from './label.js';

/** Whose label of which segment. */
export type LabelKey = Pick<RaterLabel, 'segmentId' | 'raterId'>;

/** New note and score; a field that is not named stays, one that is undefined or an empty note is taken away. */
export interface LabelChange {
  readonly note?: string | undefined;
  readonly score?: number | undefined;
}

function findLabel(document: AnnotationDocument, { segmentId, raterId }: LabelKey): RaterLabel | undefined {
  return document.labels.find((label) => label.segmentId === segmentId && label.raterId === raterId);
}

/** Sets a rater's label of a segment; note and score of the one before stay. */
export function setLabel(document: AnnotationDocument, key: LabelKey, label: Emotion, now: Date): AnnotationDocument {
  const old = findLabel(document, key);
  const { segmentId, raterId } = key;
  const next: RaterLabel = { ...old, segmentId, raterId, label, modifiedUtc: now.toISOString() };
  return { ...document, labels: [...document.labels.filter((entry) => entry !== old), next] };
}

/** Takes a rater's label of a segment away; the same document when there is none. */
export function clearLabel(document: AnnotationDocument, key: LabelKey): AnnotationDocument {
  const old = findLabel(document, key);
  return old ? { ...document, labels: document.labels.filter((entry) => entry !== old) } : document;
}

/**
 * Changes note or score of a label; the same document when there is no label. What a rater did not give is absent, never
 * an empty text or 0.
 * @throws RangeError when the score lies outside [-3, 3].
 */
export function changeLabel(
  document: AnnotationDocument,
  key: LabelKey,
  change: LabelChange,
  now: Date,
): AnnotationDocument {
  const old = findLabel(document, key);
  if (!old) return document;
  const { note: oldNote, score: oldScore, ...rest } = old;
  const note = 'note' in change ? change.note : oldNote;
  const score = 'score' in change ? change.score : oldScore;
  if (score !== undefined && !(score >= -3 && score <= 3)) throw new RangeError(`score ${score} is outside -3 to 3`);
  const next: RaterLabel = {
    ...rest,
    ...(note === undefined || note === '' ? {} : { note }),
    ...(score === undefined ? {} : { score }),
    modifiedUtc: now.toISOString(),
  };
  return { ...document, labels: document.labels.map((entry) => (entry === old ? next : entry)) };
}
