import type { AnnotationDocument } from '../document/annotationDocument.js';
import type { Segment } from '../segments/segment.js';
import { orderByStart } from '../time/orderByStart.js';
import { canonical, same, type Step } from './mergeParts.js';

/** The merge that a part of it adds to. */
export interface MergeContext {
  readonly mine: AnnotationDocument;
  readonly theirs: AnnotationDocument;
  document: AnnotationDocument;
  readonly steps: Step[];
  /** Their segment ids as they are called on my side. */
  readonly idOf: ReadonlyMap<string, string>;
  readonly add: (what: 'annotations' | 'others', number?: number) => void;
  readonly otherName: (raterId: string) => string;
}

/** An entry that `keyOf` tells from the others of its list. */
type Item = object;

const DONE = new Set([
  'recordingId',
  'duration',
  'segments',
  'labels',
  'marks',
  'tiers',
  'annotations',
  'schemes',
  'traces',
]);
const WORDS: Readonly<Record<string, string>> = {
  cues: 'transcript',
  transcriptProblems: 'notes about the transcript',
};
const wordsOf = (field: string): string => WORDS[field] ?? field;

/** What of a value differs from another one, short enough for a line. */
function differenceOf(value: unknown, other: unknown): string {
  if (Array.isArray(value)) return `${value.length} entries`;
  if (typeof value !== 'object' || value === null || typeof other !== 'object' || other === null) {
    return canonical(value).slice(0, 200);
  }
  const others = new Map(Object.entries(other));
  const parts = Object.entries(value).filter(([key, part]) => !same(part, others.get(key)));
  return parts
    .map(([key, part]) => `${key}: ${typeof part === 'object' ? differenceOf(part, others.get(key)) : String(part)}`)
    .join(', ')
    .slice(0, 200);
}

const fieldsOf = (document: AnnotationDocument): Map<string, unknown> => new Map(Object.entries(document));

function withField(document: AnnotationDocument, field: string, value: unknown): AnnotationDocument {
  return { ...document, [field]: value };
}

/** An item by its id; a judgement without one by what was judged and by whom. */
function keyOf(item: object): string | undefined {
  if ('id' in item) return String(item.id);
  if ('segmentId' in item && 'raterId' in item) return `${String(item.segmentId)} of ${String(item.raterId)}`;
  return undefined;
}

function isItemList(value: unknown): value is readonly Item[] {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === 'object' && item !== null && keyOf(item as object) !== undefined)
  );
}

function hasRange(item: Item): item is Pick<Segment, 'id' | 'range'> {
  return 'range' in item && 'id' in item;
}

const ordered = (list: readonly Item[]): readonly Item[] => (list.every(hasRange) ? orderByStart(list) : list);

/** A value of theirs with segments called as on my side. */
function renamed<T>(value: T, idOf: ReadonlyMap<string, string>): T {
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, idOf)) as T;
  if (typeof value !== 'object' || value === null || !('segmentId' in value)) return value;
  const { segmentId } = value;
  return typeof segmentId === 'string' ? { ...value, segmentId: idOf.get(segmentId) ?? segmentId } : value;
}

/**
 * Everything that has no merge of its own, also what later versions add: lists by the ids of their items, lists without
 * ids by their content where they are records of what happened or words, other fields whole.
 */
export function mergeFields(context: MergeContext): void {
  const [mine, theirs] = [fieldsOf(context.mine), fieldsOf(context.theirs)];
  for (const [field, raw] of theirs) {
    const own = mine.get(field);
    if (DONE.has(field) || raw === undefined || same(own, raw)) continue;
    const value = renamed(raw, context.idOf);
    if (own === undefined || (Array.isArray(own) && own.length === 0)) {
      context.document = withField(context.document, field, value);
      context.add('others', Array.isArray(value) ? value.length : 1);
    } else if (field === 'schemeLog' || field === 'markKinds') addEntries(context, field, own, value);
    else if (isItemList(own) && isItemList(value)) mergeList(context, field, own, value);
    else askField(context, field, own, value);
  }
}

/** Adds entries that are not there yet. */
function addEntries(context: MergeContext, field: string, own: unknown, value: unknown): void {
  const known = new Set((own as unknown[]).map(canonical));
  const added = (value as unknown[]).filter((item) => !known.has(canonical(item)));
  if (added.length === 0) return;
  context.document = withField(context.document, field, [...(own as unknown[]), ...added]);
  context.add('others', added.length);
}

function mergeList(context: MergeContext, field: string, own: readonly Item[], value: readonly Item[]): void {
  const known = new Map(own.map((item) => [keyOf(item), item]));
  const added: Item[] = [];
  for (const theirs of value) {
    const mine = known.get(keyOf(theirs));
    if (!mine) added.push(theirs);
    else if (!same(mine, theirs)) askItem(context, field, mine, theirs);
  }
  if (added.length === 0) return;
  context.add('others', added.length);
  context.document = withField(context.document, field, ordered([...own, ...added]));
}

function askItem({ steps }: MergeContext, field: string, mine: Item, theirs: Item): void {
  steps.push({
    conflict: {
      key: `${field} ${keyOf(mine) ?? ''}`,
      kind: 'field',
      what: `${wordsOf(field)}, ${keyOf(mine) ?? ''}`,
      mine: differenceOf(mine, theirs),
      theirs: differenceOf(theirs, mine),
      choices: ['mine', 'theirs'],
    },
    take: (document) => {
      const list = fieldsOf(document).get(field) as readonly Item[];
      return withField(document, field, ordered(list.map((item) => (keyOf(item) === keyOf(mine) ? theirs : item))));
    },
  });
}

function askField({ steps }: MergeContext, field: string, own: unknown, value: unknown): void {
  steps.push({
    conflict: {
      key: `field ${field}`,
      kind: 'field',
      what: wordsOf(field),
      mine: differenceOf(own, value),
      theirs: differenceOf(value, own),
      choices: ['mine', 'theirs'],
    },
    take: (document) => withField(document, field, value),
  });
}
