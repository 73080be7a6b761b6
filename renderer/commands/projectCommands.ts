import type { Workbench } from '../state/workbench.svelte.js';
import type { ProjectFiles } from '../project/projectFiles.svelte.js';
import { commandGroup } from './command.js';

function openDetails(workbench: Workbench): void {
  workbench.projects.detailsOf = undefined;
  workbench.view.openDialog('recordingDetails');
}

const canRun = (w: Workbench) => w.projects.readOnly === undefined && (w.projects.current?.recordings.length ?? 0) > 0;
const canChange = (w: Workbench) => w.projects.readOnly === undefined;

function filesDo(what: string, action: (files: ProjectFiles) => Promise<void>): (workbench: Workbench) => void {
  return (workbench) => void workbench.attempt(what, () => action(workbench.projectFiles));
}

const isOpen = (w: Workbench) => w.workspace.entry !== undefined;

export const PROJECT_COMMANDS = commandGroup('Project', undefined, [
  ['project.list', 'Projects…', 'Ctrl+Shift+KeyO', (w) => w.view.openDialog('projects')],
  ['project.open', 'Open a project file…', '', filesDo('Open', (files) => files.open())],
  ['project.save', 'Save the project', 'Ctrl+KeyS', filesDo('Save', (files) => files.save()), canChange],
  [
    'project.saveAs',
    'Save the project as…',
    'Ctrl+Shift+KeyS',
    filesDo('Save', (files) => files.save(true)),
    canChange,
  ],
  [
    'project.saveWithMedia',
    'Save a copy of the project with its media…',
    '',
    filesDo('Save', (files) => files.saveWithMedia()),
    canRun,
  ],
  ['project.merge', 'Merge a co-worker’s file…', '', filesDo('Merge', (files) => files.merge()), canChange],
  ['project.batch', 'Run recovery for all recordings…', '', (w) => w.view.openDialog('batch'), canRun],
  ['project.saveTemplate', 'Save as a template…', '', filesDo('Save', (files) => files.saveTemplate())],
  ['project.fromTemplate', 'New project from a template…', '', filesDo('Open', (files) => files.newFromTemplate())],
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
