import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../core/document/annotationDocument.js';
import { assertDocumentInvariants } from '../../core/document/assertDocumentInvariants.js';
import { documentSchema } from '../../core/document/documentSchema.js';
import { reviewInBulk } from '../../core/marks/bulkReview.js';
import { addMark, changeMark } from '../../core/marks/editMarks.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import { addSegment, annotateSegment, renameSpeaker, setSpeaker } from '../../core/segments/editSegments.js';
import {
  addAnnotation,
  changeAnnotation,
  mergeAnnotations,
  removeAnnotations,
  resizeAnnotation,
  setAnnotationValue,
  splitAnnotation,
} from '../../core/tiers/editAnnotations.js';
import { addScheme, changeScheme, lockScheme, unlockScheme } from '../../core/tiers/editSchemes.js';
import { addTier, moveTier, removeTier, renameTier } from '../../core/tiers/editTiers.js';
import { firstLook, letterOf } from '../../core/tiers/scheme.js';
import { schemeOf } from '../../core/tiers/tier.js';
import { fromSeconds, microseconds } from '../../core/time/microseconds.js';
import { nextTraceId, putTrace, removeTrace, setTraceLag } from '../../core/traces/editTraces.js';
import { History } from '../../renderer/document/history.js';
import { listedFrames } from '../../renderer/document/frames.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { HistoryStore } from '../../renderer/store/historyStore.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const BY = { raterId: 'R1', now: NOW };
const PROPOSALS = [0.2, 0.5, 0.9].map((confidence, index): CorruptionMark => ({
  id: `auto-audio-noisy-000${index}`,
  modality: 'audio',
  range: { start: fromSeconds(index), end: fromSeconds(index + 1) },
  kind: 'noisy',
  severity: 2,
  source: 'auto',
  confidence,
  review: 'proposed',
  note: '',
}));
const EMPTY: AnnotationDocument = {
  ...emptyDocument('rec-1', fromSeconds(100), defaultParameters()),
  marks: PROPOSALS,
};
const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });

type Edit = (document: AnnotationDocument) => AnnotationDocument;

/** Edits by an index that is used modulo what there is; those that make no sense leave the document as it is. */
const EDITS: readonly ((n: number) => Edit)[] = [
  (n) => (old) =>
    (old.tiers ?? []).length > 5
      ? old
      : addTier(old, `tier ${n}-${(old.tiers ?? []).length}`, n % 2 ? 'emotion' : undefined).document,
  (n) => (old) => {
    const made = addScheme(old, `scheme ${n}-${(old.schemes ?? []).length}-${(old.schemeLog ?? []).length}`);
    const values = ['a', 'b'].map((value, index) => ({ value, ...firstLook(index), letter: letterOf(value) }));
    return changeScheme(made.document, made.scheme.id, { name: made.scheme.name, values }, BY);
  },
  (n) => (old) =>
    withTier(old, n, (tier) => {
      const value =
        schemeOf(old, tier)?.values[n % 2]?.value ?? (tier.schemeId === undefined ? `text ${n}` : undefined);
      const wanted = { tierId: tier.id, range: range(n % 90, (n % 90) + 3), raterId: n % 3 ? 'R1' : 'R2' };
      return addAnnotation(old, { ...wanted, ...(value === undefined ? {} : { value }) }, NOW).document;
    }),
  (n) => (old) => withAnnotation(old, n, ({ id }) => setAnnotationValue(old, id, undefined, NOW)),
  (n) => (old) =>
    withAnnotation(old, n, ({ id }) => changeAnnotation(old, id, { note: `n${n}`, flagged: n % 2 === 0 }, NOW)),
  (n) => (old) =>
    withAnnotation(old, n, ({ id, range: { start, end } }) =>
      end - start < 2 ? old : splitAnnotation(old, id, microseconds(start + 1 + (n % (end - start - 1))), NOW).document,
    ),
  (n) => (old) =>
    withAnnotation(old, n, ({ tierId, raterId }) => {
      const ids = (old.annotations ?? [])
        .filter((other) => other.tierId === tierId && other.raterId === raterId)
        .map(({ id }) => id);
      return ids.length < 2 ? old : mergeAnnotations(old, ids.slice(0, 2), NOW).document;
    }),
  (n) => (old) =>
    withAnnotation(old, n, ({ id }) =>
      resizeAnnotation(old, id, range(n % 80, (n % 80) + 5), microseconds(40_000), NOW),
    ),
  (n) => (old) => withAnnotation(old, n, ({ id }) => removeAnnotations(old, [id])),
  (n) => (old) => withTier(old, n, ({ id }) => renameTier(old, id, `renamed ${n} ${id}`)),
  (n) => (old) => withTier(old, n, ({ id }) => moveTier(old, id, n % 2 ? 1 : -1)),
  (n) => (old) => withTier(old, n, ({ id }) => removeTier(old, id)),
  (n) => (old) => withScheme(old, n, ({ id }) => lockScheme(old, id, BY)),
  (n) => (old) => withScheme(old, n, ({ id }) => unlockScheme(old, id, 'why', BY)),
  (n) => (old) =>
    withScheme(old, n, ({ id, name, locked, values }) =>
      locked
        ? old
        : changeScheme(
            old,
            id,
            { name, values: values.map((value) => ({ ...value, was: value.value, value: `${value.value}.` })) },
            BY,
          ),
    ),
  (n) => (old) =>
    putTrace(old, {
      ...{ id: nextTraceId(old), dimension: n % 2 ? 'valence' : 'arousal', raterId: 'R1', input: 'keys', speeds: [1] },
      ...{
        start: fromSeconds(n % 90),
        step: microseconds(50_000),
        values: [n, null, -n],
        reactionLag: microseconds(0),
      },
      recordedUtc: NOW.toISOString(),
    }),
  (n) => (old) => (old.traces?.[0] ? setTraceLag(old, old.traces[0].id, microseconds(n * 1000)) : old),
  (n) => (old) => removeTrace(old, old.traces?.[n % 2]?.id ?? '?'),
  (n) => (old) => addSegment(old, range(n % 90, (n % 90) + 2), microseconds(n * 1000)).document,
  (n) => (old) =>
    old.segments[n % 3] ? annotateSegment(old, old.segments[n % 3]!.id, { note: `n${n}`, flagged: n % 2 === 0 }) : old,
  (n) => (old) => (old.segments[n % 3] ? setSpeaker(old, old.segments[n % 3]!.id, n % 2 ? 'A' : 'B') : old),
  (n) => (old) => renameSpeaker(old, 'A', n % 2 ? 'B' : 'C'),
  (n) => (old) => addMark(old, 'visual', range(n % 90, (n % 90) + 1), 'R2').document,
  (n) => (old) =>
    changeMark(old, old.marks[n % old.marks.length]!.id, { kind: 'other', ownKind: `kind ${n % 4}` }, 'R1'),
  (n) => (old) =>
    reviewInBulk(
      old,
      { threshold: (n % 100) / 100, kinds: new Set(['noisy']) },
      { above: 'confirmed', below: 'rejected' },
      'R1',
    ),
];

const pick = <T>(items: readonly T[] | undefined, n: number): T | undefined => items?.[n % items.length];
function withTier(
  old: AnnotationDocument,
  n: number,
  edit: (tier: NonNullable<AnnotationDocument['tiers']>[number]) => AnnotationDocument,
) {
  const tier = pick(old.tiers, n);
  return tier ? edit(tier) : old;
}
function withAnnotation(
  old: AnnotationDocument,
  n: number,
  edit: (item: NonNullable<AnnotationDocument['annotations']>[number]) => AnnotationDocument,
) {
  const item = pick(old.annotations, n);
  return item ? edit(item) : old;
}
function withScheme(
  old: AnnotationDocument,
  n: number,
  edit: (item: NonNullable<AnnotationDocument['schemes']>[number]) => AnnotationDocument,
) {
  const item = pick(old.schemes, n);
  return item ? edit(item) : old;
}

const anyEdit = fc.tuple(fc.nat(EDITS.length - 1), fc.nat(1000)).map(([kind, n]) => EDITS[kind]!(n));

describe('edits of tiers, schemes, traces, marks and raters', () => {
  it('any sequence of edits keeps the invariants and fits the schema of files, and undoing all of them gives the same document', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40 }), (edits) => {
        const history = new History();
        let document = EMPTY;
        for (const edit of edits) {
          const next = edit(document);
          assertDocumentInvariants(next);
          if (next !== document) history.record('edit', document, next);
          document = next;
        }
        const last = document;
        expect(v.parse(documentSchema, JSON.parse(JSON.stringify(last)))).toEqual(last);
        for (let step = history.undo(document); step; step = history.undo(document)) {
          document = step.document;
          assertDocumentInvariants(document);
        }
        expect(document).toEqual(EMPTY);
        for (let step = history.redo(document); step; step = history.redo(document)) document = step.document;
        expect(document).toEqual(last);
      }),
      { numRuns: 200 },
    );
  });

  it('everything survives a restart: the same document, at the same frames, with edits that can be undone', async () => {
    const clock = listedFrames([0, 40_000, 90_000, 131_000, 1_000_000, 2_000_000, 50_000_000], fromSeconds(100));
    const frames = ({ annotations = [], marks }: AnnotationDocument) =>
      [...annotations, ...marks].map((item) => [
        item.id,
        clock.frameAt(item.range.start),
        clock.frameAt(item.range.end),
      ]);
    await fc.assert(
      fc.asyncProperty(fc.array(anyEdit, { minLength: 1, maxLength: 25 }), async (edits) => {
        const name = `coding-${Math.random()}`;
        const history = new History();
        let document = EMPTY;
        for (const edit of edits) {
          const next = edit(document);
          if (next !== document) history.record('edit', document, next);
          document = next;
        }
        const database = new LacunaDatabase(name);
        await new HistoryStore(database).save({ recordingId: 'rec-1', document, history: history.kept() });
        database.close();
        const reopened = new LacunaDatabase(name);
        const back = (await reopened.documents.get('rec-1'))!;
        expect(back).toEqual(document);
        expect(frames(back)).toEqual(frames(document));
        const restored = new History();
        restored.restore(await new HistoryStore(reopened).load('rec-1'));
        let undone = back;
        for (let step = restored.undo(undone); step; step = restored.undo(undone)) undone = step.document;
        expect(undone).toEqual(EMPTY);
        reopened.close();
        await Dexie.delete(name);
      }),
      { numRuns: 25 },
    );
  });
});
