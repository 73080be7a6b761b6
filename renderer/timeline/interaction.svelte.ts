import { changeMark } from '../../core/marks/editMarks.js';
import { addSegment, moveSegment } from '../../core/segments/editSegments.js';
import { resizeSegment } from '../../core/segments/resizeSegment.js';
import { type Microseconds, microseconds } from '../../core/time/microseconds.js';
import { annotate, chooseAnnotation, moveChosen, resizeChosen } from '../commands/annotationEdits.js';
import { markRange } from '../commands/markCommands.js';
import { selectTo } from '../commands/selectCommands.js';
import { frameLength } from '../document/frames.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { type Drag, draggedRange, ownRange, type RangeDrag, rowOfDrag } from './drag.js';
import { type Hit, hitTest, overviewTime } from './hitTest.js';
import { HEADER_WIDTH, type TimelineLayout } from './layout.js';
import { snapTime } from './snapTime.js';
import type { TimelineModel } from './timelineModel.js';
import { centreOn, scrollBy, xToTime, zoomAt, zoomToRange } from './viewport.js';

/** Least movement that makes a drag of a press, px. */
const DRAG_THRESHOLD = 4;
/** Distance from the plot's border at which a drag scrolls the view, px. */
const SCROLL_ZONE = 16;
/** Fastest scrolling while dragging past the border, px per frame. */
const FASTEST_SCROLL = 40;

type Point = Pick<PointerEvent, 'clientX' | 'clientY' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** What the pointer does on the timeline. An edit is made once, at the end of a drag; Esc leaves everything as it was. */
export class TimelineInteraction {
  drag = $state.raw<Drag>();
  hover = $state.raw<Hit>();
  private pressX = 0;
  private moved = false;
  private pressed = false;
  private latest: Point | undefined;
  private scrollRequest = 0;

  private readonly workbench: Workbench;
  private readonly layout: () => TimelineLayout;
  private readonly model: () => TimelineModel;
  private readonly bounds: () => { readonly left: number; readonly top: number };

  constructor(
    workbench: Workbench,
    layout: () => TimelineLayout,
    model: () => TimelineModel,
    bounds: () => { readonly left: number; readonly top: number },
  ) {
    this.workbench = workbench;
    this.layout = layout;
    this.model = model;
    this.bounds = bounds;
  }

  /** The dragged stretch with the rows to draw it over. */
  get dragBox() {
    const { drag } = this;
    if (!drag || drag.kind === 'scrub' || drag.kind === 'brush') return undefined;
    return {
      range: drag.range,
      ...rowOfDrag(
        drag,
        this.layout(),
        this.model().tiers.map(({ tier }) => tier.id),
      ),
    };
  }

  get cursor(): string {
    const hit = this.hover;
    if (this.drag && 'edge' in this.drag && this.drag.edge === 'body') return 'grabbing';
    if (hit?.on === 'markEdge' || hit?.on === 'segmentEdge' || hit?.on === 'annotationEdge') return 'ew-resize';
    return hit?.on === 'waveform' ? 'text' : 'default';
  }

  press(event: Point): void {
    const hit = this.hit(event);
    this.pressX = event.clientX;
    this.latest = event;
    this.moved = false;
    this.pressed = true;
    const { workbench } = this;
    if (hit.on === 'overview') this.takeBrush(hit.time);
    else if (hit.on !== 'header') this.drag = this.begin(hit, event);
    else if (hit.tierId !== undefined) workbench.selection.selectTier(hit.tierId);
    if (hit.on === 'markEdge') workbench.selection.selectMark(hit.mark.id, undefined);
    if (hit.on === 'ruler') workbench.player.seek(hit.time);
  }

  move(event: Point): void {
    const { drag } = this;
    this.latest = event;
    if (!drag) {
      this.hover = this.hit(event);
      return;
    }
    if (Math.abs(event.clientX - this.pressX) >= DRAG_THRESHOLD) this.moved = true;
    this.follow();
    this.update(drag, event);
  }

  release(event: Point): void {
    const { drag, moved, pressed } = this;
    this.endDrag();
    // after Esc the button comes up without meaning anything
    if (!pressed) return;
    if (drag && moved) this.commit(drag, event.altKey);
    else if (drag?.kind !== 'brush' && drag?.kind !== 'scrub') this.click(this.hit(event), event);
  }

  /** Leaves a drag without an edit; false when there was none. */
  cancel(): boolean {
    const had = this.drag !== undefined;
    this.moved = false;
    this.endDrag();
    return had;
  }

  doubleClick(event: Point): void {
    const hit = this.hit(event);
    const item = hit.on === 'mark' ? hit.mark : hit.on === 'tier' ? hit.annotation : undefined;
    const range = item?.range ?? ('segment' in hit ? hit.segment?.range : undefined);
    if (range) this.workbench.viewport = zoomToRange(this.workbench.viewport, range.start, range.end);
  }

  /** Wheel scrolls, Ctrl+wheel zooms at the pointer. False where the box itself should scroll its rows. */
  wheel(event: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'ctrlKey' | 'metaKey' | 'clientX'>): boolean {
    const { workbench } = this;
    const offset = event.clientX - this.bounds().left - HEADER_WIDTH;
    if (offset < 0) return false;
    workbench.viewport =
      event.ctrlKey || event.metaKey
        ? zoomAt(workbench.viewport, Math.exp(-event.deltaY * 0.0025), offset)
        : scrollBy(workbench.viewport, Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY);
    return true;
  }

  private endDrag(): void {
    this.drag = undefined;
    this.pressed = false;
    cancelAnimationFrame(this.scrollRequest);
    this.scrollRequest = 0;
  }

  /** The brush is held where it was taken; beside it, it comes to the pointer. */
  private takeBrush(time: Microseconds): void {
    const { workbench } = this;
    const { start, span } = workbench.viewport;
    if (time < start || time > start + span) workbench.viewport = centreOn(workbench.viewport, time);
    this.drag = { kind: 'brush', grip: time - workbench.viewport.start };
  }

  private begin(hit: Exclude<Hit, { on: 'header' | 'overview' }>, event: Point): Drag | undefined {
    const anchor = this.snap(hit.time, event);
    const range = { start: anchor, end: anchor };
    if (hit.on === 'ruler') return { kind: 'scrub' };
    if (hit.on === 'waveform') return { kind: 'range', anchor, range };
    if (event.shiftKey && (hit.on === 'lane' || hit.on === 'mark')) {
      return { kind: 'create', modality: hit.on === 'lane' ? hit.modality : hit.mark.modality, anchor, range };
    }
    if (event.shiftKey && hit.on === 'segments') return { kind: 'newSegment', anchor, range };
    if (hit.on === 'mark' || hit.on === 'markEdge') {
      const { mark } = hit;
      const edge = hit.on === 'mark' ? 'body' : hit.edge;
      if (edge === 'body' && mark.id !== this.workbench.selection.markId) return undefined;
      return { kind: 'mark', mark, edge, range: mark.range, grip: hit.time - mark.range.start };
    }
    if (hit.on === 'annotationEdge' || hit.on === 'tier') return this.beginOnTier(hit, anchor, event);
    if (hit.on === 'segmentEdge' || hit.on === 'segments') {
      const { segment } = hit;
      const edge = 'edge' in hit ? hit.edge : 'body';
      // only what is selected moves, so that a click with an unsteady hand changes nothing
      if (!segment || (edge === 'body' && segment.id !== this.workbench.selection.segmentId)) return undefined;
      return { kind: 'segment', segment, edge, range: segment.range, grip: hit.time - segment.range.start };
    }
    return undefined;
  }

  /** Shift makes an annotation; only the chosen one of the person's own moves. */
  private beginOnTier(
    hit: Extract<Hit, { on: 'annotationEdge' | 'tier' }>,
    anchor: Microseconds,
    event: Point,
  ): Drag | undefined {
    const { annotation } = hit;
    if (event.shiftKey && hit.on === 'tier') {
      return { kind: 'newAnnotation', tierId: hit.tierId, anchor, range: { start: anchor, end: anchor } };
    }
    if (!annotation || annotation.id !== this.workbench.coding.own?.id) return undefined;
    const edge = hit.on === 'annotationEdge' ? hit.edge : 'body';
    return { kind: 'annotation', annotation, edge, range: annotation.range, grip: hit.time - annotation.range.start };
  }

  private update(drag: Drag, event: Point): void {
    const { workbench } = this;
    const offset = event.clientX - this.bounds().left - HEADER_WIDTH;
    if (drag.kind === 'brush') {
      const time = overviewTime(workbench.viewport, offset);
      workbench.viewport = centreOn(workbench.viewport, time - drag.grip + workbench.viewport.span / 2);
      return;
    }
    const time = xToTime(workbench.viewport, offset);
    if (drag.kind === 'scrub') workbench.player.seek(time);
    else if (this.moved) {
      const held = 'edge' in drag && drag.edge === 'body' ? microseconds(time - Math.round(drag.grip)) : time;
      const { frames, duration } = workbench.player;
      const limits = { duration, minimum: frameLength(drag.range.start, frames) };
      this.drag = { ...drag, range: draggedRange(drag, this.snap(held, event, drag), limits) };
    }
  }

  private hit(event: Point): Hit {
    const { left, top } = this.bounds();
    const view = { viewport: this.workbench.viewport, layout: this.layout(), model: this.model() };
    return hitTest(view, event.clientX - left, event.clientY - top);
  }

  private snap(time: Microseconds, event: Pick<PointerEvent, 'altKey'>, drag?: RangeDrag): Microseconds {
    const { player, viewport, view } = this.workbench;
    const inside = (at: number) => microseconds(Math.min(Math.max(0, at), player.duration));
    if (event.altKey || !view.snap) return inside(time);
    const { segments, marks, tiers } = this.model();
    const rows = tiers.map(({ items }) => items);
    const lists = [segments, marks.text, marks.audio, marks.visual, this.workbench.cues, ...rows];
    const except = drag && 'grip' in drag ? ownRange(drag) : undefined;
    const targets = { lists, times: [player.time], except };
    return inside(snapTime(time, viewport, targets, player.frames));
  }

  /** Scrolls on and on while a drag is held at or past the border, also when the pointer rests there. */
  private follow(): void {
    if (this.scrollRequest !== 0) return;
    const step = () => {
      this.scrollRequest = 0;
      const { drag, latest, workbench } = this;
      if (!drag || drag.kind === 'brush' || !latest || !this.moved) return;
      const offset = latest.clientX - this.bounds().left - HEADER_WIDTH;
      const past =
        offset < SCROLL_ZONE ? offset - SCROLL_ZONE : Math.max(0, offset - workbench.viewport.width + SCROLL_ZONE);
      if (past === 0) return;
      workbench.viewport = scrollBy(
        workbench.viewport,
        Math.sign(past) * Math.min(FASTEST_SCROLL, Math.abs(past) / 2 + 2),
      );
      this.update(drag, latest);
      this.scrollRequest = requestAnimationFrame(step);
    };
    this.scrollRequest = requestAnimationFrame(step);
  }

  private commit(drag: Drag, free: boolean): void {
    const { workbench } = this;
    const { document } = workbench.editor;
    if (!document || drag.kind === 'scrub' || drag.kind === 'brush') return;
    const { range } = drag;
    if (drag.kind === 'mark') {
      // a job that ended during the drag may have replaced the proposal
      if (!document.marks.some((mark) => mark.id === drag.mark.id)) return;
      const title = drag.edge === 'body' ? 'Move mark' : 'Resize mark';
      workbench.editor.apply(title, changeMark(document, drag.mark.id, { range }, workbench.raterId));
    } else if (drag.kind === 'segment') {
      this.commitSegment(drag, free);
    } else if (drag.kind === 'annotation') {
      if (drag.edge === 'body' || free) moveChosen(workbench, 'Move annotation', range);
      else resizeChosen(workbench, range);
    } else if (range.end > range.start) {
      if (drag.kind === 'create') markRange(workbench, drag.modality, range);
      else if (drag.kind === 'range') workbench.selection.selectRange(range);
      else if (drag.kind === 'newAnnotation') annotate(workbench, drag.tierId, range);
      else {
        const edit = addSegment(document, range);
        workbench.editor.apply('Add segment', edit.document);
        workbench.selection.selectSegment(edit.segment.id);
      }
    }
  }

  /** An edge stops at the neighbour and a body moves where it is put; with Alt an edge goes anywhere too. */
  private commitSegment(drag: Extract<RangeDrag, { kind: 'segment' }>, free: boolean): void {
    const { editor, player } = this.workbench;
    const { document } = editor;
    const { segment, range, edge } = drag;
    if (!document?.segments.some((known) => known.id === segment.id)) return;
    const minimum = frameLength(range.start, player.frames);
    const next =
      edge === 'body' || free
        ? moveSegment(document, segment.id, range)
        : resizeSegment(document, segment.id, range, minimum);
    editor.apply(edge === 'body' ? 'Move segment' : 'Resize segment', next);
  }

  private click(hit: Hit, event: Point): void {
    const { workbench } = this;
    if (hit.on === 'header' || hit.on === 'overview') return;
    const { selection } = workbench;
    const segment = 'segment' in hit ? hit.segment : undefined;
    if (hit.on === 'annotationEdge') return;
    if (hit.on === 'tier') {
      if (hit.annotation) chooseAnnotation(workbench, hit.annotation);
      else selection.selectTier(hit.tierId);
    } else if (hit.on === 'trace') {
      if (hit.trace) selection.selectTrace(hit.trace.id);
    } else if (hit.on === 'mark' || hit.on === 'markEdge') selection.selectMark(hit.mark.id, segment?.id);
    else if (segment && (event.ctrlKey || event.metaKey)) selection.toggleSegment(segment.id);
    else if (segment && event.shiftKey) selectTo(workbench, segment.id);
    else if (segment) selection.selectSegment(segment.id);
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) workbench.player.seek(this.snap(hit.time, event));
  }
}
