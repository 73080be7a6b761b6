import type { RaterLabel } from '../labels/label.js';
import type { SegmentResult } from '../recovery/estimate.js';
import { MODALITIES, type PerModality, type ModalityState } from '../recording/modality.js';
import type { Coding } from '../tiers/coding.js';
import type { Segment } from '../segments/segment.js';
import type { RaterTrack, StateStretch } from './rating.js';
import { tracksOfCoding } from './ratingsOfCoding.js';

/** Id of the model among the raters. */
export const MODEL_RATER = 'model';

/** Segments of one recording, what the model and people said of them, and what people coded beside them. */
export interface RatedWork extends Coding {
  readonly recordingId: string;
  readonly segments: readonly Segment[];
  readonly results: readonly SegmentResult[];
  readonly labels: readonly RaterLabel[];
}

/** The raters of a recording, the model first, then people by id, then traces and tiers; those without any rating are left out. */
export function tracksOfWork(work: RatedWork): RaterTrack[] {
  const { recordingId, segments, results, labels } = work;
  const places = new Map(segments.map(({ id, range }) => [id, { recordingId, segmentId: id, range }]));
  const model = results.flatMap(({ segmentId, estimate }) => {
    const place = places.get(segmentId);
    return place && estimate ? [{ ...place, label: estimate.label, score: estimate.score.value }] : [];
  });
  const byRater = new Map<string, RaterLabel[]>();
  for (const label of labels) {
    const list = byRater.get(label.raterId);
    if (list) list.push(label);
    else byRater.set(label.raterId, [label]);
  }
  const people = [...byRater].sort(([a], [b]) => (a < b ? -1 : 1));
  const tracks: RaterTrack[] = [
    { raterId: MODEL_RATER, raterType: 'model', ratings: model },
    ...people.map(([raterId, given]): RaterTrack => ({
      raterId,
      raterType: 'human',
      ratings: given.flatMap(({ segmentId, label, score }) => {
        const place = places.get(segmentId);
        return place ? [{ ...place, label, ...(score === undefined ? {} : { score }) }] : [];
      }),
    })),
    ...tracksOfCoding(recordingId, work),
  ];
  return tracks.filter((track) => track.ratings.length > 0);
}

/** What was used of each modality in each analysed segment. */
export function statesOfWork({
  recordingId,
  segments,
  results,
}: Pick<RatedWork, 'recordingId' | 'segments' | 'results'>): StateStretch[] {
  const uses = new Map(results.map(({ segmentId, use }) => [segmentId, use]));
  return segments.flatMap(({ id, range }) => {
    const use = uses.get(id);
    if (!use) return [];
    const states = Object.fromEntries(
      MODALITIES.map((modality) => [modality, use[modality].state]),
    ) as PerModality<ModalityState>;
    return [{ recordingId, segmentId: id, range, states }];
  });
}
