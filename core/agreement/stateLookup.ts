import type { ModalityState, PerModality } from '../recording/modality.js';
import type { TimeRange } from '../time/microseconds.js';
import { segmentKey } from './matchRatings.js';
import type { StateStretch } from './rating.js';

/** Finds the states of a stretch: by the segment's id where it is known, else by what holds the stretch's middle. */
export class StateLookup {
  private readonly byId = new Map<string, StateStretch>();
  private readonly byRecording = new Map<string, StateStretch[]>();

  constructor(stretches: readonly StateStretch[]) {
    for (const stretch of stretches) {
      const { recordingId, segmentId } = stretch;
      if (segmentId !== undefined) this.byId.set(segmentKey({ recordingId, segmentId }), stretch);
      const list = this.byRecording.get(recordingId);
      if (list) list.push(stretch);
      else this.byRecording.set(recordingId, [stretch]);
    }
    for (const list of this.byRecording.values()) list.sort((a, b) => a.range.start - b.range.start);
  }

  /** The stretches of a recording in order of start. */
  of(recordingId: string): readonly StateStretch[] {
    return this.byRecording.get(recordingId) ?? [];
  }

  find(recordingId: string, range: TimeRange, segmentId?: string): PerModality<ModalityState> | undefined {
    const own = segmentId === undefined ? undefined : this.byId.get(segmentKey({ recordingId, segmentId }));
    if (own && own.range.start < range.end && range.start < own.range.end) return own.states;
    const list = this.of(recordingId);
    const middle = (range.start + range.end) / 2;
    // the last one that has begun; of overlapping ones the one that started last
    let low = 0;
    let high = list.length;
    while (low < high) {
      const half = (low + high) >> 1;
      if (list[half]!.range.start <= middle) low = half + 1;
      else high = half;
    }
    const found = list[low - 1];
    return found && middle < found.range.end ? found.states : undefined;
  }
}
