/** Random ratings for property tests. */
import fc from 'fast-check';
import type { RaterTrack, Rating, StateStretch } from '../../../core/agreement/rating.js';
import { MODALITY_STATES } from '../../../core/recording/modality.js';
import { microseconds } from '../../../core/time/microseconds.js';

export const TENTH = 100_000;
const LABELS = ['neutral', 'anger', 'sadness'] as const;

export const trackOf = (raterId: string, ratings: readonly Rating[]): RaterTrack => ({
  raterId,
  raterType: 'human',
  ratings,
});

const draft = fc.record({
  recording: fc.constantFrom('a', 'b'),
  start: fc.integer({ min: 0, max: 120 }),
  length: fc.integer({ min: 1, max: 30 }),
  label: fc.constantFrom(...LABELS),
  score: fc.integer({ min: -3, max: 3 }),
});

/** Annotations with boundaries of the rater's own, overlapping ones too; times are tenths of a second. */
export const ownAnnotations: fc.Arbitrary<Rating[]> = fc.array(draft, { minLength: 1, maxLength: 12 }).map((drafts) =>
  drafts.map(({ recording, start, length, label, score }) => ({
    recordingId: recording,
    range: { start: microseconds(start * TENTH), end: microseconds((start + length) * TENTH) },
    label,
    score,
  })),
);

const judgement = fc.record({
  length: fc.integer({ min: 1, max: 30 }),
  labels: fc.tuple(...[0, 1, 2].map(() => fc.option(fc.constantFrom(...LABELS), { nil: undefined }))),
  scores: fc.tuple(...[0, 1, 2].map(() => fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }))),
  states: fc.option(
    fc.record({
      text: fc.constantFrom(...MODALITY_STATES),
      audio: fc.constantFrom(...MODALITY_STATES),
      visual: fc.constantFrom(...MODALITY_STATES),
    }),
    { nil: undefined },
  ),
});

/** Three raters of the same segments, with labels and scores left out here and there, and the segments' states. */
export const sameSegments: fc.Arbitrary<{ readonly tracks: RaterTrack[]; readonly states: StateStretch[] }> = fc
  .array(judgement, { minLength: 2, maxLength: 25 })
  .map((judgements) => {
    let at = 0;
    const placed = judgements.map((judged, index) => {
      const start = at;
      at += judged.length;
      const range = { start: microseconds(start * TENTH), end: microseconds(at * TENTH) };
      return { ...judged, place: { recordingId: 'a', segmentId: `s${index}`, range } };
    });
    const tracks = [0, 1, 2].map((rater) =>
      trackOf(
        `R${rater + 1}`,
        placed.map(({ place, labels, scores }) => ({
          ...place,
          ...(labels[rater] === undefined ? {} : { label: labels[rater] }),
          ...(scores[rater] === undefined ? {} : { score: scores[rater] }),
        })),
      ),
    );
    const states = placed.flatMap(({ place, states: own }) => (own ? [{ ...place, states: own }] : []));
    return { tracks, states };
  });
