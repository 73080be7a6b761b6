import type { Modality } from '../../core/recording/modality.js';
import type { CompareTab } from '../compare/compare.svelte.js';
import { leaveMissing } from '../compare/leaveMissing.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { commandGroup } from './command.js';

function show(tab: CompareTab): (workbench: Workbench) => void {
  return ({ view, compare }) => {
    view.name = 'compare';
    compare.tab = tab;
  };
}

function choose(modality: Modality): (workbench: Workbench) => void {
  return (workbench) => {
    show('segment')(workbench);
    workbench.compare.chosen = modality;
    workbench.view.say(`Compare ${modality}`);
  };
}

function toggleSamples({ compare, view }: Workbench): void {
  compare.samples = !compare.samples;
  view.say(compare.samples ? 'Single samples' : 'Mean and interval');
}

function hide(workbench: Workbench): void {
  const { segment, compare, comparedModality } = workbench;
  if (segment) void workbench.attempt('Hide and recover', () => compare.hide(segment, comparedModality));
}

function runSelfTest(workbench: Workbench): void {
  show('selfTest')(workbench);
  void workbench.attempt('Self-test', () => workbench.compare.runSelfTest());
}

const isOpen = (w: Workbench) => w.workspace.entry !== undefined;
const isIdle = (w: Workbench, kind: 'whatIf' | 'selfTest') => !w.jobs.activeOf(w.workspace.entry?.recordingId, kind);
const isMeasured = (w: Workbench) => {
  const state = w.segment && w.results.get(w.segment.id)?.use[w.comparedModality].state;
  return state === 'observed' || state === 'degraded';
};
const canHide = (w: Workbench) =>
  w.workspace.media !== undefined && w.view.name === 'compare' && isMeasured(w) && isIdle(w, 'whatIf');
const isLeft = (w: Workbench) => w.segment?.notRecovered?.includes(w.comparedModality) === true;
const canLeave = (w: Workbench) =>
  w.view.name === 'compare' &&
  w.segment !== undefined &&
  (isLeft(w) || w.results.get(w.segment.id)?.use[w.comparedModality].state === 'recovered');
const canTest = (w: Workbench) =>
  w.workspace.media !== undefined && w.segments.items.length > 0 && isIdle(w, 'selfTest');

export const COMPARE_COMMANDS = commandGroup('Compare', isOpen, [
  ['compare.segment', 'Compare a segment', 'Alt+Digit4', show('segment')],
  ['compare.recording', 'What recovery changed', 'Alt+Digit5', show('recording')],
  ['compare.selfTest.show', 'Show the self-test', 'Alt+Digit6', show('selfTest')],
  ['compare.text', 'Compare text', 'Alt+Shift+KeyT', choose('text')],
  ['compare.audio', 'Compare audio', 'Alt+Shift+KeyA', choose('audio')],
  ['compare.visual', 'Compare visual', 'Alt+Shift+KeyV', choose('visual')],
  ['compare.samples', 'Single samples or mean and interval', 'Alt+KeyS', toggleSamples],
  ['compare.hide', 'Hide a modality and recover it', 'Alt+KeyH', hide, canHide],
  [
    'compare.leaveMissing',
    'Treat a recovered modality as missing, or use it again',
    'Alt+KeyL',
    (w) => leaveMissing(w, !isLeft(w)),
    canLeave,
  ],
  ['compare.selfTest', 'Run the self-test of recovery', '', runSelfTest, canTest],
]);
