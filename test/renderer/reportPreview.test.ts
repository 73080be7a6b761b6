import { afterEach, beforeEach, expect, it } from 'vitest';
import { assignParticipant } from '../../core/project/editProject.js';
import { DEFAULT_REPORT_OPTIONS } from '../../core/report/reportOptions.js';
import { ReportPreview } from '../../renderer/report/reportPreview.svelte.js';
import type { Workbench } from '../../renderer/state/workbench.svelte.js';
import { SOURCES } from '../core/report/reportSources.js';
import { RECORDING_ID } from './fakeBridge.js';
import { closeWorkbench, openSampleWorkbench } from './sampleWorkbench.js';

let workbench: Workbench;

beforeEach(async () => {
  workbench = await openSampleWorkbench();
});
afterEach(() => closeWorkbench(workbench));

it('the export window shows the participant that the file will name', async () => {
  const { analysis } = SOURCES.input;
  workbench.workspace.analysis = { recordingId: RECORDING_ID, fingerprint: '', finishedUtc: '', analysis };
  await workbench.projects.apply('Assign', (project) => assignParticipant(project, RECORDING_ID, 'P07'));
  const preview = new ReportPreview(workbench);
  await preview.make(DEFAULT_REPORT_OPTIONS);
  expect(preview.problem).toBeUndefined();
  const { table } = preview.files.find(({ name }) => name === 'segments.csv')!;
  const column = table!.columns.indexOf('participant_id');
  expect(new Set(table!.rows.map((row) => row[column]))).toEqual(new Set(['P07']));
});
