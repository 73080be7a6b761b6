import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../core/document/annotationDocument.js';
import { applyPatch, diffDocuments, invertPatch } from '../../core/document/documentPatch.js';
import { addMark, changeMark } from '../../core/marks/editMarks.js';
import { addSegment, mergeSegments, removeSegments, splitSegment } from '../../core/segments/editSegments.js';
import { fromSeconds, microseconds } from '../../core/time/microseconds.js';
import { History } from '../../renderer/document/history.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { HistoryStore } from '../../renderer/store/historyStore.js';

const EMPTY = emptyDocument('rec-1', fromSeconds(100), defaultParameters());
const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });

type Edit = (document: AnnotationDocument) => AnnotationDocument;
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.nat(90).map(
    (at): Edit =>
      (old) =>
        addSegment(old, range(at, at + 2)).document,
  ),
  fc.nat(90).map(
    (at): Edit =>
      (old) =>
        addMark(old, 'audio', range(at, at + 3)).document,
  ),
  fc.nat(5).map(
    (index): Edit =>
      (old) =>
        removeSegments(old, [old.segments[index]?.id ?? '?']),
  ),
  fc.nat(5).map((index): Edit => (old) => {
    const target = old.segments[index];
    if (!target || target.range.end - target.range.start < 2) return old;
    return splitSegment(old, target.id, microseconds(target.range.start + 1)).document;
  }),
  fc.nat(5).map((index): Edit => (old) => {
    const ids = old.segments.slice(index, index + 2).map((item) => item.id);
    return ids.length < 2 ? old : mergeSegments(old, ids).document;
  }),
  fc.nat(5).map((index): Edit => (old) => {
    const target = old.marks[index];
    return target ? changeMark(old, target.id, { range: range(index, index + 30), note: 'x' }) : old;
  }),
  fc.nat(9).map((seed): Edit => (old) => ({ ...old, parameters: { ...old.parameters, seed } })),
);
const series = fc.array(edit, { minLength: 1, maxLength: 15 });

function run(edits: readonly Edit[]) {
  const history = new History();
  const seen = [EMPTY];
  for (const apply of edits) {
    const before = seen.at(-1)!;
    const after = apply(before);
    if (after === before) continue;
    history.record('edit', before, after);
    seen.push(after);
  }
  return { history, seen };
}

describe('patches', () => {
  it('turn one document into the other and back, exactly', () => {
    fc.assert(
      fc.property(series, (edits) => {
        const after = run(edits).seen.at(-1)!;
        const patch = diffDocuments(EMPTY, after);
        expect(applyPatch(EMPTY, patch)).toEqual(after);
        expect(applyPatch(after, invertPatch(patch))).toEqual(EMPTY);
      }),
    );
  });

  it('of one edit among ten thousand segments are small', () => {
    const segments = Array.from({ length: 10_000 }, (_, i) => ({
      id: `s${i}`,
      range: { start: microseconds(i * 10), end: microseconds(i * 10 + 9) },
      origin: 'cue' as const,
    }));
    const document = { ...EMPTY, segments };
    const changed = segments.map((item, i) => (i === 3 || i === 9_000 ? { ...item, text: 'x' } : item));
    expect(JSON.stringify(diffDocuments(document, { ...document, segments: changed })).length).toBeLessThan(1_000);
  });

  it('refuse a document they were not made for', () => {
    const one = addSegment(EMPTY, range(1, 2)).document;
    const patch = diffDocuments(one, removeSegments(one, ['s0001']));
    expect(() => applyPatch(EMPTY, patch)).toThrow(/does not fit/);
  });
});

describe('undo', () => {
  it('takes back and does again any series of edits, exactly, without a limit', () => {
    fc.assert(
      fc.property(series, (edits) => {
        const { history, seen } = run(edits);
        let now = seen.at(-1)!;
        for (let index = seen.length - 2; index >= 0; index -= 1) {
          now = history.undo(now)!.document;
          expect(now).toEqual(seen[index]);
        }
        expect(history.undo(now)).toBeUndefined();
        for (let index = 1; index < seen.length; index += 1) {
          now = history.redo(now)!.document;
          expect(now).toEqual(seen[index]);
        }
      }),
    );
  });

  it('makes typing in one field one step, and a new edit ends redo', () => {
    const history = new History();
    const typed = [1, 2, 3].map((seed) => ({ ...EMPTY, parameters: { ...EMPTY.parameters, seed } }));
    history.record('seed', EMPTY, typed[0]!, 'seed');
    history.record('seed', typed[0]!, typed[1]!, 'seed');
    history.record('other', typed[1]!, typed[2]!, 'other');
    const back = history.undo(typed[2]!)!.document;
    expect(back).toEqual(typed[1]);
    expect(history.undo(back)!.document).toEqual(EMPTY);
    history.record('new', EMPTY, typed[2]!);
    expect(history.redoTitle).toBeUndefined();
  });
});

describe('the kept history', () => {
  const name = () => `history-${crypto.randomUUID()}`;

  it('is there after a restart, with what was undone, and goes on', async () => {
    await fc.assert(
      fc.asyncProperty(series, fc.nat(4), async (edits, undone) => {
        const { history, seen } = run(edits);
        let document = seen.at(-1)!;
        for (let step = 0; step < undone; step += 1) document = history.undo(document)?.document ?? document;
        const database = name();
        const first = new LacunaDatabase(database);
        await new HistoryStore(first).save({ recordingId: 'rec-1', document, history: history.kept() });
        first.close();
        const second = new LacunaDatabase(database);
        const restored = new History();
        restored.restore(await new HistoryStore(second).load('rec-1'));
        let now = (await second.documents.get('rec-1'))!;
        for (;;) {
          const step = restored.redo(now);
          if (!step) break;
          now = step.document;
        }
        expect(now).toEqual(seen.at(-1));
        for (let index = seen.length - 2; index >= 0; index -= 1) now = restored.undo(now)!.document;
        expect(now).toEqual(EMPTY);
        await second.delete();
      }),
      { numRuns: 15 },
    );
  });

  it('drops what a new edit replaced', async () => {
    const database = new LacunaDatabase(name());
    const store = new HistoryStore(database);
    const { history, seen } = run(
      [1, 2, 3].map(
        (at): Edit =>
          (old) =>
            addSegment(old, range(at, at + 1)).document,
      ),
    );
    await store.save({ recordingId: 'rec-1', document: seen[3]!, history: history.kept() });
    let now = history.undo(seen[3]!)!.document;
    now = history.undo(now)!.document;
    const next = addMark(now, 'text', range(1, 2)).document;
    history.record('mark', now, next);
    await store.save({ recordingId: 'rec-1', document: next, history: history.kept() });
    expect((await new HistoryStore(database).load('rec-1')).entries.map((entry) => entry.title)).toEqual([
      'edit',
      'mark',
    ]);
  });

  it('of a session that was not closed is told, of a closed one not', async () => {
    const database = new LacunaDatabase(name());
    const store = new HistoryStore(database);
    expect(await store.beginSession('2020-01-01T00:00:00.000Z')).toEqual([]);
    const { history, seen } = run([(old) => addSegment(old, range(1, 2)).document]);
    await store.save({ recordingId: 'rec-1', document: seen[1]!, history: history.kept() });
    expect(await store.beginSession('2999-01-01T00:00:00.000Z')).toMatchObject([
      { recordingId: 'rec-1', editCount: 1, lastTitle: 'edit' },
    ]);
    await store.endSession();
    expect(await store.beginSession('2020-01-01T00:00:00.000Z')).toEqual([]);
  });

  it('a database of version 1 opens with its documents and an empty history', async () => {
    const database = name();
    const old = new Dexie(database);
    old.version(1).stores({
      recordings: 'recordingId, lastOpenedUtc',
      documents: 'recordingId',
      perceptions: 'recordingId',
      analyses: 'recordingId',
      settings: 'key',
    });
    await old.table('documents').put(EMPTY);
    old.close();
    const upgraded = new LacunaDatabase(database);
    expect(await upgraded.documents.get('rec-1')).toEqual(EMPTY);
    expect(await new HistoryStore(upgraded).load('rec-1')).toEqual({ entries: [], done: 0 });
  });
});
