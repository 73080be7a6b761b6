import type { Workbench } from '../state/workbench.svelte.js';
import { commandGroup } from './command.js';

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
  workbench.view.openDialog('export');
}

function repeatAnalysis(workbench: Workbench): void {
  workbench.view.jobsOpen = true;
  void workbench.attempt('Repeat an analysis', () => workbench.bridge.call('job/repeat'));
}

function findMarks(workbench: Workbench): void {
  void workbench.attempt('Find marks', () => workbench.workspace.perceive());
}

function cancelJob(workbench: Workbench): void {
  const { current } = workbench.jobs;
  if (current) void workbench.jobs.cancel(current.jobId);
}

function importAnnotations(workbench: Workbench): void {
  void workbench.attempt('Import annotations', () => workbench.annotationFiles.import());
}

const isOpen = (w: Workbench) => w.workspace.entry !== undefined;
const hasMedia = (w: Workbench) => w.workspace.media !== undefined;

function isIdle(w: Workbench, kind: 'perceive' | 'analyze' | 'export' | 'import'): boolean {
  return !w.jobs.activeOf(w.workspace.entry?.recordingId, kind);
}

const canAnalyze = (w: Workbench) => hasMedia(w) && w.segments.items.length > 0 && isIdle(w, 'analyze');
// Perception replaces segments and proposals when it ends, so what was imported meanwhile would not last.
const canImport = (w: Workbench) => hasMedia(w) && isIdle(w, 'perceive') && isIdle(w, 'import');
/** Needs results of the marks on screen: a report of outdated results would not say what the page says. */
const canExport = (w: Workbench) => w.workspace.analysis !== undefined && !w.outdated && isIdle(w, 'export');

/** Pictures show what the model says, so there are none in blind mode. */
const hasPictures = (w: Workbench) =>
  (w.workspace.analysis !== undefined || w.agreements.result !== undefined) && !w.view.blind;

export const GENERAL_COMMANDS = commandGroup('Recording', undefined, [
  ['recording.open', 'Open recordings', 'Ctrl+KeyO', openFiles],
  ['recording.openSample', 'Open the sample recording', '', openSample],
  ['transcript.import', 'Import a transcript…', '', importAnnotations, canImport],
  ['marks.find', 'Find marks again', '', findMarks, (w) => hasMedia(w) && isIdle(w, 'perceive')],
  ['recovery.run', 'Run recovery', 'Ctrl+Enter', runRecovery, canAnalyze],
  ['annotations.import', 'Import annotations…', '', importAnnotations, canImport],
  ['annotations.export', 'Export as…', '', (w) => w.view.openDialog('exportAs'), hasMedia],
  ['report.export', 'Export report', 'Ctrl+KeyE', exportReport, canExport],
  ['picture.save', 'Save picture…', 'Ctrl+Shift+KeyP', (w) => w.view.openDialog('picture'), hasPictures],
  ['report.repeat', 'Repeat an analysis…', '', repeatAnalysis],
  ['recording.delete', 'Delete the data of this recording…', '', (w) => w.view.openDialog('delete'), isOpen],
  ['job.cancel', 'Cancel the running job', '', cancelJob, (w) => w.jobs.current !== undefined],
]);
