import { type ReviewMoment } from '../../core/review/editReview.js';
import { DEFAULT_REVIEW_THRESHOLD, type ReviewOutcome } from '../../core/review/review.js';
import {
  countQueue,
  filterQueue,
  outcomesOf,
  type QueueCounts,
  type QueueItem,
  reviewPace,
  reviewQueue,
} from '../../core/review/reviewQueue.js';
import { bySegment } from '../timeline/timelineModel.js';
import type { Modality } from '../../core/recording/modality.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import type { Workbench } from './workbench.svelte.js';

/**
 * The review queue of the recording on screen. The order comes from the model also in blind mode; what the model says of
 * a segment is then hidden.
 */
export class Review {
  /** Shows only segments in which this modality was not observed. */
  modality = $state<Modality>();
  /** Shows only segments that wait for a decision. */
  open = $state(true);
  private readonly w: Workbench;

  readonly queue: readonly QueueItem[] = $derived.by(() => {
    const results = this.w.workspace.analysis?.analysis.results ?? [];
    return reviewQueue(this.w.segments.items, bySegment<SegmentResult>(results));
  });
  readonly threshold: number = $derived.by(() => this.w.editor.document?.reviewThreshold ?? DEFAULT_REVIEW_THRESHOLD);
  readonly outcomes: ReadonlyMap<string, ReviewOutcome> = $derived.by(() =>
    outcomesOf(this.w.editor.document?.reviews ?? [], this.w.labels, this.w.raterId),
  );
  readonly items: readonly QueueItem[] = $derived.by(() => {
    const { modality, open } = this;
    const filter = modality === undefined ? { open } : { modality, open };
    return filterQueue(this.queue, filter, this.threshold, this.outcomes);
  });
  readonly counts: QueueCounts = $derived.by(() => countQueue(this.queue, this.threshold, this.outcomes));
  /** The selected segment as an item of the queue, also where the filter hides it. */
  readonly current: QueueItem | undefined = $derived.by(() =>
    this.queue.find(({ segment }) => segment.id === this.w.selection.segmentId),
  );
  /** Time that the open segments will take at the pace so far, ms; undefined while the pace is unknown. */
  readonly remaining: number | undefined = $derived.by(() => {
    const own = (this.w.editor.document?.reviews ?? []).filter(({ raterId }) => raterId === this.w.raterId);
    const pace = reviewPace(own);
    return pace === undefined ? undefined : pace * (this.counts.due - this.counts.done);
  });

  constructor(workbench: Workbench) {
    this.w = workbench;
  }

  /** Selects the first segment that is shown, unless the selected one is shown. */
  begin(): void {
    if (!this.items.some(({ segment }) => segment.id === this.w.selection.segmentId)) this.select(this.items[0]);
  }

  /** Goes `by` segments on in the list as it is shown. */
  move(by: 1 | -1): void {
    const index = this.shownIndex;
    this.select(this.items[index < 0 ? 0 : Math.min(this.items.length - 1, Math.max(0, index + by))]);
  }

  /** What an edit needs to know of the selected segment. */
  moment(item: QueueItem, now: Date): ReviewMoment {
    return {
      segmentId: item.segment.id,
      raterId: this.w.raterId,
      modelLabel: item.result.estimate?.label,
      blind: this.w.view.blind,
      now,
    };
  }

  /** The item to go to once the selected one is decided: the next that is open, else the next. */
  next(): QueueItem | undefined {
    const index = this.shownIndex;
    const after = this.items.slice(index + 1);
    const isOpen = ({ segment, uncertainty }: QueueItem) =>
      uncertainty.total >= this.threshold &&
      !this.outcomes.has(segment.id) &&
      segment.id !== this.w.selection.segmentId;
    return after.find(isOpen) ?? this.items.find(isOpen) ?? after[0] ?? this.items[index];
  }

  select(item: QueueItem | undefined): void {
    if (item) this.w.selectSegment(item.segment.id);
  }

  get shownIndex(): number {
    return this.items.findIndex(({ segment }) => segment.id === this.w.selection.segmentId);
  }
}
