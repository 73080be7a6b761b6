import type { Workbench } from '../state/workbench.svelte.js';
import { fitViewport, zoomAt, zoomToRange } from '../timeline/viewport.js';
import { timeToX } from '../timeline/viewport.js';
import type { Command } from './command.js';

function openFiles(workbench: Workbench): void {
  void workbench.workspace.open(() => workbench.bridge.call('recording/choose'));
}

function openSample(workbench: Workbench): void {
  void workbench.workspace.open(async () => [await workbench.bridge.call('recording/openSample')]);
}

function runRecovery(workbench: Workbench): void {
  workbench.view.jobsOpen = true;
  void workbench.attempt('Run recovery', () => workbench.workspace.analyze());
}

function exportReport(workbench: Workbench): void {
  void workbench.attempt('Export report', () => workbench.workspace.exportReport());
}

function findMarks(workbench: Workbench): void {
  void workbench.attempt('Find marks', () => workbench.workspace.perceive());
}

function canPerceive(w: Workbench): boolean {
  return w.workspace.media !== undefined && !w.jobs.activeOf(w.workspace.entry?.recordingId, 'perceive');
}

function canAnalyze(w: Workbench): boolean {
  const id = w.workspace.entry?.recordingId;
  return w.workspace.media !== undefined && w.segments.items.length > 0 && !w.jobs.activeOf(id, 'analyze');
}

/** Needs results of the marks on screen: a report of outdated results would not say what the page says. */
function canExport(w: Workbench): boolean {
  const id = w.workspace.entry?.recordingId;
  return w.workspace.analysis !== undefined && !w.outdated && !w.jobs.activeOf(id, 'export');
}

function zoom(workbench: Workbench, factor: number): void {
  const { viewport, player } = workbench;
  const x = Math.min(Math.max(timeToX(viewport, player.time), 0), viewport.width);
  workbench.viewport = zoomAt(viewport, factor, x);
}

const isOpen = (w: Workbench) => w.workspace.entry !== undefined;

export const GENERAL_COMMANDS: readonly Command[] = [
  { id: 'recording.open', title: 'Open recordings', category: 'Recording', keys: ['Ctrl+KeyO'], run: openFiles },
  { id: 'recording.openSample', title: 'Open the sample recording', category: 'Recording', keys: [], run: openSample },
  {
    id: 'transcript.import',
    title: 'Import a transcript',
    category: 'Recording',
    keys: [],
    when: (w) => w.workspace.media !== undefined,
    run: (w) => void w.attempt('Import transcript', () => w.workspace.importTranscript()),
  },
  {
    id: 'marks.find',
    title: 'Find marks again',
    category: 'Recording',
    keys: [],
    when: canPerceive,
    run: findMarks,
  },
  {
    id: 'recovery.run',
    title: 'Run recovery',
    category: 'Recording',
    keys: ['Ctrl+Enter'],
    when: canAnalyze,
    run: runRecovery,
  },
  {
    id: 'report.export',
    title: 'Export report',
    category: 'Recording',
    keys: ['Ctrl+KeyE'],
    when: canExport,
    run: exportReport,
  },
  {
    id: 'job.cancel',
    title: 'Cancel the running job',
    category: 'Recording',
    keys: [],
    when: (w) => w.jobs.current !== undefined,
    run: (w) => w.jobs.current && void w.jobs.cancel(w.jobs.current.jobId),
  },
  {
    id: 'edit.undo',
    title: 'Undo',
    category: 'Edit',
    keys: ['Ctrl+KeyZ'],
    when: (w) => w.editor.undoTitle !== undefined,
    run: (w) => w.editor.undo(),
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    category: 'Edit',
    keys: ['Ctrl+Shift+KeyZ', 'Ctrl+KeyY'],
    when: (w) => w.editor.redoTitle !== undefined,
    run: (w) => w.editor.redo(),
  },
  {
    id: 'view.zoomIn',
    title: 'Zoom in',
    category: 'View',
    keys: ['Equal', 'NumpadAdd'],
    when: isOpen,
    run: (w) => zoom(w, 1.5),
  },
  {
    id: 'view.zoomOut',
    title: 'Zoom out',
    category: 'View',
    keys: ['Minus', 'NumpadSubtract'],
    when: isOpen,
    run: (w) => zoom(w, 1 / 1.5),
  },
  {
    id: 'view.zoomSelection',
    title: 'Zoom to the selection',
    category: 'View',
    keys: ['KeyZ'],
    when: (w) => w.range !== undefined,
    run: (w) => {
      if (w.range) w.viewport = zoomToRange(w.viewport, w.range.start, w.range.end);
    },
  },
  {
    id: 'view.zoomAll',
    title: 'Show the whole recording',
    category: 'View',
    keys: ['Shift+KeyZ'],
    when: isOpen,
    run: (w) => {
      w.viewport = fitViewport(w.player.duration, w.viewport.width);
    },
  },
  {
    id: 'view.timeline',
    title: 'Show the timeline',
    category: 'View',
    keys: ['Alt+Digit7'],
    when: isOpen,
    run: (w) => {
      w.view.dockTab = 'timeline';
    },
  },
  {
    id: 'view.segments',
    title: 'Show the segment table',
    category: 'View',
    keys: ['Alt+Digit8'],
    when: isOpen,
    run: (w) => {
      w.view.dockTab = 'segments';
    },
  },
  {
    id: 'view.problems',
    title: 'Show the problems',
    category: 'View',
    keys: ['Alt+Digit9'],
    when: isOpen,
    run: (w) => {
      w.view.dockTab = 'problems';
    },
  },
  {
    id: 'view.parameters',
    title: 'Show the parameters',
    category: 'View',
    keys: ['Alt+Digit0'],
    when: isOpen,
    run: (w) => {
      w.view.dockTab = 'parameters';
    },
  },
  {
    id: 'view.jobs',
    title: 'Show or hide the jobs',
    category: 'View',
    keys: [],
    run: (w) => {
      w.view.jobsOpen = !w.view.jobsOpen;
    },
  },
  {
    id: 'view.theme',
    title: 'Switch between light and dark',
    category: 'View',
    keys: [],
    run: (w) => w.theme.toggle(),
  },
  {
    id: 'view.palette',
    title: 'Search or run a command',
    category: 'View',
    keys: ['Ctrl+KeyK'],
    run: (w) => {
      w.view.dialog = 'palette';
    },
  },
  {
    id: 'help.shortcuts',
    title: 'Keyboard sheet',
    category: 'View',
    keys: ['Shift+Slash', 'F1'],
    run: (w) => {
      w.view.dialog = 'shortcuts';
    },
  },
];
