import type { Workbench } from '../state/workbench.svelte.js';
import { commandGroup } from './command.js';

function openDetails(workbench: Workbench): void {
  workbench.projects.detailsOf = undefined;
  workbench.view.openDialog('recordingDetails');
}

const isOpen = (w: Workbench) => w.workspace.entry !== undefined;

export const PROJECT_COMMANDS = commandGroup('Project', undefined, [
  ['project.list', 'Projects…', 'Ctrl+Shift+KeyO', (w) => w.view.openDialog('projects')],
  [
    'project.settings',
    'Conditions, participants and plan of the project…',
    '',
    (w) => w.view.openDialog('projectSettings'),
  ],
  ['project.details', 'Participant, session and conditions of this recording…', 'F2', openDetails, isOpen],
  [
    'project.undo',
    'Undo the last change of the project',
    '',
    (w) => void w.attempt('Undo', () => w.projects.undo()),
    (w) => w.projects.undoTitle !== undefined,
  ],
  [
    'project.redo',
    'Redo the last change of the project',
    '',
    (w) => void w.attempt('Redo', () => w.projects.redo()),
    (w) => w.projects.redoTitle !== undefined,
  ],
]);
