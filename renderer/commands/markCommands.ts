import { MODALITIES, MODALITY_KEY, type Modality } from '../../core/recording/modality.js';
import { addMark, changeMark, removeMark, setReview } from '../../core/marks/editMarks.js';
import type { MarkReview, MarkSeverity } from '../../core/marks/mark.js';
import { nextProposal } from '../../core/marks/nextProposal.js';
import type { TimeRange } from '../../core/time/microseconds.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { markWords } from '../words.js';
import { commandGroup } from './command.js';

/** Marks a stretch of a modality as corrupted and selects the new mark. */
export function markRange(workbench: Workbench, modality: Modality, range: TimeRange): void {
  const { document } = workbench.editor;
  if (!document || range.end <= range.start) return;
  const { document: next, mark } = addMark(document, modality, range, workbench.raterId);
  workbench.editor.apply(`Mark ${modality}`, next);
  workbench.selection.selectMark(mark.id, workbench.segment?.id);
  workbench.view.say(`Marked ${modality} as ${markWords(mark)}`);
}

/** Accepts or rejects a proposal and goes on to the next one. */
export function reviewProposal(workbench: Workbench, review: MarkReview): void {
  const { mark } = workbench;
  const { document } = workbench.editor;
  if (!mark || !document || mark.review !== 'proposed') return;
  const words = `${review === 'confirmed' ? 'Accept' : 'Reject'} ${markWords(mark)}`;
  const next = nextProposal(document.marks, mark.range.start, mark.id);
  workbench.editor.apply(words, setReview(document, mark.id, review, workbench.raterId));
  if (next && next.id !== mark.id) workbench.selectMark(next);
  else if (review === 'rejected') workbench.selection.markId = undefined;
  workbench.view.say(`${words}. ${workbench.openProposals} to check`);
}

function goToNextProposal(workbench: Workbench): void {
  const { document } = workbench.editor;
  const next = document && nextProposal(document.marks, workbench.player.time, workbench.mark?.id);
  if (next) workbench.selectMark(next);
}

/** Deletes the selected mark. */
export function deleteSelectedMark(workbench: Workbench): void {
  const { mark } = workbench;
  const { document } = workbench.editor;
  if (!mark || !document) return;
  workbench.editor.apply(`Delete mark`, removeMark(document, mark.id));
  workbench.selection.markId = undefined;
}

function setSeverity(workbench: Workbench, severity: MarkSeverity): void {
  const { mark } = workbench;
  const { document } = workbench.editor;
  if (mark && document)
    workbench.editor.apply('Change severity', changeMark(document, mark.id, { severity }, workbench.raterId));
}

const hasRange = (w: Workbench) => w.editor.document !== undefined && w.range !== undefined;
const hasMark = (w: Workbench) => w.mark !== undefined;
const hasProposal = (w: Workbench) => w.mark?.review === 'proposed';

function markSelection(modality: Modality): (workbench: Workbench) => void {
  return (workbench) => {
    if (workbench.range) markRange(workbench, modality, workbench.range);
  };
}

export const MARK_COMMANDS = commandGroup('Mark', hasMark, [
  ...MODALITIES.map(
    (modality) =>
      [
        `mark.${modality}`,
        `Mark ${modality} as corrupted in the selection`,
        `KeyX Key${MODALITY_KEY[modality]}`,
        markSelection(modality),
        hasRange,
      ] as const,
  ),
  ['mark.next', 'Next proposal', 'KeyP', goToNextProposal, (w) => w.openProposals > 0],
  ['mark.accept', 'Accept the proposal', 'KeyC', (w) => reviewProposal(w, 'confirmed'), hasProposal],
  ['mark.reject', 'Reject the proposal', 'KeyD', (w) => reviewProposal(w, 'rejected'), hasProposal],
  [
    'mark.bulk',
    'Review proposals in bulk…',
    'Shift+KeyP',
    (w) => w.view.openDialog('bulk'),
    (w) => w.openProposals > 0,
  ],
  ['mark.delete', 'Delete the mark', '', deleteSelectedMark],
  ['mark.severity1', 'Severity 1', 'Alt+Digit1', (w) => setSeverity(w, 1)],
  ['mark.severity2', 'Severity 2', 'Alt+Digit2', (w) => setSeverity(w, 2)],
  ['mark.severity3', 'Severity 3', 'Alt+Digit3', (w) => setSeverity(w, 3)],
]);
