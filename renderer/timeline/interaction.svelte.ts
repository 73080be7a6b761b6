import { changeMark } from '../../core/marks/editMarks.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Modality } from '../../core/recording/modality.js';
import { resizeSegment } from '../../core/segments/resizeSegment.js';
import type { Segment } from '../../core/segments/segment.js';
import { type Microseconds, microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { markRange } from '../commands/markCommands.js';
import { frameLength, snapToFrame } from '../document/frames.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { type Edge, type Hit, hitTest, overviewTime } from './hitTest.js';
import { HEADER_WIDTH, type TimelineLayout } from './layout.js';
import type { TimelineModel } from './timelineModel.js';
import { centreOn, scrollBy, xToTime, zoomAt, zoomToRange } from './viewport.js';

type Drag =
  | { readonly kind: 'scrub' }
  | { readonly kind: 'brush' }
  | { readonly kind: 'range'; readonly anchor: Microseconds; readonly range: TimeRange }
  | { readonly kind: 'create'; readonly modality: Modality; readonly anchor: Microseconds; readonly range: TimeRange }
  | { readonly kind: 'mark'; readonly mark: CorruptionMark; readonly edge: Edge; readonly range: TimeRange }
  | { readonly kind: 'segment'; readonly segment: Segment; readonly edge: Edge; readonly range: TimeRange };

/** Least movement that makes a drag of a press, px. */
const DRAG_THRESHOLD = 4;
/** Distance from the plot's border at which a drag scrolls the view, px. */
const SCROLL_ZONE = 16;

type Point = Pick<PointerEvent, 'clientX' | 'clientY' | 'shiftKey' | 'altKey'>;

/** What the pointer does on the timeline. An edit is made once, at the end of a drag; Esc leaves everything as it was. */
export class TimelineInteraction {
  drag = $state.raw<Drag>();
  hover = $state.raw<Hit>();
  private pressX = 0;
  private moved = false;
  private pressed = false;

  private readonly workbench: Workbench;
  private readonly layout: () => TimelineLayout;
  private readonly model: () => TimelineModel;
  private readonly bounds: () => DOMRect;

  constructor(workbench: Workbench, layout: () => TimelineLayout, model: () => TimelineModel, bounds: () => DOMRect) {
    this.workbench = workbench;
    this.layout = layout;
    this.model = model;
    this.bounds = bounds;
  }

  /** The dragged stretch with the rows to draw it over. */
  get dragBox(): { range: TimeRange; y: number; height: number } | undefined {
    const { drag } = this;
    if (!drag || drag.kind === 'scrub' || drag.kind === 'brush') return undefined;
    if (drag.kind !== 'segment' && drag.kind !== 'range') {
      const row = this.layout().marks[drag.kind === 'mark' ? drag.mark.modality : drag.modality];
      return { range: drag.range, ...row };
    }
    const row = drag.kind === 'segment' ? this.layout().segments : this.layout().waveform;
    return { range: drag.range, ...row };
  }

  get cursor(): string {
    const hit = this.hover;
    if (hit?.on === 'markEdge' || hit?.on === 'segmentEdge') return 'ew-resize';
    return hit?.on === 'waveform' ? 'text' : 'default';
  }

  press(event: Point): void {
    const hit = this.hit(event);
    this.pressX = event.clientX;
    this.moved = false;
    this.pressed = true;
    if (hit.on === 'header') return;
    const { workbench } = this;
    if (hit.on === 'overview') {
      this.drag = { kind: 'brush' };
      workbench.viewport = centreOn(workbench.viewport, hit.time);
    } else if ((hit.on === 'lane' || hit.on === 'mark') && event.shiftKey) {
      const anchor = this.snap(hit.time, event);
      const modality = hit.on === 'lane' ? hit.modality : hit.mark.modality;
      this.drag = { kind: 'create', modality, anchor, range: { start: anchor, end: anchor } };
    } else if (hit.on === 'markEdge') {
      workbench.selection.selectMark(hit.mark.id, undefined);
      this.drag = { kind: 'mark', mark: hit.mark, edge: hit.edge, range: hit.mark.range };
    } else if (hit.on === 'segmentEdge') {
      this.drag = { kind: 'segment', segment: hit.segment, edge: hit.edge, range: hit.segment.range };
    } else if (hit.on === 'ruler') {
      this.drag = { kind: 'scrub' };
      workbench.player.seek(hit.time);
    } else if (hit.on === 'waveform') {
      const anchor = this.snap(hit.time, event);
      this.drag = { kind: 'range', anchor, range: { start: anchor, end: anchor } };
    }
  }

  move(event: Point): void {
    const { drag } = this;
    if (!drag) {
      this.hover = this.hit(event);
      return;
    }
    if (Math.abs(event.clientX - this.pressX) >= DRAG_THRESHOLD) this.moved = true;
    const offset = event.clientX - this.bounds().left - HEADER_WIDTH;
    const { workbench } = this;
    if (drag.kind === 'brush') {
      workbench.viewport = centreOn(workbench.viewport, overviewTime(workbench.viewport, offset));
      return;
    }
    this.follow(offset);
    const time = xToTime(workbench.viewport, offset);
    if (drag.kind === 'scrub') workbench.player.seek(time);
    else if (this.moved) this.drag = this.dragged(drag, this.snap(time, event));
  }

  release(event: Point): void {
    const { drag, moved, pressed } = this;
    this.drag = undefined;
    this.pressed = false;
    // after Esc the button comes up without meaning anything
    if (!pressed) return;
    if (drag && moved) this.commit(drag);
    else if (drag?.kind !== 'brush' && drag?.kind !== 'scrub') this.click(this.hit(event), event);
  }

  /** Leaves a drag without an edit; false when there was none. */
  cancel(): boolean {
    const had = this.drag !== undefined;
    this.drag = undefined;
    this.moved = false;
    this.pressed = false;
    return had;
  }

  doubleClick(event: Point): void {
    const hit = this.hit(event);
    const range = hit.on === 'mark' ? hit.mark.range : 'segment' in hit ? hit.segment?.range : undefined;
    if (range) this.workbench.viewport = zoomToRange(this.workbench.viewport, range.start, range.end);
  }

  /** Wheel scrolls, Ctrl+wheel zooms at the pointer. */
  wheel(event: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'ctrlKey' | 'metaKey' | 'clientX'>): void {
    const { workbench } = this;
    const offset = Math.max(0, event.clientX - this.bounds().left - HEADER_WIDTH);
    workbench.viewport =
      event.ctrlKey || event.metaKey
        ? zoomAt(workbench.viewport, Math.exp(-event.deltaY * 0.0025), offset)
        : scrollBy(workbench.viewport, Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY);
  }

  private hit(event: Point): Hit {
    const { left, top } = this.bounds();
    const view = { viewport: this.workbench.viewport, layout: this.layout(), model: this.model() };
    return hitTest(view, event.clientX - left, event.clientY - top);
  }

  private snap(time: Microseconds, event: Pick<PointerEvent, 'altKey'>): Microseconds {
    const snapped = event.altKey ? time : snapToFrame(time, this.workbench.player.frames);
    return microseconds(Math.min(Math.max(0, snapped), this.workbench.player.duration));
  }

  private follow(offset: number): void {
    const { viewport } = this.workbench;
    if (offset < SCROLL_ZONE) this.workbench.viewport = scrollBy(viewport, -12);
    else if (offset > viewport.width - SCROLL_ZONE) this.workbench.viewport = scrollBy(viewport, 12);
  }

  private dragged(drag: Exclude<Drag, { kind: 'scrub' | 'brush' }>, time: Microseconds): Drag {
    if (drag.kind === 'create' || drag.kind === 'range') {
      const [start, end] = time < drag.anchor ? [time, drag.anchor] : [drag.anchor, time];
      return { ...drag, range: { start, end } };
    }
    const original = drag.kind === 'mark' ? drag.mark.range : drag.segment.range;
    const frame = frameLength(original.start, this.workbench.player.frames);
    const range =
      drag.edge === 'start'
        ? { start: microseconds(Math.min(time, original.end - frame)), end: original.end }
        : { start: original.start, end: microseconds(Math.max(time, original.start + frame)) };
    return { ...drag, range };
  }

  private commit(drag: Drag): void {
    const { workbench } = this;
    const { document } = workbench.editor;
    if (!document || drag.kind === 'scrub' || drag.kind === 'brush') return;
    const { range } = drag;
    if (drag.kind === 'mark') {
      // a job that ended during the drag may have replaced the proposal
      if (!document.marks.some((mark) => mark.id === drag.mark.id)) return;
      workbench.editor.apply('Resize mark', changeMark(document, drag.mark.id, { range }));
    } else if (drag.kind === 'segment') {
      if (!document.segments.some((segment) => segment.id === drag.segment.id)) return;
      const frame = frameLength(range.start, workbench.player.frames);
      workbench.editor.apply('Resize segment', resizeSegment(document, drag.segment.id, range, frame));
    } else if (range.end > range.start) {
      if (drag.kind === 'create') markRange(workbench, drag.modality, range);
      else workbench.selection.selectRange(range);
    }
  }

  private click(hit: Hit, event: Point): void {
    const { workbench } = this;
    if (hit.on === 'header' || hit.on === 'overview') return;
    if (hit.on === 'mark' || hit.on === 'markEdge') {
      const segment = 'segment' in hit ? hit.segment : undefined;
      workbench.selection.selectMark(hit.mark.id, segment?.id);
    } else if ('segment' in hit && hit.segment) {
      workbench.selection.selectSegment(hit.segment.id);
    }
    workbench.player.seek(this.snap(hit.time, event));
  }
}
