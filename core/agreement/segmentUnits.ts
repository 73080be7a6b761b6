import { microseconds, type TimeRange } from '../time/microseconds.js';
import type { AgreementOptions } from './agreementOptions.js';
import type { AgreementUnit } from './agreementUnit.js';
import { judgeSameSegments, matchByOverlap, matchSegments, type RatingMatch } from './matchRatings.js';
import type { RaterTrack, Rating } from './rating.js';
import type { StateLookup } from './stateLookup.js';

/** Index of every label that any rater used. */
export type LabelIndex = ReadonlyMap<string, number>;

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

/** The ratings of two raters side by side, one unit for each pair and for each rating without a counterpart. */
export function pairUnits(
  tracks: readonly [RaterTrack, RaterTrack],
  labels: LabelIndex,
  states: StateLookup,
  options: AgreementOptions,
): AgreementUnit[] {
  const [a, b] = tracks;
  const matches: RatingMatch[] = judgeSameSegments(a, b) ? matchSegments(a, b) : matchByOverlap(a, b, options);
  return matches.map((match, index) => unitOf([match.a, match.b], index, labels, states));
}

/** The ratings of several raters of the same segments; empty where they did not judge the same segments. */
export function commonSegmentUnits(
  tracks: readonly RaterTrack[],
  labels: LabelIndex,
  states: StateLookup,
): AgreementUnit[] {
  const same = tracks.every((a, index) => tracks.slice(index + 1).every((b) => judgeSameSegments(a, b)));
  if (!same) return [];
  const bySegment = new Map<string, (Rating | undefined)[]>();
  for (const [index, track] of tracks.entries()) {
    for (const rating of track.ratings) {
      const key = JSON.stringify([rating.recordingId, rating.segmentId]);
      const row = bySegment.get(key) ?? Array<Rating | undefined>(tracks.length).fill(undefined);
      row[index] = rating;
      bySegment.set(key, row);
    }
  }
  return [...bySegment.values()].map((row, index) => unitOf(row, index, labels, states));
}
