import type { Modality } from '../recording/modality.js';
import type { TimeRange } from '../time/microseconds.js';

/** Kinds of corruption (FEATURES section 6 vocabulary); `other` takes everything else, with a note. */
export const MARK_KINDS = [
  'occluded',
  'out_of_frame',
  'no_face',
  'multiple_faces',
  'blurred',
  'dark',
  'frozen',
  'noisy',
  'clipped',
  'silence',
  'dropout',
  'overlap_speech',
  'missing_track',
  'missing_transcript',
  'misaligned',
  'asr_error',
  'other',
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** Longest name of a kind of the person's own, characters. */
export const LONGEST_KIND = 60;

/** 1 slight (still usable), 2 clear (usable with care), 3 unusable. */
export type MarkSeverity = 1 | 2 | 3;

/** `proposed` waits for a person; `confirmed` counts as if a person had made it; `rejected` is kept but ignored. */
export type MarkReview = 'proposed' | 'confirmed' | 'rejected';

/** A stretch of one modality that is damaged. Human marks are always `confirmed`. */
export interface CorruptionMark {
  readonly id: string;
  readonly modality: Modality;
  readonly range: TimeRange;
  readonly kind: MarkKind;
  /** A kind of the person's own vocabulary; `kind` is `other` then. */
  readonly ownKind?: string;
  readonly severity: MarkSeverity;
  readonly source: 'human' | 'auto';
  /** Detector name and version, for `auto` marks, for example `snr/1`. */
  readonly detector?: string;
  /** 0 to 1, for `auto` marks. */
  readonly confidence?: number;
  readonly review: MarkReview;
  /** Pseudonym of who made a human mark; absent in marks of earlier versions. */
  readonly raterId?: string;
  /** Pseudonym of who accepted, rejected or changed an automatic mark; absent while nobody did. */
  readonly reviewedBy?: string;
  readonly note: string;
}
