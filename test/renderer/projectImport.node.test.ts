import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { type AnnotationDocument, emptyDocument } from '../../core/document/annotationDocument.js';
import { addRecordings } from '../../core/project/editProject.js';
import { emptyProject } from '../../core/project/project.js';
import type { ReadProject } from '../../core/project/projectFile.js';
import { fromSeconds } from '../../core/time/microseconds.js';
import { planMerge } from '../../renderer/project/mergePlan.js';
import { LacunaDatabase, type StoredProject } from '../../renderer/store/database.js';
import { HistoryStore } from '../../renderer/store/historyStore.js';
import { importProject } from '../../renderer/store/projectImport.js';
import { storageWords } from '../../renderer/store/storageWords.js';
import { History } from '../../renderer/document/history.js';

const UTC = '2026-11-25T10:00:00.000Z';
const base = emptyDocument('rec-a', fromSeconds(60), defaultParameters());
const labelled = (raterId: string): AnnotationDocument => ({
  ...base,
  segments: [{ id: 's0001', range: { start: fromSeconds(0), end: fromSeconds(5) }, origin: 'cue' }],
  labels: [{ segmentId: 's0001', raterId, label: 'anger', modifiedUtc: UTC }],
});
const project = addRecordings(emptyProject('prj-1', 'Siblings', UTC), ['rec-a', 'rec-b']);
const stored: StoredProject = { id: 'prj-1', project, lastOpenedUtc: UTC };
const info = { container: 'wav', sizeBytes: 1, duration: fromSeconds(60) };

function file(document: AnnotationDocument): ReadProject {
  return {
    ...{ project, template: false, analyses: [], appVersion: '0.1.0', savedUtc: UTC },
    recordings: ['rec-a', 'rec-b'].map((recordingId) => ({ recordingId, fileName: `${recordingId}.wav`, info })),
    documents: [document, { ...base, recordingId: 'rec-b' }],
  };
}

const plan = (mine: AnnotationDocument) =>
  planMerge(file(labelled('R2')), 'anna.lacuna', { stored, known: { 'rec-a': { listed: true, document: mine } } });

describe('taking over a project file', () => {
  it('adds a co-worker’s labels as one step of undo, and new recordings whole', async () => {
    const database = new LacunaDatabase(`merge-${crypto.randomUUID()}`);
    const mine = labelled('R1');
    await database.documents.put(mine);
    await importProject(database, 'Merge anna.lacuna', plan(mine).build({}));
    const merged = (await database.documents.get('rec-a'))!;
    expect(merged.labels.map(({ raterId }) => raterId)).toEqual(['R1', 'R2']);
    expect(await database.documents.get('rec-b')).toBeDefined();
    expect((await database.recordings.toArray()).map(({ recordingId }) => recordingId)).toEqual(['rec-b']);
    const history = new History();
    history.restore(await new HistoryStore(database).load('rec-a'));
    expect(history.undo(merged)?.document).toEqual(mine);
    database.close();
  });

  it('with a full disk nothing at all is taken over, and the words say what to do', async () => {
    const database = new LacunaDatabase(`full-${crypto.randomUUID()}`);
    const mine = labelled('R1');
    await database.documents.put(mine);
    vi.spyOn(database.histories, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const failure = await importProject(database, 'Merge', plan(mine).build({})).catch((error: unknown) => error);
    expect(storageWords(failure)).toMatch(/is full\. What was saved before is not lost/);
    expect(await database.documents.toArray()).toEqual([mine]);
    expect(await database.recordings.count()).toBe(0);
    expect(await database.projects.count()).toBe(0);
    database.close();
  });

  it('a file that says nothing new asks nothing and changes nothing', () => {
    const mine = labelled('R2');
    const made = plan(mine);
    expect(made.conflicts).toEqual([]);
    expect(made.recordings[0]).toMatchObject({ same: true });
    expect(made.build({}).documents.map(({ after }) => after.recordingId)).toEqual(['rec-b']);
  });
});

describe('words for a database that does not take it', () => {
  it('finds a full disk inside the error that wraps it', () => {
    const inner = new DOMException('', 'QuotaExceededError');
    expect(storageWords(Object.assign(new Error('aborted'), { name: 'AbortError', inner }))).toMatch(/is full/);
    expect(storageWords(new Error('locked'))).toMatch(/\(locked\)/);
  });
});
