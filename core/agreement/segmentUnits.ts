import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import type { AgreementOptions } from './agreementOptions.js';
import type { AgreementUnit } from './agreementUnit.js';
import { matchByOverlap, matchSegments, type RatingMatch, segmentKey } from './matchRatings.js';
import type { RaterTrack, Rating } from './rating.js';
import type { StateLookup } from './stateLookup.js';

/** Index of every label that any rater used. */
export type LabelIndex = ReadonlyMap<string, number>;

/** What units are made with. */
export interface UnitContext {
  readonly labels: LabelIndex;
  readonly states: StateLookup;
  readonly options: AgreementOptions;
  /** Length of the blocks of time that form the clusters, in place of the annotations. */
  readonly block?: Microseconds;
}

function unitOf(
  ratings: readonly (Rating | undefined)[],
  cluster: number,
  labels: LabelIndex,
  states: StateLookup,
): AgreementUnit {
  const given = ratings.filter((rating) => rating !== undefined);
  const [first] = given;
  if (!first) throw new RangeError('a unit without any rating');
  const range: TimeRange = {
    start: microseconds(Math.min(...given.map((rating) => rating.range.start))),
    end: microseconds(Math.max(...given.map((rating) => rating.range.end))),
  };
  const found = states.find(first.recordingId, range, first.segmentId);
  return {
    recordingId: first.recordingId,
    range,
    weight: 1,
    cluster,
    labels: ratings.map((rating) => (rating?.label === undefined ? undefined : labels.get(rating.label))),
    scores: ratings.map((rating) => rating?.score),
    ...(found ? { states: found } : {}),
  };
}

/**
 * The ratings of two raters side by side, one unit for each pair and for each rating without a counterpart.
 * @param sameSegments they judged the same segments; else annotations are matched by overlap.
 */
export function* pairUnits(
  [a, b]: readonly [RaterTrack, RaterTrack],
  sameSegments: boolean,
  { labels, states, options }: UnitContext,
): Generator<AgreementUnit> {
  const matches: RatingMatch[] = sameSegments ? matchSegments(a, b) : matchByOverlap(a, b, options);
  for (const [index, match] of matches.entries()) yield unitOf([match.a, match.b], index, labels, states);
}

/** The ratings of several raters of the same segments. */
export function* commonSegmentUnits(
  tracks: readonly RaterTrack[],
  { labels, states }: UnitContext,
): Generator<AgreementUnit> {
  const bySegment = new Map<string, (Rating | undefined)[]>();
  for (const [index, track] of tracks.entries()) {
    for (const rating of track.ratings) {
      const key = segmentKey(rating);
      const row = bySegment.get(key) ?? Array<Rating | undefined>(tracks.length).fill(undefined);
      row[index] = rating;
      bySegment.set(key, row);
    }
  }
  let cluster = 0;
  for (const row of bySegment.values()) {
    yield unitOf(row, cluster, labels, states);
    cluster += 1;
  }
}
