import type { Modality } from '../recording/modality.js';
import type { Microseconds, TimeRange } from '../time/microseconds.js';

/** Where a segment's boundaries came from. */
export type SegmentOrigin = 'cue' | 'speech' | 'window' | 'human';

/** The unit of analysis: usually one utterance. */
export interface Segment {
  /** Unique within the recording, `s0001`, `s0002`, … in order of time. */
  readonly id: string;
  readonly range: TimeRange;
  readonly origin: SegmentOrigin;
  /** The words of the cue; undefined when there is no transcript here (then text is missing, never ''). */
  readonly text?: string;
  /** Pseudonym of who speaks, where it is known. */
  readonly speaker?: string;
  /** Remark about the segment itself, of whoever worked on it; remarks on a label are in the label. */
  readonly note?: string;
  /** Somebody wants to come back to it. */
  readonly flagged?: true;
  /** Modalities that a person wants left missing here instead of recovered; absent where there are none. */
  readonly notRecovered?: readonly Modality[];
  /** Made live: this was taken off the times at which keys were pressed, µs; absent where nothing was. */
  readonly reactionLag?: Microseconds;
}

/** One timed piece of a transcript. */
export interface TranscriptCue {
  readonly range: TimeRange;
  readonly text: string;
  readonly speaker?: string;
}
