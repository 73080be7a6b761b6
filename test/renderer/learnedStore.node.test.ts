import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Analysis } from '../../core/analysis/analysis.js';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { analysisFingerprint } from '../../core/document/analysisFingerprint.js';
import { type AnnotationDocument, emptyDocument } from '../../core/document/annotationDocument.js';
import { diffDocuments } from '../../core/document/documentPatch.js';
import { switchLearned } from '../../core/learn/learnInput.js';
import type { LearnedReadout } from '../../core/learn/learnedReadout.js';
import { deletionReport } from '../../core/report/deletionReport.js';
import { microseconds } from '../../core/time/microseconds.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { LearnedStore } from '../../renderer/store/learnedStore.js';

const WEIGHT = 0.123456;

function readout(id: string, recordingIds?: readonly string[]): LearnedReadout {
  const bundle = { id: 'b', version: '1', sha256: '0'.repeat(64) };
  const labels = { labels: 20, scores: 0, labelsSha256: '1'.repeat(64), createdUtc: '2026-01-01T00:00:00Z' };
  const cut = { groupedBy: 'block', groups: 4, folds: 4, recordings: 1, raterId: 'R1', seed: 0 } as const;
  return {
    id,
    from: { bundle, ...labels, ...cut, ...(recordingIds ? { recordingIds } : {}) },
    ...{ mean: [0], scale: [1], penalty: 1, weights: [[WEIGHT]], offsets: [0], temperature: 1, comparisons: [] },
  };
}

const plain = (recordingId: string): AnnotationDocument =>
  emptyDocument(recordingId, microseconds(1_000_000), defaultParameters());
const using = (document: AnnotationDocument, learned: LearnedReadout): AnnotationDocument => ({
  ...document,
  parameters: switchLearned(document.parameters, learned),
});

let database: LacunaDatabase;
let store: LearnedStore;
beforeEach(() => {
  database = new LacunaDatabase(`learned-${crypto.randomUUID()}`);
  store = new LearnedStore(database);
});
afterEach(() => void database.close());

/** A recording that uses a read-out: its document, its results, and the edit that switched it on. */
async function keepUse(recordingId: string, learned: LearnedReadout): Promise<void> {
  const document = using(plain(recordingId), learned);
  const said = { readout: learned.id, probabilities: [1], label: 'anger', confidence: 1 };
  const results = [{ segmentId: 's1', learned: said, estimate: { label: 'neutral' } }];
  const analysis = { parameters: document.parameters, results } as unknown as Analysis;
  const fingerprint = analysisFingerprint(document);
  await database.documents.put(document);
  await database.analyses.put({ recordingId, fingerprint, finishedUtc: '', analysis });
  const patch = diffDocuments(plain(recordingId), document);
  await database.edits.put({ recordingId, seq: 0, madeUtc: '', entry: { title: 'Use', patch, madeUtc: '' } });
}

/** Everything that the database holds, as text. */
async function everything(): Promise<string> {
  return JSON.stringify(await Promise.all(database.tables.map((table) => table.toArray())));
}

describe('a read-out whose recording is deleted', () => {
  it('is gone from settings, documents, results and edits, and the report lists it', async () => {
    const learned = readout('learned-a', ['rec-1', 'rec-2']);
    await store.save(learned);
    await keepUse('rec-2', learned);
    expect(await store.learnedFrom('rec-1')).toEqual([{ what: 'Learned read-out', count: 1 }]);
    const { items, recordingIds } = await store.forget('rec-1');
    expect(recordingIds).toEqual(['rec-2']);
    const text = await everything();
    for (const part of [String(WEIGHT), 'learned-a', '"learned"']) expect(text).not.toContain(part);
    expect(await store.last()).toBeUndefined();
    const report = deletionReport({ subject: 'Recording rec-1', appVersion: '1', deletedUtc: '', items });
    expect(report).toContain('| Learned read-out | 1 | NA | deleted |');
    expect(report).toContain('| Its use in recording rec-2 | 1 | NA | deleted |');
  });

  it('leaves the model’s own results as they are, and not out of date', async () => {
    await keepUse('rec-2', readout('learned-a', ['rec-1']));
    await store.forget('rec-1');
    const [document, stored] = [await database.documents.get('rec-2'), await database.analyses.get('rec-2')];
    expect(stored?.analysis.results).toEqual([{ segmentId: 's1', estimate: { label: 'neutral' } }]);
    expect(document).toEqual(plain('rec-2'));
    expect(stored?.fingerprint).toBe(analysisFingerprint(plain('rec-2')));
  });

  it('goes too when it does not say what it was learned from', async () => {
    await store.save(readout('learned-old'));
    expect((await store.forget('rec-9')).items[0]).toEqual({ what: 'Learned read-out', count: 1, deleted: true });
    expect(await store.last()).toBeUndefined();
  });

  it('stays when only other recordings took part', async () => {
    const learned = readout('learned-b', ['rec-2']);
    await store.save(learned);
    await keepUse('rec-3', learned);
    const before = await everything();
    expect(await store.forget('rec-1')).toEqual({
      items: [{ what: 'Learned read-out', count: 0, deleted: true }],
      recordingIds: [],
    });
    expect(await everything()).toBe(before);
  });
});
