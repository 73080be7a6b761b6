/**
 * Edits of coding schemes. A locked scheme does not change; unlocking it takes a reason, and from the first lock on
 * everything that happens to it is logged with who and when. Each edit gives a new document.
 */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { omit } from '../omit.js';
import { checkName } from './editTiers.js';
import {
  EMOTION_SCHEME,
  LONGEST_NAME,
  MOST_SCHEMES,
  MOST_VALUES,
  type Scheme,
  type SchemeChange,
  type SchemeValue,
} from './scheme.js';
import { nextId, schemesOf } from './tier.js';

/** Who changes a scheme, and when. */
export interface ChangedBy {
  readonly raterId: string;
  readonly now: Date;
}

/** A value of a changed scheme; `was` names the value that it replaces, whose annotations follow. */
export interface ValueDraft extends SchemeValue {
  readonly was?: string;
}

function requireScheme(document: AnnotationDocument, id: string): Scheme {
  if (id === EMOTION_SCHEME.id) throw new RangeError('The emotion labels are built in and do not change.');
  const scheme = document.schemes?.find((candidate) => candidate.id === id);
  if (!scheme) throw new RangeError(`no scheme ${id}`);
  return scheme;
}

function requireOpen(document: AnnotationDocument, id: string): Scheme {
  const scheme = requireScheme(document, id);
  if (scheme.locked) throw new RangeError(`The scheme “${scheme.name}” is locked. Unlock it with a reason first.`);
  return scheme;
}

function replace(document: AnnotationDocument, changed: Scheme): AnnotationDocument {
  const schemes = (document.schemes ?? []).map((scheme) => (scheme.id === changed.id ? changed : scheme));
  return { ...document, schemes };
}

function log(document: AnnotationDocument, schemeId: string, what: string, by: ChangedBy): AnnotationDocument {
  const entry: SchemeChange = { schemeId, utc: by.now.toISOString(), raterId: by.raterId, what };
  return { ...document, schemeLog: [...(document.schemeLog ?? []), entry] };
}

const isLogged = (document: AnnotationDocument, id: string): boolean =>
  (document.schemeLog ?? []).some(({ schemeId }) => schemeId === id);

/** Adds a scheme without values. @throws RangeError when the name is taken or empty, or there are too many. */
export function addScheme(
  document: AnnotationDocument,
  name: string,
): { readonly document: AnnotationDocument; readonly scheme: Scheme } {
  const schemes = document.schemes ?? [];
  if (schemes.length >= MOST_SCHEMES) throw new RangeError(`There are ${MOST_SCHEMES} schemes already.`);
  const others = schemesOf(document).map((scheme) => scheme.name);
  // ids of removed schemes stay in the log
  const known = [...schemes, ...(document.schemeLog ?? []).map(({ schemeId }) => ({ id: schemeId }))];
  const scheme: Scheme = { id: nextId('c', known), name: checkName(name, others, 'scheme'), values: [] };
  return { document: { ...document, schemes: [...schemes, scheme] }, scheme };
}

/** @throws RangeError with a sentence for the person, when values do not make a usable scheme. */
function checkValues(values: readonly SchemeValue[]): void {
  if (values.length > MOST_VALUES) throw new RangeError(`A scheme has at most ${MOST_VALUES} values.`);
  const names = new Set<string>();
  const keys = new Set<string>();
  for (const { value, key, letter } of values) {
    if (value.trim() === '' || value !== value.trim()) throw new RangeError('Give every value a name.');
    if (value.length > LONGEST_NAME)
      throw new RangeError(`“${value.slice(0, 20)}…” is longer than ${LONGEST_NAME} characters.`);
    if (names.has(value)) throw new RangeError(`The value “${value}” stands there twice.`);
    if (key !== undefined && keys.has(key))
      throw new RangeError(`Two values have the same key; “${value}” is one of them.`);
    if (letter.trim() === '' || letter.length > 2) throw new RangeError(`Give “${value}” one or two letters.`);
    names.add(value);
    if (key !== undefined) keys.add(key);
  }
}

/** What changed, in words, for the log. */
function differences(before: Scheme, name: string, values: readonly ValueDraft[]): string {
  const kept = new Set(values.flatMap(({ was }) => was ?? []));
  const said = [
    ...(name === before.name ? [] : [`name “${before.name}” became “${name}”`]),
    ...values.flatMap(({ was, value }) => {
      if (was === undefined) return [`value “${value}” added`];
      return was === value ? [] : [`value “${was}” became “${value}”`];
    }),
    ...before.values.filter(({ value }) => !kept.has(value)).map(({ value }) => `value “${value}” removed`),
  ];
  return said.length > 0 ? said.join('; ') : 'order, keys, colours or descriptions changed';
}

/** Annotations that hold a value of a scheme, counted by value. */
export function countUses(document: AnnotationDocument, schemeId: string): ReadonlyMap<string, number> {
  const tierIds = new Set((document.tiers ?? []).filter((tier) => tier.schemeId === schemeId).map(({ id }) => id));
  const uses = new Map<string, number>();
  for (const { tierId, value } of document.annotations ?? []) {
    if (value !== undefined && tierIds.has(tierId)) uses.set(value, (uses.get(value) ?? 0) + 1);
  }
  return uses;
}

/**
 * Sets name and values of a scheme. Annotations follow a value that gets another name; a value that is in use cannot go.
 * @throws RangeError with a sentence for the person: locked, name or value empty or taken, value still in use.
 */
export function changeScheme(
  document: AnnotationDocument,
  id: string,
  next: { readonly name: string; readonly values: readonly ValueDraft[] },
  by: ChangedBy,
): AnnotationDocument {
  const scheme = requireOpen(document, id);
  const others = schemesOf(document).filter((other) => other.id !== id);
  const name = checkName(
    next.name,
    others.map((other) => other.name),
    'scheme',
  );
  checkValues(next.values);
  const became = new Map(next.values.flatMap(({ was, value }) => (was === undefined ? [] : [[was, value] as const])));
  for (const [value, count] of countUses(document, id)) {
    if (!became.has(value)) {
      throw new RangeError(`“${value}” is in use by ${count} annotations. Give these another value first.`);
    }
  }
  const values = next.values.map((value): SchemeValue => omit(value, 'was'));
  const tierIds = new Set((document.tiers ?? []).filter((tier) => tier.schemeId === id).map((tier) => tier.id));
  const annotations = document.annotations?.map((annotation) => {
    const value = annotation.value === undefined ? undefined : became.get(annotation.value);
    const follows = tierIds.has(annotation.tierId) && value !== undefined && value !== annotation.value;
    return follows ? { ...annotation, value } : annotation;
  });
  const changed = { ...replace(document, { ...scheme, name, values }), ...(annotations ? { annotations } : {}) };
  return isLogged(document, id) ? log(changed, id, differences(scheme, name, next.values), by) : changed;
}

/** Locks a scheme: from now on coders cannot change it, and what happens to it is logged. */
export function lockScheme(document: AnnotationDocument, id: string, by: ChangedBy): AnnotationDocument {
  const scheme = requireScheme(document, id);
  if (scheme.locked) return document;
  return log(replace(document, { ...scheme, locked: true }), id, `“${scheme.name}” locked`, by);
}

/** Unlocks a scheme and logs why. @throws RangeError without a reason. */
export function unlockScheme(
  document: AnnotationDocument,
  id: string,
  reason: string,
  by: ChangedBy,
): AnnotationDocument {
  const { locked, ...open } = requireScheme(document, id);
  if (!locked) return document;
  if (reason.trim() === '') throw new RangeError('Say why the scheme is unlocked; the reason is logged.');
  return log(replace(document, open), id, `“${open.name}” unlocked: ${reason.trim().slice(0, 500)}`, by);
}

/** Removes a scheme that no tier uses. @throws RangeError when it is locked or a tier uses it. */
export function removeScheme(document: AnnotationDocument, id: string, by: ChangedBy): AnnotationDocument {
  const scheme = requireOpen(document, id);
  const user = document.tiers?.find((tier) => tier.schemeId === id);
  if (user) throw new RangeError(`The tier “${user.name}” uses this scheme. Remove the tier first.`);
  const without = { ...document, schemes: (document.schemes ?? []).filter((other) => other.id !== id) };
  return isLogged(document, id) ? log(without, id, `“${scheme.name}” removed`, by) : without;
}
