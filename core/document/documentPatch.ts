/**
 * The difference between two documents, small enough to keep one per edit: undo and redo over a restart are made of
 * patches, not of whole documents.
 */
import type { AnnotationDocument } from './annotationDocument.js';

/** Items of a list from `at` on that were exchanged: `removed` stood there before, `added` stand there after. */
interface ListHunk {
  readonly at: number;
  readonly removed: readonly unknown[];
  readonly added: readonly unknown[];
}

/** How one field of a document changed; an absent side means that the field was not there. */
type FieldPatch =
  | { readonly field: string; readonly hunks: readonly ListHunk[] }
  | { readonly field: string; readonly before?: unknown; readonly after?: unknown };

export type DocumentPatch = readonly FieldPatch[];

/** Hunks that turn one list into the other. Items that an edit did not touch are the same objects, so comparing is cheap. */
function diffLists(before: readonly unknown[], after: readonly unknown[]): readonly ListHunk[] {
  if (before.length === after.length) return diffInPlace(before, after);
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const [removed, added] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  return [{ at: head, removed, added }];
}

/** Lists of equal length: one hunk per run of changed items, so that an edit of far-apart items stays small. */
function diffInPlace(before: readonly unknown[], after: readonly unknown[]): readonly ListHunk[] {
  const hunks: ListHunk[] = [];
  for (let at = 0; at < before.length; at += 1) {
    if (before[at] === after[at]) continue;
    let end = at + 1;
    while (end < before.length && before[end] !== after[end]) end += 1;
    hunks.push({ at, removed: before.slice(at, end), added: after.slice(at, end) });
    at = end;
  }
  return hunks;
}

/** What turns `before` into `after`. */
export function diffDocuments(before: AnnotationDocument, after: AnnotationDocument): DocumentPatch {
  const old = new Map<string, unknown>(Object.entries(before));
  const next = new Map<string, unknown>(Object.entries(after));
  const fields = [...new Set([...old.keys(), ...next.keys()])].filter((field) => old.get(field) !== next.get(field));
  return fields.map((field): FieldPatch => {
    const [from, to] = [old.get(field), next.get(field)];
    if (Array.isArray(from) && Array.isArray(to)) return { field, hunks: diffLists(from, to) };
    return {
      field,
      ...(from === undefined ? {} : { before: from }),
      ...(to === undefined ? {} : { after: to }),
    };
  });
}

/** The patch that takes another one back. */
export function invertPatch(patch: DocumentPatch): DocumentPatch {
  return patch.map((part): FieldPatch => {
    if ('hunks' in part) {
      let shift = 0;
      const hunks = part.hunks.map(({ at, removed, added }) => {
        const turned = { at: at + shift, removed: added, added: removed };
        shift += added.length - removed.length;
        return turned;
      });
      return { field: part.field, hunks };
    }
    return {
      field: part.field,
      ...('after' in part ? { before: part.after } : {}),
      ...('before' in part ? { after: part.before } : {}),
    };
  });
}

function patchList(list: readonly unknown[], hunks: readonly ListHunk[], field: string): readonly unknown[] {
  const result: unknown[] = [];
  let from = 0;
  for (const { at, removed, added } of hunks) {
    // JSON: what comes back from the database is equal, not the same
    const fits = JSON.stringify(list.slice(at, at + removed.length)) === JSON.stringify(removed);
    if (at < from || !fits) throw new RangeError(`the patch of ${field} does not fit`);
    result.push(...list.slice(from, at), ...added);
    from = at + removed.length;
  }
  return [...result, ...list.slice(from)];
}

/**
 * The document after a patch.
 * @throws RangeError when the patch was made for another document.
 */
export function applyPatch(document: AnnotationDocument, patch: DocumentPatch): AnnotationDocument {
  const fields = new Map<string, unknown>(Object.entries(document));
  for (const part of patch) {
    if ('hunks' in part) {
      const list = fields.get(part.field);
      if (!Array.isArray(list)) throw new RangeError(`the patch of ${part.field} does not fit`);
      fields.set(part.field, patchList(list, part.hunks, part.field));
    } else if ('after' in part) fields.set(part.field, part.after);
    else fields.delete(part.field);
  }
  return Object.fromEntries(fields) as unknown as AnnotationDocument;
}
