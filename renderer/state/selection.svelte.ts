import type { TimeRange } from '../../core/time/microseconds.js';

/** One selection, shared by all panes: segments or a time range, and possibly a mark inside it. */
export class Selection {
  /** The segment that the panes show: the last one chosen. */
  segmentId = $state<string>();
  /** All chosen segments in order of choice; holds `segmentId`, the last, whenever that is set. */
  segmentIds = $state.raw<readonly string[]>([]);
  markId = $state<string>();
  /** The tier that keys act on; undefined while it is the segments. */
  tierId = $state<string>();
  /** The chosen annotation, on the active tier. */
  annotationId = $state<string>();
  traceId = $state<string>();
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
    this.traceId = undefined;
    this.annotationId = undefined;
    if (segmentIds.length > 0) this.tierId = undefined;
  }

  /** Makes a tier the one that keys act on, with one of its annotations or none; undefined: the segments. */
  selectTier(tierId: string | undefined, annotationId?: string): void {
    this.selectSegments([]);
    this.tierId = tierId;
    this.annotationId = annotationId;
  }

  selectTrace(traceId: string): void {
    this.selectSegments([]);
    this.traceId = traceId;
  }

  /** Adds a segment to the chosen ones, or takes it out of them. */
  toggleSegment(segmentId: string): void {
    const others = this.segmentIds.filter((id) => id !== segmentId);
    this.selectSegments(others.length < this.segmentIds.length ? others : [...others, segmentId]);
  }

  selectMark(markId: string, segmentId: string | undefined): void {
    if (segmentId !== undefined && segmentId !== this.segmentId) this.selectSegment(segmentId);
    this.annotationId = undefined;
    this.traceId = undefined;
    this.markId = markId;
    this.freeRange = undefined;
  }

  selectRange(range: TimeRange): void {
    this.freeRange = range;
    this.markId = undefined;
  }

  clear(): void {
    this.selectTier(undefined);
  }
}
