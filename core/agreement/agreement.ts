/** Agreement of raters: every pair, and all together from three on, by measure, basis and stratum. */
import { runNow } from '../runNow.js';
import { EMOTIONS } from '../recording/emotion.js';
import { type Microseconds, microseconds } from '../time/microseconds.js';
import { type AgreementOptions, TRACE_BLOCK } from './agreementOptions.js';
import { type AgreementUnit, isRatedBy } from './agreementUnit.js';
import { bestLag } from './bestLag.js';
import { denseClusters } from './clusters.js';
import { compareLabels, type LabelStatistics, compareWithUnmatched } from './compareLabels.js';
import { compareScores } from './compareScores.js';
import { compareSeveralLabels, compareSeveralScores } from './compareSeveral.js';
import type { ContingencyTable } from './contingency.js';
import { judgeSameSegments } from './matchRatings.js';
import type { Basis, Measure, RaterTrack, StateStretch } from './rating.js';
import { commonSegmentUnits, type LabelIndex, pairUnits } from './segmentUnits.js';
import { StateLookup } from './stateLookup.js';
import type { StatisticValue } from './statistics.js';
import { type Stratum, strataOf } from './strata.js';
import { timeUnits } from './timeUnits.js';
import { isContinuous, orderedTopics, type Topic } from './topic.js';

/** The figures of one comparison: some raters, one measure, basis and stratum. */
export interface ComparisonFigures {
  readonly raters: readonly string[];
  readonly topic: Topic;
  /** Every label that any rater of the topic used: emotions in their order, then others by name. */
  readonly labels: readonly string[];
  readonly measure: Measure;
  readonly basis: Basis;
  /** Id of the stratum. */
  readonly stratum: string;
  /** Units that at least two of the raters rated: segments, or time units. */
  readonly n: number;
  /** Clusters of these that the bootstrap draws: segments or pairs of annotations, annotations, or blocks of a trace. */
  readonly clusters: number;
  /** Units that only this rater rated, by rater. */
  readonly onlyOne: readonly number[];
  /** The raters judged the same segments; else annotations were matched by overlap. */
  readonly sameSegments: boolean;
  readonly statistics: readonly StatisticValue[];
  /** Of two raters' labels. */
  readonly perLabel: readonly LabelStatistics[];
  /** Of two raters' labels, in the order of `labels`. */
  readonly table?: ContingencyTable;
}

/** One comparison with its material. */
export interface Comparison extends ComparisonFigures {
  /** All units of the stratum, those that one rater alone rated among them. */
  readonly units: readonly AgreementUnit[];
}

/** Everything that tables tell. */
export interface AgreementFigures {
  readonly options: AgreementOptions;
  readonly comparisons: readonly ComparisonFigures[];
}

export interface Agreement extends AgreementFigures {
  readonly comparisons: readonly Comparison[];
}

export interface AgreementRequest {
  readonly tracks: readonly RaterTrack[];
  readonly states: readonly StateStretch[];
  readonly options: AgreementOptions;
  /** Both where absent. */
  readonly measures?: readonly Measure[];
  /** Ids of strata; all where absent. */
  readonly strata?: readonly string[];
}

function labelsOf(tracks: readonly RaterTrack[]): string[] {
  const used = new Set(
    tracks.flatMap((track) => track.ratings.flatMap(({ label }) => (label === undefined ? [] : [label]))),
  );
  const known: readonly string[] = EMOTIONS.filter((emotion) => used.has(emotion));
  return [...known, ...[...used].filter((label) => !known.includes(label)).sort()];
}

interface Setting {
  readonly request: AgreementRequest;
  readonly lookup: StateLookup;
}

/** Some raters' ratings of a topic that have the measure. */
interface Group {
  readonly topic: Topic;
  readonly labels: readonly string[];
  readonly index: LabelIndex;
  readonly tracks: readonly RaterTrack[];
  readonly measure: Measure;
  readonly sameSegments: boolean;
}

/** A step of the work; the done share of all of it where that is known, 0 to 1. */
export type AgreementStep = number | undefined;

/**
 * Computes agreement in small steps: run it to its end at once (`agreementOf`), or a few steps at a time, to hear a
 * cancellation and show progress.
 * @throws ProblemError `agreement.too_many_units` when the times cannot be those of a recording.
 */
export function* computeAgreement(request: AgreementRequest): Generator<AgreementStep, Agreement, void> {
  const { tracks, options, measures = ['label', 'score'] } = request;
  const setting: Setting = { request, lookup: new StateLookup(request.states) };
  const comparisons: Comparison[] = [];
  const groups = orderedTopics(tracks.map(topicOf)).flatMap((topic) => {
    const own = tracks.filter((track) => topicOf(track) === topic).map((track) => placed(track, options));
    const labels = labelsOf(own);
    const index = new Map(labels.map((label, place) => [label, place]));
    return measures.flatMap((measure) => {
      const rated = own
        .map((track) => ({ ...track, ratings: track.ratings.filter((rating) => rating[measure] !== undefined) }))
        .filter((track) => track.ratings.length > 0);
      return groupsOf(rated).map((group) => ({ topic, labels, index, tracks: group, measure }));
    });
  });
  for (const [place, group] of groups.entries()) {
    yield place / groups.length;
    const sameSegments = group.tracks.every((a, index) =>
      group.tracks.slice(index + 1).every((b) => judgeSameSegments(a, b)),
    );
    const progress = (share: number) => (place + share) / groups.length;
    comparisons.push(...(yield* compareGroup({ ...group, sameSegments }, setting, progress)));
  }
  return { options, comparisons };
}

const topicOf = ({ topic = 'segments' }: RaterTrack): Topic => topic;

/** A track at the times that are compared: as recorded, or with the stated lag taken off. */
function placed(track: RaterTrack, { takeLagOff }: AgreementOptions): RaterTrack {
  if (!takeLagOff) return track;
  const earlier = (time: Microseconds, lag: number) => microseconds(time - lag);
  return {
    ...track,
    ratings: track.ratings.map((rating) => {
      const { range, reactionLag: lag = 0 } = rating;
      return lag === 0
        ? rating
        : { ...rating, range: { start: earlier(range.start, lag), end: earlier(range.end, lag) } };
    }),
  };
}

/** `computeAgreement` in one go. */
export function agreementOf(request: AgreementRequest): Agreement {
  return runNow(computeAgreement(request));
}

/** Every pair, and all of them from three on. */
function groupsOf(tracks: readonly RaterTrack[]): RaterTrack[][] {
  const pairs = tracks.flatMap((a, index) => tracks.slice(index + 1).map((b) => [a, b]));
  return tracks.length > 2 ? [[...tracks], ...pairs] : pairs;
}

function* compareGroup(
  group: Group,
  setting: Setting,
  progress: (share: number) => number,
): Generator<AgreementStep, Comparison[]> {
  const comparisons: Comparison[] = [];
  const bases = isContinuous(group.topic) ? (['time'] as const) : (['segment', 'time'] as const);
  for (const [part, basis] of bases.entries()) {
    const units = yield* unitsOf(group, basis, setting);
    if (units.length === 0) continue;
    const wanted = setting.request.strata;
    const done: { readonly own: readonly AgreementUnit[]; readonly comparison: Comparison }[] = [];
    const strata = strataOf(units);
    for (const [place, stratum] of strata.entries()) {
      if (wanted && !wanted.includes(stratum.id)) continue;
      const own = units.filter((unit) => stratum.holds(unit.states));
      yield progress((part + place / strata.length) / bases.length);
      // often the same: everything observed, or no recording with a transcript
      const same = done.find((earlier) => isSame(earlier.own, own))?.comparison;
      const comparison = same
        ? { ...same, stratum: stratum.id }
        : yield* compareUnits(own, group, { basis, stratum }, setting);
      done.push({ own, comparison });
      comparisons.push(comparison);
    }
  }
  return comparisons;
}

function isSame(a: readonly AgreementUnit[], b: readonly AgreementUnit[]): boolean {
  return a.length === b.length && a.every((unit, index) => unit === b[index]);
}

/** Units between two pauses while they are made. */
const UNITS_PER_STEP = 500;

function* unitsOf(
  { topic, index, tracks, sameSegments }: Group,
  basis: Basis,
  { lookup, request }: Setting,
): Generator<undefined, AgreementUnit[]> {
  const block = isContinuous(topic) ? { block: TRACE_BLOCK } : {};
  const context = { labels: index, states: lookup, options: request.options, ...block };
  const units: AgreementUnit[] = [];
  for (const unit of source()) if (units.push(unit) % UNITS_PER_STEP === 0) yield;
  yield;
  return units;

  function source(): Iterable<AgreementUnit> {
    const [a, b, ...more] = tracks;
    if (basis === 'time') return timeUnits(tracks, context);
    if (more.length > 0) return sameSegments ? commonSegmentUnits(tracks, context) : [];
    return a && b ? pairUnits([a, b], sameSegments, context) : [];
  }
}

function* compareUnits(
  units: readonly AgreementUnit[],
  group: Group,
  { basis, stratum }: { readonly basis: Basis; readonly stratum: Stratum },
  setting: Setting,
): Generator<undefined, Comparison> {
  const { topic, labels, measure, sameSegments } = group;
  const values = (unit: AgreementUnit) => (measure === 'label' ? unit.labels : unit.scores);
  const raters = group.tracks.map((track) => track.raterId);
  const compared = units.filter((unit) => isRatedBy(values(unit), 2));
  const { seed } = setting.request.options;
  const about = topic === 'segments' ? [] : [topic];
  const key = ['agreement', seed, measure, basis, stratum.id, ...raters, ...about].join('|');
  yield;
  const found = yield* statisticsOf(compared, units, { ...group, basis, stratum, key }, setting);
  return {
    raters,
    topic,
    labels,
    measure,
    basis,
    stratum: stratum.id,
    n: compared.reduce((sum, unit) => sum + unit.weight, 0),
    clusters: denseClusters(compared).count,
    onlyOne: raters.map((_, rater) =>
      units.reduce(
        (sum, unit) => (values(unit)[rater] !== undefined && !isRatedBy(values(unit), 2) ? sum + unit.weight : sum),
        0,
      ),
    ),
    sameSegments,
    perLabel: [],
    ...found,
    units,
  };
}

type Found = Pick<Comparison, 'statistics'> & Partial<Pick<Comparison, 'perLabel' | 'table'>>;

function* statisticsOf(
  compared: readonly AgreementUnit[],
  units: readonly AgreementUnit[],
  group: Group & { readonly basis: Basis; readonly stratum: Stratum; readonly key: string },
  { request }: Setting,
): Generator<undefined, Found> {
  const { labels, tracks, measure, basis, stratum, sameSegments, key } = group;
  const { options } = request;
  const resampling = { draws: options.draws, key };
  const raters = tracks.map((track) => track.raterId);
  if (tracks.length > 2) {
    return measure === 'label'
      ? { statistics: yield* compareSeveralLabels(compared, raters.length, labels.length, resampling) }
      : { statistics: yield* compareSeveralScores(compared, raters.length, resampling) };
  }
  if (measure === 'label') {
    const names = { raters, labels };
    const result = yield* compareLabels(compared, names, resampling);
    if (basis === 'time' || sameSegments) return result;
    const unmatched = yield* compareWithUnmatched(units, names, { ...resampling, key: `${key}|unmatched` });
    return { ...result, statistics: [...result.statistics, unmatched] };
  }
  const statistics = yield* compareScores(compared, raters, resampling);
  // scores of the same segments have no timing of their own, and a lag needs time without holes
  if (basis === 'segment' || sameSegments || stratum.id !== 'all') return { statistics };
  return { statistics: [...statistics, ...(yield* bestLag(units, options, `${key}|lag`))] };
}
