import { clearLabel, setLabel } from '../../core/labels/editLabels.js';
import { type Emotion, EMOTIONS } from '../../core/recording/emotion.js';
import { ownLabel } from '../document/rater.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { codeValue, stepOnTier } from './annotationEdits.js';
import { commandGroup } from './command.js';
import { selectNeighbour } from './selectCommands.js';

function labelSelected(workbench: Workbench, label: Emotion): void {
  const { document } = workbench.editor;
  const ids = workbench.selection.segmentIds;
  if (!document || ids.length === 0) return;
  const now = new Date();
  const next = ids.reduce((edited, id) => setLabel(edited, ownLabel(id, workbench.raterId), label, now), document);
  workbench.editor.apply(`Label ${label}`, next);
  const which =
    ids.length === 1 ? `Segment ${workbench.segmentNumber.get(ids[0] ?? '') ?? ''}` : `${ids.length} segments`;
  workbench.view.say(`${which}: ${label}`);
}

function clearSelected(workbench: Workbench): void {
  if (workbench.coding.row) {
    codeValue(workbench, undefined);
    return;
  }
  const { document } = workbench.editor;
  if (!document) return;
  const next = workbench.selection.segmentIds.reduce(
    (edited, id) => clearLabel(edited, ownLabel(id, workbench.raterId)),
    document,
  );
  workbench.editor.apply('Clear label', next);
}

/** Takes the model's label as the person's where they gave none, and moves on. Says so on its button. */
function confirmAndNext(workbench: Workbench): void {
  if (workbench.live.on) {
    workbench.live.press();
    return;
  }
  if (workbench.coding.row) {
    stepOnTier(workbench, 1);
    return;
  }
  const { segment, labels, results } = workbench;
  const suggestion = segment && !labels.has(segment.id) ? results.get(segment.id)?.estimate?.label : undefined;
  if (suggestion && segment) {
    workbench.selection.selectSegment(segment.id);
    labelSelected(workbench, suggestion);
  }
  selectNeighbour(workbench, 1);
}

const hasItem = (w: Workbench) => w.segment !== undefined || w.coding.row !== undefined;
const canConfirm = (w: Workbench) => hasItem(w) || (w.live.on && w.editor.document !== undefined);

export const LABEL_COMMANDS = commandGroup('Label', (w) => w.segment !== undefined, [
  ...EMOTIONS.map(
    (label, index) =>
      [
        `label.${label}`,
        `Label ${label}`,
        `Digit${index + 1}, Numpad${index + 1}`,
        (w: Workbench) => labelSelected(w, label),
      ] as const,
  ),
  ['label.clear', 'Clear the label or value', 'Digit0, Numpad0', clearSelected, hasItem],
  ['rater.switch', 'Switch the rater…', '', (w) => w.view.openDialog('rater'), (w) => w.workspace.entry !== undefined],
  [
    'label.confirm',
    'Confirm and go to the next segment; live: begin or end a stretch',
    'Enter, NumpadEnter',
    confirmAndNext,
    canConfirm,
  ],
]);
