/** What a read-out is learned from, whether it is enough, and what is left out together when it is tried. */
import { EMOTIONS, type Emotion } from '../recording/emotion.js';
import type { GroupedBy } from './learnedReadout.js';

/** One labelled segment with what the model made of it. */
export interface LearnExample {
  readonly recordingId: string;
  readonly segmentId: string;
  /** Pseudonym of who was recorded, where it is known. */
  readonly participant?: string;
  /** Start, microseconds. */
  readonly start: number;
  /** Fused representation: mean over the recovery samples. */
  readonly fused: readonly number[];
  readonly probabilities: readonly number[];
  readonly score: number;
  readonly label: Emotion;
  readonly raterScore?: number;
}

/** Fewest labelled segments that are learned from. */
export const FEWEST_LABELS = 20;
/** Fewest labels, and fewest segments of each, among them. */
export const FEWEST_KINDS = 2;
export const FEWEST_OF_KIND = 5;
/** Fewest participants or recordings that are left out one group at a time. */
const FEWEST_GROUPS = 3;
/** Blocks of time per recording where there are fewer. */
const BLOCKS = 10;

/** How far the labels are from enough. */
export interface Readiness {
  readonly labels: number;
  /** How many segments have each label, those that were given only. */
  readonly counts: readonly { readonly label: Emotion; readonly count: number }[];
  /** What is missing, in a sentence; empty when it is enough. */
  readonly missing: string;
}

/** Says whether labels are enough to learn from. */
export function readiness(labels: readonly Emotion[]): Readiness {
  const counts = EMOTIONS.map((label) => ({ label, count: labels.filter((other) => other === label).length })).filter(
    ({ count }) => count > 0,
  );
  const enough = counts.filter(({ count }) => count >= FEWEST_OF_KIND).length;
  const missing =
    labels.length < FEWEST_LABELS
      ? `${FEWEST_LABELS - labels.length} more labelled segments are needed; the least is ${FEWEST_LABELS}.`
      : enough < FEWEST_KINDS
        ? `At least ${FEWEST_KINDS} labels must be given to ${FEWEST_OF_KIND} segments each; now it is ${enough}.`
        : '';
  return { labels: labels.length, counts, missing };
}

export interface Groups {
  readonly by: GroupedBy;
  /** Group of each example, from 0 without gaps. */
  readonly of: readonly number[];
  readonly count: number;
}

function numbered(names: readonly string[]): Pick<Groups, 'of' | 'count'> {
  const known = [...new Set(names)].sort();
  return { of: names.map((name) => known.indexOf(name)), count: known.length };
}

/**
 * What is left out together: a participant where at least three are known, else a recording where there are three, else a
 * stretch of neighbouring labelled segments, a tenth of a recording's. Neighbours are alike, so that single segments left
 * out would flatter the result.
 */
export function groupExamples(examples: readonly LearnExample[]): Groups {
  const participants = examples.map(({ participant, recordingId }) => participant ?? `recording ${recordingId}`);
  const byParticipant = numbered(participants);
  if (examples.every(({ participant }) => participant !== undefined) && byParticipant.count >= FEWEST_GROUPS) {
    return { by: 'participant', ...byParticipant };
  }
  const byRecording = numbered(examples.map(({ recordingId }) => recordingId));
  if (byRecording.count >= FEWEST_GROUPS) return { by: 'recording', ...byRecording };
  const places = new Map<LearnExample, string>();
  for (const recordingId of new Set(examples.map((example) => example.recordingId))) {
    const own = examples.filter((example) => example.recordingId === recordingId).sort((a, b) => a.start - b.start);
    own.forEach((example, index) => {
      places.set(example, `${recordingId}/${Math.floor((index * BLOCKS) / own.length)}`);
    });
  }
  return { by: 'block', ...numbered(examples.map((example) => places.get(example) ?? '')) };
}

/** Most folds of a cross-validation. */
const FOLDS = 5;

/**
 * Fold of each example: groups are dealt out whole, the largest first, to the fold that has the fewest examples.
 * @returns one number from 0 for each example, below `folds`.
 */
export function foldsOf(
  groups: Pick<Groups, 'of' | 'count'>,
  most = FOLDS,
): { readonly of: number[]; readonly folds: number } {
  const present = [...new Set(groups.of)];
  const folds = Math.min(most, present.length);
  const sizes = new Map(present.map((group) => [group, groups.of.filter((other) => other === group).length]));
  const order = present.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || a - b);
  const filled = Array.from({ length: folds }, () => 0);
  const foldOf = new Map<number, number>();
  for (const group of order) {
    const fold = filled.indexOf(Math.min(...filled));
    foldOf.set(group, fold);
    filled[fold] = (filled[fold] ?? 0) + (sizes.get(group) ?? 0);
  }
  return { of: groups.of.map((group) => foldOf.get(group) ?? 0), folds };
}
