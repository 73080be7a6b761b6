/** Splitting and merging in the transcript, where the person says by words where the cut is. */
import { mergeSegments, splitSegment } from '../../core/segments/editSegments.js';
import { microseconds } from '../../core/time/microseconds.js';
import { snapToFrame } from '../document/frames.js';
import type { Workbench } from '../state/workbench.svelte.js';

/**
 * Cuts a segment at a place in its words: at the playhead where that is inside, else at the frame nearest to the same share
 * of its time. @returns the id of the second part; the segment's own where nothing can be cut.
 */
export function splitTranscript(workbench: Workbench, segmentId: string, caret: number): string {
  const { document } = workbench.editor;
  const segment = document?.segments.find(({ id }) => id === segmentId);
  if (!document || !segment) return segmentId;
  const { start, end } = segment.range;
  const { time, frames } = workbench.player;
  const length = segment.text?.length ?? 0;
  const share = length > 0 ? Math.min(1, caret / length) : 0.5;
  const byWords = snapToFrame(start + share * (end - start), frames);
  const at = time > start && time < end ? time : byWords;
  if (at <= start || at >= end) {
    workbench.view.say('Put the cursor or the playhead inside the segment first.');
    return segmentId;
  }
  const edit = splitSegment(document, segmentId, microseconds(at), caret);
  workbench.editor.apply('Split segment', edit.document);
  workbench.selection.selectSegment(edit.segment.id);
  workbench.view.say(at === time ? 'Split at the playhead' : 'Split at the share of the words');
  return edit.segment.id;
}

/** Joins a segment with the next (1) or the one before (-1). @returns the id of the whole; undefined without a neighbour. */
export function mergeTranscript(workbench: Workbench, segmentId: string, by: 1 | -1): string | undefined {
  const { document } = workbench.editor;
  const { items } = workbench.segments;
  const neighbour = items[items.findIndex(({ id }) => id === segmentId) + by];
  if (!document || !neighbour) return undefined;
  const edit = mergeSegments(document, [segmentId, neighbour.id]);
  workbench.editor.apply('Merge 2 segments', edit.document);
  workbench.selection.selectSegment(edit.segment.id);
  workbench.view.say('Merged 2 segments');
  return edit.segment.id;
}
