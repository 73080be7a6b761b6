import type { TimeRange } from '../../core/time/microseconds.js';

/** One selection, shared by all panes: segments or a time range, and possibly a mark inside it. */
export class Selection {
  /** The segment that the panes show: the last one chosen. */
  segmentId = $state<string>();
  /** All chosen segments in order of choice; holds `segmentId`, the last, whenever that is set. */
  segmentIds = $state.raw<readonly string[]>([]);
  markId = $state<string>();
  /** A free stretch of time, when no segment is meant. */
  freeRange = $state.raw<TimeRange>();

  selectSegment(segmentId: string | undefined): void {
    this.selectSegments(segmentId === undefined ? [] : [segmentId]);
  }

  /** Chooses several; the last one is shown. */
  selectSegments(segmentIds: readonly string[]): void {
    this.segmentIds = segmentIds;
    this.segmentId = segmentIds.at(-1);
    this.markId = undefined;
    this.freeRange = undefined;
  }

  /** Adds a segment to the chosen ones, or takes it out of them. */
  toggleSegment(segmentId: string): void {
    const others = this.segmentIds.filter((id) => id !== segmentId);
    this.selectSegments(others.length < this.segmentIds.length ? others : [...others, segmentId]);
  }

  selectMark(markId: string, segmentId: string | undefined): void {
    if (segmentId !== undefined && segmentId !== this.segmentId) this.selectSegment(segmentId);
    this.markId = markId;
    this.freeRange = undefined;
  }

  selectRange(range: TimeRange): void {
    this.freeRange = range;
    this.markId = undefined;
  }

  clear(): void {
    this.selectSegments([]);
  }
}
