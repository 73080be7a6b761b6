import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { emptyDocument } from '../../core/document/annotationDocument.js';
import { addRecordings } from '../../core/project/editProject.js';
import { emptyProject } from '../../core/project/project.js';
import { microseconds } from '../../core/time/microseconds.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { ProjectStore } from '../../renderer/store/projectStore.js';
import { RecordingStore } from '../../renderer/store/recordingStore.js';

/** The database as version 2 of it made it. */
async function versionTwo(name: string): Promise<void> {
  const old = new Dexie(name);
  old.version(1).stores({
    recordings: 'recordingId, lastOpenedUtc',
    documents: 'recordingId',
    perceptions: 'recordingId',
    analyses: 'recordingId',
    settings: 'key',
  });
  old.version(2).stores({ edits: '[recordingId+seq], recordingId, madeUtc', histories: 'recordingId' });
  const info = { container: 'wav', sizeBytes: 1, duration: microseconds(1_000_000) };
  for (const [index, recordingId] of ['rec-b', 'rec-a'].entries()) {
    const lastOpenedUtc = `2026-11-2${index}T10:00:00.000Z`;
    await old.table('recordings').put({ recordingId, fileName: `${recordingId}.wav`, info, lastOpenedUtc });
    await old.table('documents').put(emptyDocument(recordingId, info.duration, defaultParameters()));
  }
  old.close();
}

describe('projects in the database', () => {
  it('recordings of version 2 become the first project, in the order they were opened, and keep their work', async () => {
    const name = `v2-${crypto.randomUUID()}`;
    await versionTwo(name);
    const database = new LacunaDatabase(name);
    const { project } = await new ProjectStore(database).current();
    expect(project.name).toBe('My recordings');
    expect(project.recordings.map(({ recordingId }) => recordingId)).toEqual(['rec-b', 'rec-a']);
    expect((await new RecordingStore(database).load('rec-a')).document?.recordingId).toBe('rec-a');
    expect(await database.projects.count()).toBe(1);
    database.close();
  });

  it('a learned read-out in the parameters of a project of version 4 is gone, and nothing else of it', async () => {
    const name = `v4-${crypto.randomUUID()}`;
    const old = new Dexie(name);
    old.version(4).stores({ projects: 'id, lastOpenedUtc' });
    const learned = { id: 'l1', from: { recordingIds: ['rec-a'] }, weights: [[0.123456]] };
    const kept = { ...emptyProject('prj-1', 'Siblings', '2026-11-25T10:00:00.000Z'), parametersLocked: true };
    const stored = (parameters: object) => ({ id: 'prj-1', lastOpenedUtc: '', project: { ...kept, parameters } });
    await old.table('projects').put(stored({ ...defaultParameters(), learned }));
    old.close();
    const database = new LacunaDatabase(name);
    expect(await database.projects.toArray()).toEqual([stored(defaultParameters())]);
    database.close();
  });

  it('a new database begins with one empty project, however often it is asked for', async () => {
    const database = new LacunaDatabase(`new-${crypto.randomUUID()}`);
    const store = new ProjectStore(database);
    const [first, again] = await Promise.all([store.current(), store.current()]);
    expect(again).toEqual(first);
    expect(first.project.recordings).toEqual([]);
    database.close();
  });

  it('the project opened last is on screen after a restart, and recent ones come first', async () => {
    const name = `recent-${crypto.randomUUID()}`;
    const database = new LacunaDatabase(name);
    const store = new ProjectStore(database);
    const first = await store.current();
    const second = { ...first, id: 'prj-2', lastOpenedUtc: '2999-01-01T00:00:00.000Z' };
    await store.open(second);
    await store.open(first);
    database.close();
    const reopened = new ProjectStore(new LacunaDatabase(name));
    expect((await reopened.current()).id).toBe(first.id);
    expect((await reopened.list()).map(({ id }) => id)).toEqual(['prj-2', first.id]);
  });

  it('a change for all projects reaches each of them', async () => {
    const database = new LacunaDatabase(`all-${crypto.randomUUID()}`);
    const store = new ProjectStore(database);
    const first = await store.current();
    await store.save({ ...first, id: 'prj-2' });
    await store.changeAll((project) => addRecordings(project, ['rec-x']));
    const members = (await store.list()).map(({ project }) => project.recordings.length);
    expect(members).toEqual([1, 1]);
    database.close();
  });
});
