import { MODALITIES, MODALITY_KEY, type Modality } from '../../core/recording/modality.js';
import { addMark, changeMark, removeMark, setReview } from '../../core/marks/editMarks.js';
import type { MarkReview, MarkSeverity } from '../../core/marks/mark.js';
import { nextProposal } from '../../core/marks/nextProposal.js';
import { resizeSegment } from '../../core/segments/resizeSegment.js';
import { microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { frameStart, stepFrames } from '../document/frames.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { kindWords } from '../words.js';
import type { Command } from './command.js';

/** Marks a stretch of a modality as corrupted and selects the new mark. */
export function markRange(workbench: Workbench, modality: Modality, range: TimeRange): void {
  const { document } = workbench.editor;
  if (!document || range.end <= range.start) return;
  const { document: next, mark } = addMark(document, modality, range);
  workbench.editor.apply(`Mark ${modality}`, next);
  workbench.selection.selectMark(mark.id, workbench.segment?.id);
  workbench.view.say(`Marked ${modality} as ${kindWords(mark.kind)}`);
}

/** Accepts or rejects a proposal and goes on to the next one. */
export function reviewProposal(workbench: Workbench, review: MarkReview): void {
  const { mark } = workbench;
  const { document } = workbench.editor;
  if (!mark || !document || mark.review !== 'proposed') return;
  const words = `${review === 'confirmed' ? 'Accept' : 'Reject'} ${kindWords(mark.kind)}`;
  const next = nextProposal(document.marks, mark.range.start, mark.id);
  workbench.editor.apply(words, setReview(document, mark.id, review));
  if (next && next.id !== mark.id) workbench.selectMark(next);
  else if (review === 'rejected') workbench.selection.markId = undefined;
  workbench.view.say(`${words}. ${workbench.openProposals} to check`);
}

function goToNextProposal(workbench: Workbench): void {
  const { document } = workbench.editor;
  const next = document && nextProposal(document.marks, workbench.player.time, workbench.mark?.id);
  if (next) workbench.selectMark(next);
}

function deleteSelectedMark(workbench: Workbench): void {
  const { mark } = workbench;
  const { document } = workbench.editor;
  if (!mark || !document) return;
  workbench.editor.apply(`Delete mark`, removeMark(document, mark.id));
  workbench.selection.markId = undefined;
}

/** Moves one edge of the selected mark, else of the selected segment, by whole frames. */
function nudge(workbench: Workbench, edge: 'start' | 'end', frames: number): void {
  const { mark, segment } = workbench;
  const { document } = workbench.editor;
  const target = mark ?? segment;
  if (!target || !document) return;
  const rate = workbench.player.frameRate;
  const moved = stepFrames(target.range[edge], frames, rate);
  const range = { ...target.range, [edge]: moved };
  const minimum = frameStart(1, rate);
  if (mark) {
    if (range.end - range.start < minimum) return;
    workbench.editor.apply('Move mark edge', changeMark(document, mark.id, { range }), `nudge ${mark.id} ${edge}`);
  } else {
    const next = resizeSegment(document, target.id, range, minimum);
    workbench.editor.apply('Move segment edge', next, `nudge ${target.id} ${edge}`);
  }
}

function setRangePoint(workbench: Workbench, edge: 'start' | 'end'): void {
  const { time, duration } = workbench.player;
  const before = workbench.selection.freeRange;
  const start = edge === 'start' ? time : (before?.start ?? microseconds(0));
  const end = edge === 'end' ? time : (before?.end ?? duration);
  if (start < end) workbench.selection.selectRange({ start, end });
}

function setSeverity(workbench: Workbench, severity: MarkSeverity): void {
  const { mark } = workbench;
  const { document } = workbench.editor;
  if (mark && document) workbench.editor.apply('Change severity', changeMark(document, mark.id, { severity }));
}

const hasRange = (w: Workbench) => w.editor.document !== undefined && w.range !== undefined;
const hasMark = (w: Workbench) => w.mark !== undefined;
const hasProposal = (w: Workbench) => w.mark?.review === 'proposed';
const hasTarget = (w: Workbench) => w.mark !== undefined || w.segment !== undefined;
const hasDocument = (w: Workbench) => w.editor.document !== undefined;

const nudgeCommand = (id: string, title: string, key: string, edge: 'start' | 'end', frames: number): Command => ({
  id,
  title,
  category: 'Mark',
  keys: [key],
  when: hasTarget,
  run: (w) => nudge(w, edge, frames),
});

export const MARK_COMMANDS: readonly Command[] = [
  ...MODALITIES.map((modality): Command => ({
    id: `mark.${modality}`,
    title: `Mark ${modality} as corrupted in the selection`,
    category: 'Mark',
    keys: [`KeyX Key${MODALITY_KEY[modality]}`],
    when: hasRange,
    run: (w) => {
      if (w.range) markRange(w, modality, w.range);
    },
  })),
  {
    id: 'mark.next',
    title: 'Next proposal',
    category: 'Mark',
    keys: ['KeyP'],
    when: (w) => w.openProposals > 0,
    run: goToNextProposal,
  },
  {
    id: 'mark.accept',
    title: 'Accept the proposal',
    category: 'Mark',
    keys: ['KeyC'],
    when: hasProposal,
    run: (w) => reviewProposal(w, 'confirmed'),
  },
  {
    id: 'mark.reject',
    title: 'Reject the proposal',
    category: 'Mark',
    keys: ['KeyD'],
    when: hasProposal,
    run: (w) => reviewProposal(w, 'rejected'),
  },
  {
    id: 'mark.delete',
    title: 'Delete the mark',
    category: 'Mark',
    keys: ['Delete', 'Backspace'],
    when: hasMark,
    run: deleteSelectedMark,
  },
  ...([1, 2, 3] as const).map((severity): Command => ({
    id: `mark.severity${severity}`,
    title: `Severity ${severity}`,
    category: 'Mark',
    keys: [`Alt+Digit${severity}`],
    when: hasMark,
    run: (w) => setSeverity(w, severity),
  })),
  nudgeCommand('mark.startEarlier', 'Start one frame earlier', 'BracketLeft', 'start', -1),
  nudgeCommand('mark.startLater', 'Start one frame later', 'Shift+BracketLeft', 'start', 1),
  nudgeCommand('mark.endLater', 'End one frame later', 'BracketRight', 'end', 1),
  nudgeCommand('mark.endEarlier', 'End one frame earlier', 'Shift+BracketRight', 'end', -1),
  {
    id: 'select.in',
    title: 'Start of a free range at the playhead',
    category: 'Select',
    keys: ['KeyI'],
    when: hasDocument,
    run: (w) => setRangePoint(w, 'start'),
  },
  {
    id: 'select.out',
    title: 'End of a free range at the playhead',
    category: 'Select',
    keys: ['KeyO'],
    when: hasDocument,
    run: (w) => setRangePoint(w, 'end'),
  },
];
