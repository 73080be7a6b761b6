import { DEFAULT_REPORT_OPTIONS } from '../../core/report/reportOptions.js';
import 'fake-indexeddb/auto';
import { configure, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { argumentSchemas } from '../../electron/contract/contract.js';
import App from '../../renderer/App.svelte';
import { Workbench } from '../../renderer/state/workbench.svelte.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { FakeBridge, openedRecording, PROPOSALS, RECORDING_ID, SEGMENTS, TRANSCRIPT_PROBLEM } from './fakeBridge.js';

// a failed look-up is retried many times; printing the whole page each time would take seconds
configure({ getElementError: (message) => new Error(message ?? 'not found') });

let name = '';
let bridge: FakeBridge;
let workbench: Workbench;

async function start(): Promise<void> {
  workbench = new Workbench(bridge, new LacunaDatabase(name));
  render(App, { workbench });
  await workbench.start();
  if (workbench.view.dialog === undefined) return;
  screen.getByTestId('read-notice').click();
  await until(() => expect(workbench.view.dialog).toBeUndefined());
}

/** Waits until `check` passes; the database and the page answer in their own time. */
async function until(check: () => void): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      check();
      return;
    } catch (error) {
      if (attempt > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function finishJobs(): void {
  for (let step = 0; step < 5; step += 1) bridge.advance();
}

async function openSample(): Promise<void> {
  screen.getByRole('button', { name: 'Open sample' }).click();
  await until(() => expect(workbench.jobs.active).toHaveLength(1));
  finishJobs();
  await until(() => expect(workbench.segments.items).toHaveLength(SEGMENTS.length));
}

async function analyse(): Promise<void> {
  screen.getByRole('button', { name: /^Run recovery/ }).click();
  await until(() => expect(workbench.jobs.active).toHaveLength(1));
  finishJobs();
  await until(() => expect(workbench.outdated).toBe(false));
  await until(() => expect(workbench.results.size).toBe(SEGMENTS.length));
}

const key = (code: string, init: KeyboardEventInit = {}) =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...init }));

beforeEach(() => {
  name = `lacuna-${crypto.randomUUID()}`;
  bridge = new FakeBridge();
});
afterEach(async () => {
  await workbench.editor.flush();
  workbench.jobs.dispose();
});

describe('the workbench', () => {
  it('starts with the sample as the one primary button, privacy and intended use', async () => {
    await start();
    expect(screen.getByRole('button', { name: 'Open sample' }).className).toContain('p');
    expect(screen.getByText(/no\s+network code/)).toBeTruthy();
    expect(screen.getByText(/Not for decisions about individuals/)).toBeTruthy();
  });

  it('goes from opening to marks, recovery and export, and always names the next step', async () => {
    await start();
    await openSample();
    const names = () => bridge.calls.map((call) => call.name);
    expect(names()).toContain('job/perceive');
    expect(screen.getByTestId('open-proposals').textContent).toBe(String(PROPOSALS.length));
    expect(workbench.nextStep).toEqual({ do: 'analyze', again: false });
    await analyse();
    expect(workbench.nextStep).toEqual({ do: 'export' });
    screen.getByRole('button', { name: 'Export report' }).click();
    await until(() => screen.getByTestId('report-preview'));
    screen.getByRole('button', { name: 'Export' }).click();
    await until(() => expect(names()).toContain('job/export'));
  });

  it('exports the problems of the transcript and of perception, those of the screen, as the border takes them', async () => {
    await start();
    await openSample();
    await analyse();
    await workbench.workspace.exportReport(DEFAULT_REPORT_OPTIONS);
    const { argument } = bridge.calls.find((call) => call.name === 'job/export')!;
    const { problems } = v.parse(argumentSchemas['job/export'], argument);
    expect(problems).toEqual([TRANSCRIPT_PROBLEM, ...workbench.workspace.perception!.problems]);
    expect(workbench.problems).toEqual(expect.arrayContaining(problems));
  });

  it('shows step, share and a way to cancel while a job runs; cancelling changes nothing', async () => {
    await start();
    await openSample();
    screen.getByRole('button', { name: 'Run recovery' }).click();
    await until(() => expect(screen.getByTestId('job-card').textContent).toContain('Step 1 of 3: Judge quality'));
    screen.getByTestId('cancel-job').click();
    await until(() => expect(workbench.jobs.active).toHaveLength(0));
    expect(workbench.workspace.analysis).toBeUndefined();
    expect(screen.getByTestId('live-region').textContent).toBe('Run recovery cancelled');
  });

  it('says why a job failed and what to do', async () => {
    await start();
    await openSample();
    screen.getByRole('button', { name: 'Run recovery' }).click();
    await until(() => expect(workbench.jobs.active).toHaveLength(1));
    bridge.fail({
      code: 'bundle.hash',
      severity: 'error',
      message: 'fusion.onnx does not fit.',
      tip: 'Install it again.',
    });
    await until(() => expect(screen.getAllByTestId('finished-job')[0]?.textContent).toContain('Install it again.'));
  });

  it('X then V marks the selected segment, undo takes it back, results are then out of date and up to date again', async () => {
    await start();
    await openSample();
    await analyse();
    const before = workbench.editor.document!.marks.length;
    workbench.selectSegment('s0003');
    key('KeyX');
    key('KeyV');
    expect(workbench.editor.document!.marks).toHaveLength(before + 1);
    expect(workbench.mark).toMatchObject({ modality: 'visual', range: SEGMENTS[2]!.range, source: 'human' });
    await until(() => expect(screen.getByTestId('outdated')).toBeTruthy());
    expect(workbench.nextStep).toEqual({ do: 'analyze', again: true });
    key('KeyZ', { ctrlKey: true });
    expect(workbench.editor.document!.marks).toHaveLength(before);
    expect(workbench.outdated).toBe(false);
  });

  it('P, C and D walk through the proposals', async () => {
    await start();
    await openSample();
    key('KeyP');
    const first = workbench.mark!;
    key('KeyC');
    expect(workbench.editor.document!.marks.find((mark) => mark.id === first.id)?.review).toBe('confirmed');
    const second = workbench.mark!;
    expect(second.id).not.toBe(first.id);
    key('KeyD');
    expect(workbench.editor.document!.marks.find((mark) => mark.id === second.id)?.review).toBe('rejected');
    expect(workbench.openProposals).toBe(PROPOSALS.length - 2);
  });

  it('missing is shown in words and NA, never as 0', async () => {
    await start();
    await openSample();
    await analyse();
    workbench.selectSegment('s0006');
    await until(() => expect(screen.getByTestId('no-estimate').textContent).toContain('No estimate'));
    expect(screen.queryByTestId('score-value')).toBeNull();
    expect(screen.getByTestId('modality-visual').textContent).toContain('missing');
  });

  it('a recovered modality is named at the score it was used for', async () => {
    await start();
    await openSample();
    await analyse();
    workbench.selectSegment('s0005');
    await until(() => expect(screen.getByTestId('uses-recovered').textContent).toContain('uses recovered V'));
    expect(screen.getByText(/90 % interval −2.22 to −0.62/)).toBeTruthy();
  });

  it('the model label is not the label of the rater until the button that names it is pressed', async () => {
    await start();
    await openSample();
    await analyse();
    workbench.selectSegment('s0001');
    expect(workbench.labels.size).toBe(0);
    await until(() => expect(screen.getByRole('button', { name: /Confirm happiness and next/ })).toBeTruthy());
    key('Digit3');
    expect(workbench.labels.get('s0001')?.label).toBe('sadness');
    key('Enter');
    expect(workbench.labels.get('s0001')?.label).toBe('sadness');
    expect(workbench.selection.segmentId).toBe('s0002');
  });

  it('the segment list follows the selection and moves it by keys', async () => {
    await start();
    await openSample();
    await analyse();
    screen.getByRole('tab', { name: 'Segments' }).click();
    const list = await screen.findByRole('listbox', { name: 'Segments' });
    list.dispatchEvent(new KeyboardEvent('keydown', { code: 'End', bubbles: true, cancelable: true }));
    expect(workbench.selection.segmentId).toBe('s0010');
    await until(() => {
      const option = within(list).getByRole('option', { selected: true });
      expect(option.getAttribute('aria-label')).toContain(
        'Segment 10, 00:00:40.800 to 00:00:45.860, not rated, model happiness',
      );
      expect(option.getAttribute('aria-label')).toContain('visual recovered');
    });
  });

  it('a refused file is named with what, why and what to do', async () => {
    await start();
    const file = new File(['x'], 'notes.mp4');
    await workbench.workspace.open(() => bridge.openDropped([file]));
    const alert = await screen.findByRole('alert', { name: 'Not opened' });
    expect(alert.textContent).toContain('notes.mp4 holds text, not sound or video.');
    expect(alert.textContent).toContain('Choose the recording itself.');
  });
});

describe('after a restart', () => {
  it('marks, labels, results and proposals are there again, at the same microsecond', async () => {
    await start();
    await openSample();
    await analyse();
    workbench.selectSegment('s0004');
    key('KeyX');
    key('KeyA');
    key('Digit4');
    const before = structuredClone(workbench.editor.document);
    const results = workbench.results.size;
    await workbench.editor.flush();
    workbench.jobs.dispose();
    document.body.replaceChildren();

    await start();
    await until(() => expect(screen.getByTestId('recording-row')).toBeTruthy());
    screen.getByTestId('recording-row').click();
    await until(() => expect(workbench.editor.document).toEqual(before));
    expect(workbench.results.size).toBe(results);
    await until(() => expect(workbench.jobs.active).toHaveLength(1));
    finishJobs();
    await until(() => expect(workbench.jobs.active).toHaveLength(0));
    expect(workbench.editor.document).toEqual(before);
  });

  it('a recording whose file is gone stays readable and asks for the file', async () => {
    await start();
    await openSample();
    await workbench.editor.flush();
    workbench.jobs.dispose();
    document.body.replaceChildren();
    bridge.reopenAnswer = {
      ok: false,
      fileName: 'sample.mp4',
      problem: { code: 'media.not_found', severity: 'error', message: 'It is not there.', tip: 'Locate it.' },
    };

    await start();
    await until(() => expect(screen.getByTestId('recording-row')).toBeTruthy());
    screen.getByTestId('recording-row').click();
    await until(() => expect(screen.getByTestId('locate-file')).toBeTruthy());
    expect(workbench.segments.items).toHaveLength(SEGMENTS.length);
    expect(workbench.nextStep).toMatchObject({ do: 'wait' });

    bridge.chooseAnswer = [{ ok: true, recording: openedRecording() }];
    screen.getByTestId('locate-file').click();
    await until(() => expect(workbench.workspace.media?.recordingId).toBe(RECORDING_ID));
  });
});
