/** What keys, buttons and the pointer do to annotations on the active tier. Only their maker changes them. */
import {
  addAnnotation,
  changeAnnotation,
  mergeAnnotations,
  moveAnnotation,
  removeAnnotations,
  resizeAnnotation,
  setAnnotationValue,
  splitAnnotation,
} from '../../core/tiers/editAnnotations.js';
import type { TierAnnotation } from '../../core/tiers/tier.js';
import { microseconds, type Microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { frameLength, stepFrames } from '../document/frames.js';
import type { Workbench } from '../state/workbench.svelte.js';

/** Length of an annotation added at the playhead without a range, microseconds. */
const NEW_LENGTH = 2_000_000;

/** The chosen annotation if the person may change it; says why not. */
function changeable(workbench: Workbench): TierAnnotation | undefined {
  const { annotation, own } = workbench.coding;
  if (annotation && !own) {
    workbench.view.say(`Rater ${annotation.raterId} made this annotation. Switch the rater to change it.`);
  }
  return own;
}

/** Adds an annotation of the person at the keyboard and selects it. */
export function annotate(
  workbench: Workbench,
  tierId: string,
  range: TimeRange,
  value?: string,
  reactionLag?: Microseconds,
): void {
  const { document } = workbench.editor;
  if (!document || range.end <= range.start) return;
  const wanted = {
    ...{ tierId, range, raterId: workbench.raterId },
    ...(value === undefined ? {} : { value }),
    ...(reactionLag === undefined ? {} : { reactionLag }),
  };
  const edit = addAnnotation(document, wanted, new Date());
  workbench.editor.apply(value === undefined ? 'Add annotation' : `Code ${value}`, edit.document);
  workbench.selection.selectTier(tierId, edit.annotation.id);
  workbench.view.say(value === undefined ? 'Added an annotation' : `Coded ${value}`);
}

/** Adds one over the free range, else from the playhead up to the next annotation or 2 s. */
export function addOnTier(workbench: Workbench): void {
  const { row } = workbench.coding;
  if (!row) return;
  const { time, duration } = workbench.player;
  const next = row.items.items.find((item) => item.range.start > time && item.raterId === workbench.raterId);
  const end = Math.min(duration, time + NEW_LENGTH, next?.range.start ?? duration);
  annotate(workbench, row.tier.id, workbench.selection.freeRange ?? { start: time, end: microseconds(end) });
}

/** Gives the chosen annotation a value, or makes one over the free range; undefined takes the value away. */
export function codeValue(workbench: Workbench, value: string | undefined): void {
  const { row, annotation } = workbench.coding;
  const { document } = workbench.editor;
  const { freeRange } = workbench.selection;
  if (!row || !document) return;
  if (workbench.live.on && value !== undefined) {
    workbench.live.press(value);
    return;
  }
  if (freeRange && value !== undefined) {
    annotate(workbench, row.tier.id, freeRange, value);
    return;
  }
  if (!annotation) {
    workbench.view.say('Select an annotation or a stretch of time first, or add one.');
    return;
  }
  const own = changeable(workbench);
  if (!own) return;
  workbench.editor.apply(
    value === undefined ? 'Clear the value' : `Code ${value}`,
    setAnnotationValue(document, own.id, value, new Date()),
  );
  workbench.view.say(value === undefined ? 'Value cleared' : `Coded ${value}`);
}

/** Changes the text of the chosen annotation; typing in a row is one step of undo. */
export function typeText(workbench: Workbench, text: string): void {
  const own = changeable(workbench);
  const { document } = workbench.editor;
  if (!own || !document) return;
  workbench.editor.apply('Change text', setAnnotationValue(document, own.id, text, new Date()), `text ${own.id}`);
}

/** Changes note or flag of the chosen annotation. */
export function changeChosen(
  workbench: Workbench,
  title: string,
  change: Parameters<typeof changeAnnotation>[2],
  mergeKey?: string,
): void {
  const own = changeable(workbench);
  const { document } = workbench.editor;
  if (own && document) {
    workbench.editor.apply(title, changeAnnotation(document, own.id, change, new Date()), mergeKey);
  }
}

/** Moves the chosen annotation to typed times or where its body was put. */
export function moveChosen(workbench: Workbench, title: string, range: TimeRange): void {
  const own = changeable(workbench);
  const { document } = workbench.editor;
  if (own && document) workbench.editor.apply(title, moveAnnotation(document, own.id, range, new Date()));
}

/** Drags an edge; it stops at the neighbours of the same rater. */
export function resizeChosen(workbench: Workbench, range: TimeRange, mergeKey?: string): void {
  const own = changeable(workbench);
  const { document } = workbench.editor;
  if (!own || !document) return;
  const minimum = frameLength(range.start, workbench.player.frames);
  const next = resizeAnnotation(document, own.id, range, minimum, new Date());
  workbench.editor.apply('Resize annotation', next, mergeKey);
}

/** Moves one edge by whole frames. */
export function nudgeOnTier(workbench: Workbench, edge: 'start' | 'end', frames: number): void {
  const { annotation } = workbench.coding;
  if (!annotation) return;
  const moved = stepFrames(annotation.range[edge], frames, workbench.player.frames);
  resizeChosen(workbench, { ...annotation.range, [edge]: moved }, `nudge ${annotation.id} ${edge}`);
}

/** Removes the chosen annotation and selects what then stands in its place. */
export function removeOnTier(workbench: Workbench): void {
  const own = changeable(workbench);
  const { document } = workbench.editor;
  const { row } = workbench.coding;
  if (!own || !document || !row) return;
  const index = row.items.items.indexOf(own);
  workbench.editor.apply('Delete annotation', removeAnnotations(document, [own.id]));
  const left = workbench.coding.row?.items.items ?? [];
  workbench.selection.selectTier(row.tier.id, left[Math.min(index, left.length - 1)]?.id);
  workbench.view.say('Annotation deleted');
}

/** Cuts the annotation at the playhead in two. */
export function splitOnTier(workbench: Workbench): void {
  const { row, annotation } = workbench.coding;
  const { document } = workbench.editor;
  const { time } = workbench.player;
  const inside = ({ range, raterId }: TierAnnotation) =>
    raterId === workbench.raterId && time > range.start && time < range.end;
  const target = annotation && inside(annotation) ? annotation : row?.items.items.find(inside);
  if (!document || !row || !target) {
    workbench.view.say('The playhead is not inside an annotation of yours. Move it there first.');
    return;
  }
  const edit = splitAnnotation(document, target.id, time, new Date());
  workbench.editor.apply('Split annotation', edit.document);
  workbench.selection.selectTier(row.tier.id, edit.annotation.id);
  workbench.view.say('Split at the playhead');
}

/** Joins the chosen annotation with the next one (1) or the one before (-1) of the same rater. */
export function mergeOnTier(workbench: Workbench, by: 1 | -1): void {
  const own = changeable(workbench);
  const { document } = workbench.editor;
  const { row } = workbench.coding;
  if (!own || !document || !row) return;
  const mine = row.items.items.filter(({ raterId }) => raterId === own.raterId);
  const neighbour = mine[mine.indexOf(own) + by];
  if (!neighbour) {
    workbench.view.say(by > 0 ? 'There is no next annotation.' : 'There is no annotation before.');
    return;
  }
  const edit = mergeAnnotations(document, [own.id, neighbour.id], new Date());
  workbench.editor.apply('Merge 2 annotations', edit.document);
  workbench.selection.selectTier(row.tier.id, edit.annotation.id);
  workbench.view.say('Merged 2 annotations');
}

/** Selects an annotation and shows it. */
export function chooseAnnotation(workbench: Workbench, annotation: TierAnnotation): void {
  workbench.selection.selectTier(annotation.tierId, annotation.id);
  workbench.player.seek(annotation.range.start);
  workbench.show(annotation.range);
}

/** Goes to the next (1) or previous (-1) annotation, or to the first or last. */
export function stepOnTier(workbench: Workbench, to: 1 | -1 | 'first' | 'last'): void {
  const items = workbench.coding.row?.items.items ?? [];
  const { annotation } = workbench.coding;
  const { time } = workbench.player;
  const at = annotation ? items.indexOf(annotation) : -1;
  const after = items.findIndex(({ range }) => range.start >= time);
  const from = after < 0 ? items.length : after;
  const next = at >= 0 ? at + (to === -1 ? -1 : 1) : to === -1 ? from - 1 : from;
  const index = to === 'first' ? 0 : to === 'last' ? items.length - 1 : next;
  const target = items[Math.min(items.length - 1, Math.max(0, index))];
  if (target) chooseAnnotation(workbench, target);
  else workbench.view.say('There are no annotations on this tier yet.');
}

/** Makes the tier above (-1) or below (1) the active one; above the first are the segments. */
export function stepTier(workbench: Workbench, by: 1 | -1): void {
  const { rows, row } = workbench.coding;
  const at = row ? rows.indexOf(row) : -1;
  const next = Math.min(rows.length - 1, Math.max(-1, at + by));
  const tier = rows[next]?.tier;
  workbench.selection.selectTier(tier?.id);
  workbench.view.say(tier ? `Tier ${tier.name}` : 'Segments');
}
