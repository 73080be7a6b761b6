import { addSegment } from '../../core/segments/editSegments.js';
import { microseconds, type Microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { annotate } from '../commands/annotationEdits.js';
import type { Workbench } from './workbench.svelte.js';

/**
 * Marking while the recording plays: one key begins a stretch, the same key ends it. The stated reaction lag is taken off
 * both ends, said each time, and kept with what was made.
 */
export class LiveMarking {
  on = $state(false);
  /** Stated reaction lag, ms. */
  lagMs = $state(0);
  /** Clock at the press that began the stretch; undefined while none is open. */
  private startedAt = $state<Microseconds>();
  private value: string | undefined;
  private readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  /** The open stretch up to the playhead, as it would be kept now. */
  get openRange(): TimeRange | undefined {
    return this.startedAt === undefined ? undefined : this.rangeTo(this.startedAt, this.workbench.player.time);
  }

  switch(): void {
    this.on = !this.on;
    const dropped = this.startedAt !== undefined ? ' The open stretch was dropped.' : '';
    this.startedAt = undefined;
    const how = `Enter begins and ends a stretch, reaction lag ${this.lagMs} ms.`;
    this.workbench.view.say(this.on ? `Live marking on. ${how}` : `Live marking off.${dropped}`);
  }

  /** Another recording comes on screen: an open stretch belongs to the one before. */
  leave(): void {
    this.startedAt = undefined;
  }

  /** Begins or ends a stretch; a value of another kind ends the open one and begins its own at the same time. */
  press(value?: string): void {
    const { player, view } = this.workbench;
    const { startedAt, value: before } = this;
    const now = player.time;
    this.startedAt = undefined;
    this.value = undefined;
    if (startedAt !== undefined) this.keep(this.rangeTo(startedAt, now), before);
    if (startedAt !== undefined && (value === undefined || value === before)) return;
    this.startedAt = now;
    this.value = value;
    view.say(value === undefined ? 'A stretch begins' : `${value} begins`);
  }

  private keep(range: TimeRange | undefined, value: string | undefined): void {
    const { editor, coding, selection, view, segmentNumber } = this.workbench;
    const { document } = editor;
    if (!document) return;
    if (!range) {
      view.say('The stretch would have no length and was not kept.');
      return;
    }
    const lag = microseconds(Math.round(this.lagMs * 1000));
    const taken = lag > 0 ? `, ${this.lagMs} ms reaction lag taken off` : '';
    if (coding.row) {
      annotate(this.workbench, coding.row.tier.id, range, value, lag);
      view.say(`Kept ${value ?? 'an annotation'}${taken}`);
      return;
    }
    const edit = addSegment(document, range, lag);
    editor.apply('Add segment live', edit.document);
    selection.selectSegment(edit.segment.id);
    view.say(`Added segment ${segmentNumber.get(edit.segment.id) ?? ''}${taken}`);
  }

  /** Both ends earlier by the lag, inside the recording; undefined where nothing is left. */
  private rangeTo(from: number, to: number): TimeRange | undefined {
    const lag = Math.round(this.lagMs * 1000);
    const start = Math.max(0, Math.min(from, to) - lag);
    const end = Math.max(0, Math.max(from, to) - lag);
    return end > start ? { start: microseconds(start), end: microseconds(end) } : undefined;
  }
}
