import 'fake-indexeddb/auto';
import { configure, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import { emptyDocument } from '../../core/document/annotationDocument.js';
import { addRecordings, assignParticipant } from '../../core/project/editProject.js';
import { packRead } from '../../core/project/packedProject.js';
import { emptyProject } from '../../core/project/project.js';
import { parseContents } from '../../core/project/projectFile.js';
import type { ProjectOpened } from '../../electron/contract/types.js';
import { addMark } from '../../core/marks/editMarks.js';
import App from '../../renderer/App.svelte';
import { Workbench } from '../../renderer/state/workbench.svelte.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { FakeBridge, openedRecording, RECORDING_ID } from './fakeBridge.js';

configure({ getElementError: (message) => new Error(message ?? 'not found') });

let bridge: FakeBridge;
let workbench: Workbench;
let database: LacunaDatabase;

beforeEach(async () => {
  bridge = new FakeBridge();
  database = new LacunaDatabase(`page-${crypto.randomUUID()}`);
  workbench = new Workbench(bridge, database);
  render(App, { workbench });
  await workbench.start();
  workbench.view.dialog = undefined;
});
afterEach(() => {
  vi.restoreAllMocks();
  database.close();
});

const { info } = openedRecording();
const project = assignParticipant(
  addRecordings(emptyProject('prj-9', 'From tomorrow', '2026-11-25T10:00:00.000Z'), [RECORDING_ID]),
  RECORDING_ID,
  'P07',
);

function newerFile(): ProjectOpened {
  const read = {
    ...{ project, template: false, analyses: [], appVersion: '9.0.0', savedUtc: '2026-11-25T10:00:00.000Z' },
    recordings: [{ recordingId: RECORDING_ID, fileName: 'sample.mp4', info }],
    documents: [emptyDocument(RECORDING_ID, info.duration, defaultParameters())],
    newerVersion: 9,
  };
  return {
    fileName: 'tomorrow.lacuna',
    hash: 'ab'.repeat(32),
    read: packRead(read),
    media: { [RECORDING_ID]: 'missing' },
  };
}

describe('a project file of a newer version', () => {
  it('is shown, says so, cannot be changed, and leaves the database as it was', async () => {
    bridge.results.openProject = { kind: 'openProject', opened: newerFile() };
    const before = await database.projects.toArray();
    await workbench.projectFiles.open();
    expect((await screen.findByTestId('recording-row')).textContent).toContain('sample.mp4');
    expect(screen.getByRole('heading', { name: /^P07/ })).toBeTruthy();
    await workbench.workspace.reopen(workbench.workspace.entries[0]!);
    expect(screen.getAllByText(/newer Lacuna \(9\.0\.0/).length).toBeGreaterThan(0);
    const { document } = workbench.editor;
    workbench.editor.apply(
      'Mark',
      addMark(document!, 'visual', { start: 0 as never, end: 1_000_000 as never }).document,
    );
    expect(workbench.editor.document).toBe(document);
    await expect(workbench.projects.apply('Rename', (known) => ({ ...known, name: 'x' }))).rejects.toThrow(/newer/);
    await workbench.editor.flush();
    expect(await database.documents.count()).toBe(0);
    expect(await database.recordings.count()).toBe(0);
    expect(await database.projects.toArray()).toEqual(before);
  });
});

describe('a template', () => {
  it('holds conditions, plan and parameters, and neither people nor recordings nor annotations', async () => {
    const { id } = workbench.projects.current!;
    await workbench.workspace.open(() => Promise.resolve([{ ok: true, recording: openedRecording() }]));
    await workbench.projects.apply('Plan', (known) => ({
      ...assignParticipant(addRecordings(known, [RECORDING_ID]), RECORDING_ID, 'P07'),
      analysisPlan: 'One sided.',
      conditions: [{ name: 'group', type: 'category', levels: ['control', 'treated'] }],
    }));
    const saved = { changed: false as const, fileName: 'plan.lacuna', hash: 'ab'.repeat(32), problems: [] };
    bridge.results.saveProject = { kind: 'saveProject', saved };
    await workbench.projectFiles.saveTemplate();
    const template = parseContents(bridge.handed().at(-1)!);
    expect(template).toMatchObject({ template: true, recordings: [], documents: [], analyses: [] });
    expect(template.project).toMatchObject({ participants: [], recordings: [], analysisPlan: 'One sided.' });
    expect(template.project.parameters).toEqual(workbench.editor.document?.parameters);
    expect(JSON.stringify(template)).not.toMatch(/P07|sample\.mp4|rec-/);
    // the project on screen is not the template's
    expect(workbench.projects.stored?.fileName).toBeUndefined();
    expect(bridge.calls.findLast(({ name }) => name === 'job/saveProject')?.argument).toMatchObject({
      ...{ projectId: expect.any(String) as string, as: true, template: true },
    });
    expect(workbench.projects.current?.id).toBe(id);
  });
});

describe('a full disk', () => {
  it('is told in words, keeps the edits on screen and saves them when there is room again', async () => {
    await workbench.workspace.open(() => Promise.resolve([{ ok: true, recording: openedRecording() }]));
    await workbench.editor.flush();
    const put = vi.spyOn(database.documents, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const { document } = workbench.editor;
    const range = { start: 0 as never, end: 1_000_000 as never };
    workbench.editor.apply('Mark', addMark(document!, 'visual', range).document);
    await workbench.editor.flush();
    const notice = await screen.findByTestId('not-saved');
    expect(notice.textContent).toMatch(/not saved.*is full/s);
    expect(workbench.editor.document?.marks).toHaveLength(1);
    put.mockRestore();
    screen.getByRole('button', { name: 'Save again' }).click();
    await vi.waitFor(() => expect(screen.queryByTestId('not-saved')).toBeNull());
    expect((await database.documents.get(RECORDING_ID))?.marks).toHaveLength(1);
  });

  it('a change of the project that cannot be kept is taken back on screen', async () => {
    vi.spyOn(database.projects, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const { name } = workbench.projects.current!;
    await expect(workbench.projects.apply('Rename', (known) => ({ ...known, name: 'x' }))).rejects.toThrow(/is full/);
    expect(workbench.projects.current?.name).toBe(name);
  });
});

describe('undo of the project', () => {
  it('takes the last change back and brings it again, also after a recording was opened in between', async () => {
    await workbench.projects.apply('Rename', (known) => ({ ...known, name: 'Wave 2' }));
    await workbench.workspace.open(() => Promise.resolve([{ ok: true, recording: openedRecording() }]));
    await workbench.projects.undo();
    expect(workbench.projects.current).toMatchObject({
      name: 'My recordings',
      recordings: [{ recordingId: RECORDING_ID }],
    });
    await workbench.projects.redo();
    expect(workbench.projects.current).toMatchObject({ name: 'Wave 2', recordings: [{ recordingId: RECORDING_ID }] });
  });
});
