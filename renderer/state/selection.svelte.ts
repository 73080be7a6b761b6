import type { TimeRange } from '../../core/time/microseconds.js';

/** One selection, shared by all panes: a segment or a time range, and possibly a mark inside it. */
export class Selection {
  segmentId = $state<string>();
  markId = $state<string>();
  /** A free stretch of time, when no segment is meant. */
  freeRange = $state.raw<TimeRange>();

  selectSegment(segmentId: string | undefined): void {
    this.segmentId = segmentId;
    this.markId = undefined;
    this.freeRange = undefined;
  }

  selectMark(markId: string, segmentId: string | undefined): void {
    this.markId = markId;
    if (segmentId !== undefined) this.segmentId = segmentId;
    this.freeRange = undefined;
  }

  selectRange(range: TimeRange): void {
    this.freeRange = range;
    this.markId = undefined;
  }

  clear(): void {
    this.selectSegment(undefined);
  }
}
