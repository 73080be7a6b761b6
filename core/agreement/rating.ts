import type { ModalityState, PerModality } from '../recording/modality.js';
import type { Microseconds, TimeRange } from '../time/microseconds.js';
import type { Topic } from './topic.js';

/** One judgement of one stretch of a recording. */
export interface Rating {
  readonly recordingId: string;
  readonly range: TimeRange;
  /** Raters who judged the same segment share its id; absent where a rater set boundaries of their own. */
  readonly segmentId?: string;
  /** Category; absent where the rater gave none. */
  readonly label?: string;
  /** Number on a continuous scale; absent where the rater gave none. */
  readonly score?: number;
  /** Reaction lag that the rater stated and that is still in the times, µs. */
  readonly reactionLag?: Microseconds;
}

/** Everything one rater, a person or a model, said of one topic. */
export interface RaterTrack {
  readonly raterId: string;
  readonly raterType: 'human' | 'model';
  /** The segments where absent; only raters of the same topic are compared. */
  readonly topic?: Topic;
  readonly ratings: readonly Rating[];
}

/** What was used of each modality in a stretch; decides the stratum of what was rated there. */
export interface StateStretch {
  readonly recordingId: string;
  readonly range: TimeRange;
  readonly segmentId?: string;
  readonly states: PerModality<ModalityState>;
}

/** Which part of a rating is compared. */
export type Measure = 'label' | 'score';

/** What counts as one unit: a matched segment, or a short piece of time. */
export type Basis = 'segment' | 'time';
