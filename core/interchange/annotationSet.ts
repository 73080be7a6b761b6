/**
 * The format-neutral form of annotations: tiers of labelled intervals. Every file format is read into it and written
 * from it; `describeRecording` makes it from the work on a recording and `planImport` brings it back.
 */
import type { Microseconds, TimeRange } from '../time/microseconds.js';

/**
 * What the values of a tier are:
 * `segment` ids of segments; `transcript` words; `word` single words; `speaker` who speaks; `label` emotion labels;
 * `score` sentiment in [-3, 3]; `confidence` 0 to 1; `state` of a modality (`observed`, …); `mark` confirmed damage
 * and `proposal` unreviewed damage (`noisy 2`: kind and severity); `note` remarks; `tier` annotations on a tier of ours,
 * whose owner is the tier's name and its rater, `Gaze@R1`; `segment-note` and `segment-flag` remarks about segments
 * themselves, `tier-note` and `tier-flag` about annotations of the tier of the same owner; `other` anything else.
 */
export const TIER_KINDS = [
  'segment',
  'transcript',
  'word',
  'speaker',
  'label',
  'score',
  'confidence',
  'state',
  'mark',
  'proposal',
  'note',
  'tier',
  'segment-note',
  'segment-flag',
  'tier-note',
  'tier-flag',
  'other',
] as const;
export type TierKind = (typeof TIER_KINDS)[number];

/** One annotation. */
export interface TierItem {
  /** Half-open; a point in time has start = end. */
  readonly range: TimeRange;
  /** Never empty: where there is nothing to say there is no item. */
  readonly value: string;
  /** Line of the file it was read from, from 1. */
  readonly line?: number;
}

export interface Tier {
  /** Unique within the set; `tierName` gives the name of a tier of ours, files of others have any. */
  readonly name: string;
  readonly kind: TierKind;
  /**
   * Who or what the tier is about: the rater (`R1`, `model`) of labels, scores, confidences and notes; the speaker of a
   * transcript; the modality of states, marks and proposals.
   */
  readonly owner?: string;
  /** Name of the tier whose items this one says more about; its items then have ranges of items there. */
  readonly parent?: string;
  /** Name of the controlled vocabulary that the values come from. */
  readonly vocabulary?: string;
  /** In order of start, then end. */
  readonly items: readonly TierItem[];
}

/** A controlled vocabulary: the allowed values of a tier. */
export interface Vocabulary {
  readonly name: string;
  readonly description: string;
  readonly entries: readonly { readonly value: string; readonly description: string }[];
}

/** The annotations of one recording. */
export interface AnnotationSet {
  /** Length of the recording, where it is known. */
  readonly duration?: Microseconds;
  /** Name of the media file without its folder, where it is known. */
  readonly mediaName?: string;
  readonly tiers: readonly Tier[];
  readonly vocabularies: readonly Vocabulary[];
}
