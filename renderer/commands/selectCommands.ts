import { microseconds } from '../../core/time/microseconds.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { stepOnTier } from './annotationEdits.js';
import { commandGroup } from './command.js';

/** Position of the segment to go on from: the shown one, else the one at the playhead. */
function position(workbench: Workbench): { readonly index: number; readonly selected: boolean } {
  const { items } = workbench.segments;
  const index = items.findIndex((segment) => segment.id === workbench.selection.segmentId);
  if (index >= 0) return { index, selected: true };
  const atPlayhead = items.findIndex((segment) => segment.range.end > workbench.player.time);
  return { index: Math.max(0, atPlayhead), selected: false };
}

/** Goes `by` segments on (negative: back); from none to the one at the playhead. */
export function selectNeighbour(workbench: Workbench, by: number): void {
  if (workbench.coding.row) {
    stepOnTier(workbench, by > 0 ? 1 : -1);
    return;
  }
  const { items } = workbench.segments;
  const { index, selected } = position(workbench);
  const next = items[Math.min(items.length - 1, Math.max(0, index + (selected ? by : 0)))];
  if (next) workbench.selectSegment(next.id);
}

/** Takes the next segment into the selection, or the last one out of it when going back. */
function extendSelection(workbench: Workbench, by: 1 | -1): void {
  const { items } = workbench.segments;
  const { segmentIds } = workbench.selection;
  const { index, selected } = position(workbench);
  const next = items[index + (selected ? by : 0)];
  if (!next) return;
  const known = segmentIds.indexOf(next.id);
  workbench.selection.selectSegments(known >= 0 ? segmentIds.slice(0, known + 1) : [...segmentIds, next.id]);
  workbench.show(next.range);
  const count = workbench.selection.segmentIds.length;
  workbench.view.say(`${count} ${count === 1 ? 'segment' : 'segments'} selected`);
}

/** Selects everything from the shown segment to another one, which is then shown. */
export function selectTo(workbench: Workbench, segmentId: string): void {
  const ids = workbench.segments.items.map((segment) => segment.id);
  const to = ids.indexOf(segmentId);
  const from = Math.max(0, ids.indexOf(workbench.selection.segmentIds[0] ?? segmentId));
  const between = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  workbench.selection.selectSegments(from <= to ? between : between.reverse());
}

function selectAll(workbench: Workbench): void {
  workbench.selection.selectSegments(workbench.segments.items.map((segment) => segment.id));
  workbench.view.say(`${workbench.segments.items.length} segments selected`);
}

function selectEnd(workbench: Workbench, end: 'first' | 'last'): void {
  if (workbench.coding.row) {
    stepOnTier(workbench, end);
    return;
  }
  const target = end === 'first' ? workbench.segments.items[0] : workbench.segments.items.at(-1);
  if (target) workbench.selectSegment(target.id);
}

function setRangePoint(workbench: Workbench, edge: 'start' | 'end'): void {
  const { time, duration } = workbench.player;
  const before = workbench.selection.freeRange;
  const start = edge === 'start' ? time : (before?.start ?? microseconds(0));
  const end = edge === 'end' ? time : (before?.end ?? duration);
  if (start < end) workbench.selection.selectRange({ start, end });
}

/** First the annotation, then the tier: the next press goes back to the segments. */
function clear({ selection, coding }: Workbench): void {
  if (coding.annotation) selection.selectTier(selection.tierId);
  else selection.selectTier(undefined);
}

const hasDocument = (w: Workbench) => w.editor.document !== undefined;
const hasSelection = (w: Workbench) =>
  w.range !== undefined || w.mark !== undefined || w.coding.row !== undefined || w.coding.trace !== undefined;

export const SELECT_COMMANDS = commandGroup(
  'Select',
  (w) => w.segments.items.length > 0 || w.coding.row !== undefined,
  [
    ['select.next', 'Next segment', 'ArrowDown', (w) => selectNeighbour(w, 1)],
    ['select.previous', 'Previous segment', 'ArrowUp', (w) => selectNeighbour(w, -1)],
    ['select.extendNext', 'Select the next segment too', 'Shift+ArrowDown', (w) => extendSelection(w, 1)],
    ['select.extendPrevious', 'Select the previous segment too', 'Shift+ArrowUp', (w) => extendSelection(w, -1)],
    ['select.first', 'First segment', 'Ctrl+Home', (w) => selectEnd(w, 'first')],
    ['select.last', 'Last segment', 'Ctrl+End', (w) => selectEnd(w, 'last')],
    ['select.all', 'Select all segments', 'Ctrl+KeyA', selectAll],
    ['select.clear', 'Select nothing', 'Escape', clear, hasSelection],
    ['select.in', 'Start of a free range at the playhead', 'KeyI', (w) => setRangePoint(w, 'start'), hasDocument],
    ['select.out', 'End of a free range at the playhead', 'KeyO', (w) => setRangePoint(w, 'end'), hasDocument],
  ],
);
