/** Raters of what was coded beside the segments: continuous traces, and tiers with a vocabulary. */
import type { Coding } from '../tiers/coding.js';
import { microseconds } from '../time/microseconds.js';
import { type Trace, TRACE_SCALE, type TraceDimension } from '../traces/trace.js';
import type { RaterTrack, Rating } from './rating.js';
import { topicOfTier } from './topic.js';

/** What of a take is compared. */
export type Take = Pick<Trace, 'start' | 'step' | 'values' | 'reactionLag'>;

/** The value of a take that holds at a time; null where it has none. */
function valueAt({ start, step, values }: Take, time: number): number | null {
  return values[Math.floor((time - start) / step)] ?? null;
}

/**
 * Takes of one rater and dimension as ratings, equal values after each other as one. Where takes overlap the latest one
 * counts, as long as it has a value there.
 * @param takes in order of recording.
 */
export function ratingsOfTakes(recordingId: string, takes: readonly Take[]): Rating[] {
  const ratings = takes.flatMap((take, index) => {
    const later = takes.slice(index + 1);
    const own: Rating[] = [];
    let open: { readonly start: number; readonly value: number } | undefined;
    for (let at = 0; at <= take.values.length; at += 1) {
      const time = take.start + at * take.step;
      const middle = time + take.step / 2;
      const given = take.values[at] ?? null;
      const value = later.some((other) => valueAt(other, middle) !== null) ? null : given;
      if (open && value !== open.value) {
        const range = { start: microseconds(open.start), end: microseconds(time) };
        const score = open.value / TRACE_SCALE;
        own.push({ recordingId, range, score, ...(take.reactionLag > 0 ? { reactionLag: take.reactionLag } : {}) });
        open = undefined;
      }
      if (value !== null && !open) open = { start: time, value };
    }
    return own;
  });
  return ratings.sort((a, b) => a.range.start - b.range.start);
}

const byRater = <T extends { readonly raterId: string }>(items: readonly T[]): (readonly [string, readonly T[]])[] => {
  const map = new Map<string, T[]>();
  for (const item of items) {
    const list = map.get(item.raterId);
    if (list) list.push(item);
    else map.set(item.raterId, [item]);
  }
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
};

/** Traces are long and change seldom, while everything else of a document does. */
const known = new WeakMap<readonly Trace[], { readonly recordingId: string; readonly tracks: readonly RaterTrack[] }>();

function tracksOfTraces(recordingId: string, traces: readonly Trace[]): readonly RaterTrack[] {
  const found = known.get(traces);
  if (found?.recordingId === recordingId) return found.tracks;
  const dimensions: readonly TraceDimension[] = ['valence', 'arousal'];
  const tracks = dimensions.flatMap((topic) =>
    byRater(traces.filter(({ dimension }) => dimension === topic)).map(([raterId, takes]): RaterTrack => ({
      ...{ raterId, raterType: 'human', topic },
      ratings: ratingsOfTakes(recordingId, takes),
    })),
  );
  known.set(traces, { recordingId, tracks });
  return tracks;
}

/** Traces and the tiers that have a scheme as raters; free text cannot be compared and annotations without value say nothing. */
export function tracksOfCoding(recordingId: string, { tiers = [], annotations = [], traces }: Coding): RaterTrack[] {
  const coded = tiers.filter(({ schemeId }) => schemeId !== undefined);
  const ofTiers = coded.flatMap(({ id, name }) =>
    byRater(annotations.filter(({ tierId }) => tierId === id)).map(([raterId, own]): RaterTrack => ({
      ...{ raterId, raterType: 'human', topic: topicOfTier(name) },
      ratings: own.flatMap(({ range, value }) => (value === undefined ? [] : [{ recordingId, range, label: value }])),
    })),
  );
  return [...(traces ? tracksOfTraces(recordingId, traces) : []), ...ofTiers];
}
