import { addSegment, mergeSegments, removeSegments, splitSegment } from '../../core/segments/editSegments.js';
import { changeMark } from '../../core/marks/editMarks.js';
import { resizeSegment } from '../../core/segments/resizeSegment.js';
import { microseconds } from '../../core/time/microseconds.js';
import { frameLength, stepFrames } from '../document/frames.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { segmentAt } from '../timeline/hitTest.js';
import { addOnTier, mergeOnTier, nudgeOnTier, splitOnTier } from './annotationEdits.js';
import { commandGroup } from './command.js';

/** Length of a segment added at the playhead without a range, microseconds. */
const NEW_LENGTH = 2_000_000;

/** The segment that a split at the playhead means: the selected one if the playhead is in it, else the one there. */
function segmentToSplit(workbench: Workbench) {
  const { time } = workbench.player;
  const { segment } = workbench;
  const inside = segment && time > segment.range.start && time < segment.range.end;
  return inside ? segment : segmentAt({ segments: workbench.segments }, time);
}

/** Cuts a segment at the playhead; `caret` says where its words are cut. */
function splitAtPlayhead(workbench: Workbench, caret?: number): void {
  if (workbench.coding.row) {
    splitOnTier(workbench);
    return;
  }
  const { document } = workbench.editor;
  const { time } = workbench.player;
  const target = segmentToSplit(workbench);
  if (!document || !target || time <= target.range.start || time >= target.range.end) {
    workbench.view.say('The playhead is not inside a segment. Move it there first.');
    return;
  }
  const edit = splitSegment(document, target.id, time, caret);
  workbench.editor.apply('Split segment', edit.document);
  workbench.selection.selectSegment(edit.segment.id);
  workbench.view.say(`Split. Segment ${workbench.segmentNumber.get(edit.segment.id) ?? ''} begins at the playhead`);
}

/** Joins the selected segments, or the selected one with the next or the one before. */
function merge(workbench: Workbench, by: 1 | -1): void {
  if (workbench.coding.annotation) {
    mergeOnTier(workbench, by);
    return;
  }
  const { document } = workbench.editor;
  const { items } = workbench.segments;
  const { segmentIds, segmentId } = workbench.selection;
  const index = items.findIndex((segment) => segment.id === segmentId);
  const neighbour = items[index + by];
  if (!document || index < 0) return;
  const ids = segmentIds.length > 1 ? segmentIds : [items[index]?.id, neighbour?.id].filter((id) => id !== undefined);
  if (ids.length < 2) {
    workbench.view.say(by > 0 ? 'There is no next segment.' : 'There is no segment before.');
    return;
  }
  const edit = mergeSegments(document, ids);
  workbench.editor.apply(`Merge ${ids.length} segments`, edit.document);
  workbench.selection.selectSegment(edit.segment.id);
  workbench.view.say(`Merged ${ids.length} segments`);
}

/** Adds a segment over the free range, else from the playhead up to the next segment or 2 s. */
function add(workbench: Workbench): void {
  if (workbench.coding.row) {
    addOnTier(workbench);
    return;
  }
  const { document } = workbench.editor;
  if (!document) return;
  const { time, duration } = workbench.player;
  const next = workbench.segments.items.find((segment) => segment.range.start > time);
  const end = Math.min(duration, time + NEW_LENGTH, next?.range.start ?? duration);
  const range = workbench.selection.freeRange ?? { start: time, end: microseconds(end) };
  if (range.end <= range.start) return;
  const edit = addSegment(document, range);
  workbench.editor.apply('Add segment', edit.document);
  workbench.selection.selectSegment(edit.segment.id);
  workbench.view.say(`Added segment ${workbench.segmentNumber.get(edit.segment.id) ?? ''}`);
}

/** Removes the selected segments and selects what then stands in their place. */
export function removeSelected(workbench: Workbench): void {
  const { document } = workbench.editor;
  const ids = workbench.selection.segmentIds;
  if (!document || ids.length === 0) return;
  const index = workbench.segments.items.findIndex((segment) => segment.id === ids[0]);
  workbench.editor.apply(
    ids.length === 1 ? 'Delete segment' : `Delete ${ids.length} segments`,
    removeSegments(document, ids),
  );
  const { items } = workbench.segments;
  workbench.selection.selectSegment(items[Math.min(index, items.length - 1)]?.id);
  workbench.view.say(ids.length === 1 ? 'Segment deleted' : `${ids.length} segments deleted`);
}

/** Moves one edge of the selected mark, else of the selected segment, by whole frames. */
function nudge(workbench: Workbench, edge: 'start' | 'end', frames: number): void {
  if (workbench.coding.annotation) {
    nudgeOnTier(workbench, edge, frames);
    return;
  }
  const { mark, segment } = workbench;
  const { document } = workbench.editor;
  const target = mark ?? segment;
  if (!target || !document) return;
  const { frames: clock } = workbench.player;
  const moved = stepFrames(target.range[edge], frames, clock);
  const range = { ...target.range, [edge]: moved };
  const minimum = frameLength(range.start, clock);
  if (mark) {
    if (range.end - range.start < minimum) return;
    const next = changeMark(document, mark.id, { range }, workbench.raterId);
    workbench.editor.apply('Move mark edge', next, `nudge ${mark.id} ${edge}`);
  } else {
    const next = resizeSegment(document, target.id, range, minimum);
    workbench.editor.apply('Move segment edge', next, `nudge ${target.id} ${edge}`);
  }
}

const hasSegment = (w: Workbench) => w.segment !== undefined;
const hasDocument = (w: Workbench) => w.editor.document !== undefined;
const hasAnnotation = (w: Workbench) => w.coding.annotation !== undefined;
const hasItem = (w: Workbench) => w.segment !== undefined || hasAnnotation(w);
const hasTarget = (w: Workbench) => w.mark !== undefined || hasItem(w);
/** The field of the inspector for the chosen annotation, else for the segment. */
const field = (what: 'start' | 'text') => (w: Workbench) =>
  w.view.focusField(hasAnnotation(w) ? `annotation-${what}` : `segment-${what}`);
const canSplit = (w: Workbench) => w.coding.row !== undefined || segmentToSplit(w) !== undefined;

export const SEGMENT_COMMANDS = commandGroup('Segment', hasSegment, [
  ['segment.split', 'Split at the playhead', 'KeyS', (w) => splitAtPlayhead(w), canSplit],
  ['segment.mergeNext', 'Merge with the next, or merge the selected', 'KeyM', (w) => merge(w, 1), hasItem],
  ['segment.mergePrevious', 'Merge with the one before', 'Shift+KeyM', (w) => merge(w, -1), hasItem],
  ['segment.add', 'Add a segment, or an annotation on the active tier', 'KeyA, Insert', add, hasDocument],
  ['segment.delete', 'Delete the selected segments', 'Shift+Delete', removeSelected],
  ['segment.editTimes', 'Type start and end', 'KeyE', field('start'), hasItem],
  ['segment.editText', 'Edit the text', 'KeyT', field('text'), hasItem],
  ['edge.startEarlier', 'Start one frame earlier', 'BracketLeft', (w) => nudge(w, 'start', -1), hasTarget],
  ['edge.startLater', 'Start one frame later', 'Shift+BracketLeft', (w) => nudge(w, 'start', 1), hasTarget],
  ['edge.endLater', 'End one frame later', 'BracketRight', (w) => nudge(w, 'end', 1), hasTarget],
  ['edge.endEarlier', 'End one frame earlier', 'Shift+BracketRight', (w) => nudge(w, 'end', -1), hasTarget],
]);
