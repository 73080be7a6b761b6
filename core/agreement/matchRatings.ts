import { overlap } from '../time/ranges.js';
import type { AgreementOptions } from './agreementOptions.js';
import type { RaterTrack, Rating } from './rating.js';

/** Two ratings of the same thing, or one without a counterpart. */
export interface RatingMatch {
  readonly a: Rating | undefined;
  readonly b: Rating | undefined;
}

type MatchOptions = Pick<AgreementOptions, 'minOverlap' | 'tolerance'>;

/** Ids hold no line ends. */
export const segmentKey = ({ recordingId, segmentId = '' }: Pick<Rating, 'recordingId' | 'segmentId'>) =>
  `${recordingId}\n${segmentId}`;

/** Whether two raters judged the same segments: every rating has a segment id, and equal ids mean equal times. */
export function judgeSameSegments(a: RaterTrack, b: RaterTrack): boolean {
  const ranges = new Map<string, Rating>();
  for (const rating of a.ratings) {
    if (rating.segmentId === undefined) return false;
    ranges.set(segmentKey(rating), rating);
  }
  let shared = false;
  for (const rating of b.ratings) {
    if (rating.segmentId === undefined) return false;
    const other = ranges.get(segmentKey(rating));
    if (!other) continue;
    if (other.range.start !== rating.range.start || other.range.end !== rating.range.end) return false;
    shared = true;
  }
  return shared;
}

/** Pairs the ratings of two raters who judged the same segments. */
export function matchSegments(a: RaterTrack, b: RaterTrack): RatingMatch[] {
  const others = new Map(b.ratings.map((rating) => [segmentKey(rating), rating]));
  const matches: RatingMatch[] = a.ratings.map((rating) => {
    const other = others.get(segmentKey(rating));
    others.delete(segmentKey(rating));
    return { a: rating, b: other };
  });
  return [...matches, ...[...others.values()].map((rating) => ({ a: undefined, b: rating }))];
}

interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly quality: number;
}

/** How well two annotations fit: shared time over the longer one; at least `minOverlap`, or edges within the tolerance. */
function fit(a: Rating, b: Rating, { minOverlap, tolerance }: MatchOptions): number | undefined {
  const longer = Math.max(a.range.end - a.range.start, b.range.end - b.range.start);
  const share = longer > 0 ? overlap(a.range, b.range) / longer : 1;
  const near = Math.abs(a.range.start - b.range.start) <= tolerance && Math.abs(a.range.end - b.range.end) <= tolerance;
  return near || (longer > 0 && share >= minOverlap) ? share : undefined;
}

/** All pairs of one recording that fit; both lists in order of start. */
function candidates(a: readonly Rating[], b: readonly Rating[], options: MatchOptions): Candidate[] {
  const found: Candidate[] = [];
  const { tolerance } = options;
  // no annotation of b before this index reaches the present one of a, as ends only grow along `reach`
  const reach: number[] = [];
  for (const rating of b) reach.push(Math.max(reach.at(-1) ?? -Infinity, rating.range.end));
  let first = 0;
  for (const [index, rating] of a.entries()) {
    while (first < b.length && reach[first]! < rating.range.start - tolerance) first += 1;
    for (let other = first; other < b.length && b[other]!.range.start <= rating.range.end + tolerance; other += 1) {
      const quality = fit(rating, b[other]!, options);
      if (quality !== undefined) found.push({ a: index, b: other, quality });
    }
  }
  return found;
}

function byRecording(ratings: readonly Rating[]): Map<string, Rating[]> {
  const map = new Map<string, Rating[]>();
  for (const rating of ratings) {
    const list = map.get(rating.recordingId);
    if (list) list.push(rating);
    else map.set(rating.recordingId, [rating]);
  }
  for (const list of map.values()) list.sort((x, y) => x.range.start - y.range.start || x.range.end - y.range.end);
  return map;
}

/** One to one, the best fit first, the earlier one on a tie; what is left has no counterpart. */
function matchRecording(a: readonly Rating[], b: readonly Rating[], options: MatchOptions): RatingMatch[] {
  const sorted = candidates(a, b, options).sort((x, y) => y.quality - x.quality || x.a - y.a || x.b - y.b);
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  for (const candidate of sorted) {
    if (partner.has(candidate.a) || taken.has(candidate.b)) continue;
    partner.set(candidate.a, candidate.b);
    taken.add(candidate.b);
  }
  const matches: RatingMatch[] = a.map((rating, index) => {
    const other = partner.get(index);
    return { a: rating, b: other === undefined ? undefined : b[other] };
  });
  return [...matches, ...b.filter((_, index) => !taken.has(index)).map((rating) => ({ a: undefined, b: rating }))];
}

/** Pairs annotations of two raters with boundaries of their own, by overlap in time. */
export function matchByOverlap(a: RaterTrack, b: RaterTrack, options: MatchOptions): RatingMatch[] {
  const left = byRecording(a.ratings);
  const right = byRecording(b.ratings);
  return [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .flatMap((recording) => matchRecording(left.get(recording) ?? [], right.get(recording) ?? [], options));
}
