import type { Emotion } from '../recording/emotion.js';

/** A person's judgement of one segment. It stands beside the model's estimate and never overwrites it. */
export interface RaterLabel {
  readonly segmentId: string;
  /** Pseudonym of the rater, `R1`. */
  readonly raterId: string;
  readonly label: Emotion;
  /** Sentiment score in [-3, 3], when the rater gave one. */
  readonly score?: number;
  readonly note?: string;
  /** ISO 8601 UTC time of the last change. */
  readonly modifiedUtc: string;
}
