import type { DockTab } from '../state/view.svelte.js';
import { VIEWS } from '../state/viewNames.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { fitViewport, timeToX, zoomAt, zoomToRange } from '../timeline/viewport.js';
import { commandGroup, type CommandRow } from './command.js';

function zoom(factor: number): (workbench: Workbench) => void {
  return (workbench) => {
    const { viewport, player } = workbench;
    const x = Math.min(Math.max(timeToX(viewport, player.time), 0), viewport.width);
    workbench.viewport = zoomAt(viewport, factor, x);
  };
}

function zoomToSelection(workbench: Workbench): void {
  const { range, viewport } = workbench;
  if (range) workbench.viewport = zoomToRange(viewport, range.start, range.end);
}

function zoomToAll(workbench: Workbench): void {
  workbench.viewport = fitViewport(workbench.player.duration, workbench.viewport.width);
}

function showTab(tab: DockTab): (workbench: Workbench) => void {
  return (workbench) => {
    workbench.view.dockTab = tab;
  };
}

function toggle(what: 'snap' | 'spectrogram' | 'autoGain' | 'raterRows' | 'blind' | 'tracesShifted', name: string) {
  return ({ view }: Workbench): void => {
    view[what] = !view[what];
    view.say(`${name} ${view[what] ? 'on' : 'off'}`);
  };
}

function toggleJobs({ view }: Workbench): void {
  view.jobsOpen = !view.jobsOpen;
}

const isOpen = (w: Workbench) => w.workspace.entry !== undefined;

export const VIEW_COMMANDS = [
  ...commandGroup('View', isOpen, [
    ['view.zoomIn', 'Zoom in', 'Equal, NumpadAdd', zoom(1.5)],
    ['view.zoomOut', 'Zoom out', 'Minus, NumpadSubtract', zoom(1 / 1.5)],
    ['view.zoomSelection', 'Zoom to the selection', 'KeyZ', zoomToSelection, (w) => w.range !== undefined],
    ['view.zoomAll', 'Show the whole recording', 'Shift+KeyZ', zoomToAll],
    ['view.snap', 'Snap to frames and edges', 'Shift+KeyS', toggle('snap', 'Snapping')],
    ['view.spectrogram', 'Show or hide the spectrogram', 'Shift+KeyW', toggle('spectrogram', 'Spectrogram')],
    ['view.autoGain', 'Draw quiet recordings louder', 'Shift+KeyG', toggle('autoGain', 'Auto-gain')],
    ['view.raterRows', 'Show model and raters side by side', 'Shift+KeyR', toggle('raterRows', 'Rows of raters')],
    ['view.shiftTraces', 'Draw traces without their reaction lag', '', toggle('tracesShifted', 'Shift of traces')],
    ['view.blind', 'Hide the model and other raters', 'Shift+KeyB', toggle('blind', 'Blind mode')],
    ...VIEWS.map(({ id, title }, index): CommandRow => [
      `view.${id}`,
      `Show the view ${title}`,
      `Ctrl+Digit${index + 1}`,
      ({ view }) => (view.name = id),
    ]),
    ['view.rail', 'Fold or show the list of recordings', '', (w) => w.view.foldRail()],
    ['view.timeline', 'Show the timeline', 'Alt+Digit7', showTab('timeline')],
    ['view.segments', 'Show the segment table', 'Alt+Digit8', showTab('segments')],
    ['view.problems', 'Show the problems', 'Alt+Digit9', showTab('problems')],
    ['view.parameters', 'Show the parameters', 'Alt+Digit0', showTab('parameters')],
  ]),
  ...commandGroup('View', undefined, [
    ['view.nextPane', 'Next pane', 'F6', (w) => w.view.cyclePane(1)],
    ['view.previousPane', 'Previous pane', 'Shift+F6', (w) => w.view.cyclePane(-1)],
    ['view.jobs', 'Show or hide the jobs', '', toggleJobs],
    ['view.theme', 'Switch between light and dark', '', (w) => w.theme.toggle()],
  ]),
  ...commandGroup('Help', undefined, [
    ['view.palette', 'Search or run a command', 'Ctrl+KeyK', (w) => w.view.openDialog('palette')],
    ['view.keys', 'Change keys', 'Ctrl+Comma', (w) => w.view.openDialog('keys')],
    ['help.limits', 'When not to trust it', '', (w) => w.view.openDialog('limits')],
    ['help.intendedUse', 'Intended use', '', (w) => w.view.openDialog('notice')],
    ['help.dataHandling', 'Data handling statement', '', (w) => w.view.openDialog('statement')],
    ['help.shortcuts', 'Keyboard sheet', 'Shift+Slash, F1', (w) => w.view.openDialog('shortcuts')],
  ]),
];
