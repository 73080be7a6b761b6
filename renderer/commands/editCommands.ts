import type { Workbench } from '../state/workbench.svelte.js';
import { removeOnTier } from './annotationEdits.js';
import { commandGroup } from './command.js';
import { deleteSelectedMark } from './markCommands.js';
import { removeSelected } from './segmentCommands.js';

function deleteSelected(workbench: Workbench): void {
  if (workbench.mark) deleteSelectedMark(workbench);
  else if (workbench.coding.annotation) removeOnTier(workbench);
  else removeSelected(workbench);
}

export const EDIT_COMMANDS = commandGroup('Edit', undefined, [
  ['edit.undo', 'Undo', 'Ctrl+KeyZ', (w) => w.editor.undo(), (w) => w.editor.undoTitle !== undefined],
  ['edit.redo', 'Redo', 'Ctrl+Shift+KeyZ, Ctrl+KeyY', (w) => w.editor.redo(), (w) => w.editor.redoTitle !== undefined],
  [
    'edit.delete',
    'Delete the selected mark or annotation, else the segments',
    'Delete, Backspace',
    deleteSelected,
    (w) => w.mark !== undefined || w.coding.annotation !== undefined || w.segment !== undefined,
  ],
]);
