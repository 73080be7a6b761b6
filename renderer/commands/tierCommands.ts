import { tracesTable } from '../../core/traces/tracesTable.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { changeChosen, stepTier } from './annotationEdits.js';
import { commandGroup } from './command.js';
import { annotateSegment } from '../../core/segments/editSegments.js';

/** Flags the chosen annotation, else the selected segments; all of them get the opposite of the shown one. */
function toggleFlag(workbench: Workbench): void {
  const { annotation } = workbench.coding;
  const { document } = workbench.editor;
  if (annotation) {
    changeChosen(workbench, annotation.flagged ? 'Take the flag away' : 'Flag', { flagged: !annotation.flagged });
    return;
  }
  const { segment } = workbench;
  if (!document || !segment) return;
  const flagged = !segment.flagged;
  const next = workbench.selection.segmentIds.reduce(
    (edited, id) => annotateSegment(edited, id, { flagged }),
    document,
  );
  workbench.editor.apply(flagged ? 'Flag' : 'Take the flag away', next);
  workbench.view.say(flagged ? 'Flagged' : 'Flag taken away');
}

function selectFlagged(workbench: Workbench): void {
  const { items } = workbench.segments;
  const flagged = items.filter((segment) => segment.flagged);
  const at = flagged.findIndex(({ range }) => range.start > (workbench.segment?.range.start ?? -1));
  const next = flagged[Math.max(0, at)];
  if (next) workbench.selectSegment(next.id);
}

function openRecorder({ recorder, view }: Workbench): void {
  recorder.open = true;
  view.focusField('trace-strip');
}

function editTranscript(workbench: Workbench): void {
  const { segment, view } = workbench;
  if (segment) view.editedSegment = segment.id;
}

/** All traces that may be seen now, in blind mode the person's own. */
function saveTraces(workbench: Workbench): void {
  const { document } = workbench.editor;
  const traces = workbench.coding.traces.flatMap((row) => row.traces);
  if (!document) return;
  const text = tracesTable(document.recordingId, traces);
  void workbench.attempt('Save traces.csv', async () => {
    if (await workbench.bridge.call('text/save', { name: 'traces.csv', text })) workbench.view.say('Saved traces.csv');
  });
}

const hasItem = (w: Workbench) => w.segment !== undefined || w.coding.annotation !== undefined;
const isOpen = (w: Workbench) => w.editor.document !== undefined;
const hasTiers = (w: Workbench) => w.coding.rows.length > 0;

export const TIER_COMMANDS = commandGroup('Tier', isOpen, [
  ['tier.manage', 'Tiers and schemes…', 'Shift+KeyT', (w) => w.view.openDialog('tiers')],
  ['tier.next', 'Next tier', 'Alt+ArrowDown', (w) => stepTier(w, 1), hasTiers],
  ['tier.previous', 'Previous tier, or the segments', 'Alt+ArrowUp', (w) => stepTier(w, -1), hasTiers],
  ['live.switch', 'Live marking on or off', 'Shift+KeyL', (w) => w.live.switch()],
  ['live.press', 'Live marking: begin or end a stretch', 'Shift+Enter', (w) => w.live.press(), (w) => w.live.on],
  [
    'trace.open',
    'Record a trace of valence or arousal',
    'Shift+KeyV',
    openRecorder,
    (w) => w.workspace.media !== undefined,
  ],
  ['trace.toggle', 'Start or pause the trace', 'Shift+KeyK', (w) => w.recorder.toggle(), (w) => w.recorder.open],
  ['trace.stop', 'End the trace', '', (w) => w.recorder.stop(), (w) => w.recorder.busy],
  ['trace.save', 'Save the traces as a table…', '', saveTraces, (w) => w.coding.traces.length > 0],
  ['transcript.edit', 'Edit the words in the transcript', 'Alt+KeyT', editTranscript, (w) => w.segment !== undefined],
  ['transcript.search', 'Search in the transcript', 'Ctrl+KeyF', (w) => w.view.focusField('transcript-search')],
  [
    'segment.speaker',
    'Name the speaker',
    'Shift+KeyE',
    (w) => w.view.focusField('segment-speaker'),
    (w) => w.segment !== undefined,
  ],
  ['item.flag', 'Flag, or take the flag away', 'KeyF', toggleFlag, hasItem],
  [
    'item.nextFlagged',
    'Next flagged segment',
    'Shift+KeyF',
    selectFlagged,
    (w) => w.segments.items.some((segment) => segment.flagged),
  ],
  [
    'item.note',
    'Write a note',
    'Shift+KeyN',
    (w) => w.view.focusField(w.coding.annotation ? 'annotation-note' : 'segment-note'),
    hasItem,
  ],
]);
