import { microseconds, type Microseconds } from '../time/microseconds.js';

/** How agreement is computed; all of it stands beside every number. */
export interface AgreementOptions {
  /** Length of a time unit. */
  readonly unit: Microseconds;
  /**
   * Time by which boundaries may differ: a unit counts as agreement when each label also occurs in the other rater's
   * track within this time, and annotations match when start and end both differ by no more.
   */
  readonly tolerance: Microseconds;
  /** Smallest overlap of two matching annotations, as a share of the longer one, above 0 to 1. */
  readonly minOverlap: number;
  /** Largest lag searched in either direction. */
  readonly maxLag: Microseconds;
  /** Takes the reaction lag that raters stated off the times of traces before they are compared. */
  readonly takeLagOff: boolean;
  /** Bootstrap draws; 0 for no intervals. */
  readonly draws: number;
  readonly seed: number;
}

/** Stretches of a trace that the bootstrap draws whole: values next to each other are not independent. */
export const TRACE_BLOCK = microseconds(10_000_000);

/** Level of every interval. */
export const INTERVAL_LEVEL = 0.95;

/** Most bootstrap draws that are taken. */
export const MAX_DRAWS = 10_000;

/**
 * 100 ms units (FEATURES of observer software use a frame to 1 s); 60 % overlap as Holle & Rein (2015) propose for
 * matching annotations.
 */
export const DEFAULT_AGREEMENT_OPTIONS: AgreementOptions = {
  unit: microseconds(100_000),
  tolerance: microseconds(0),
  minOverlap: 0.6,
  maxLag: microseconds(5_000_000),
  takeLagOff: false,
  draws: 1_000,
  seed: 1,
};

/** From this many ratings on fewer draws are enough, down to the least number. */
const MANY_RATINGS = 2_000;
const LEAST_DRAWS = 200;

/**
 * Draws that are taken where nobody asked for a number: 1000, and fewer for much material, whose intervals are so narrow
 * that the same accuracy of their ends needs fewer.
 * @param ratings of the rater with the most.
 */
export function drawsFor(ratings: number): number {
  const { draws } = DEFAULT_AGREEMENT_OPTIONS;
  const enough = Math.round((draws * MANY_RATINGS) / Math.max(1, ratings));
  return Math.min(draws, Math.max(LEAST_DRAWS, enough));
}
