/** Agreement as it goes from the host to the page: figures, and the compared units packed, to look at single moments. */
import { MODALITIES, MODALITY_STATES, type ModalityState, type PerModality } from '../recording/modality.js';
import { microseconds, type TimeRange } from '../time/microseconds.js';
import type { Agreement, AgreementFigures } from './agreement.js';
import type { AgreementUnit } from './agreementUnit.js';
import type { Basis, Measure, RaterTrack } from './rating.js';
import type { Topic } from './topic.js';

/** A rater who was compared. */
export interface ComparedRater {
  readonly raterId: string;
  readonly raterType: RaterTrack['raterType'];
  /** Number of ratings of all topics. */
  readonly ratings: number;
}

const NO_LABEL = -1;
const NO_STATE = 255;

/** Many units in few arrays: one message of many small objects is slow to pass between processes. */
interface PackedUnits {
  readonly recordings: readonly string[];
  /** Index into the recordings, by unit. */
  readonly recording: Uint32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly weight: Float64Array;
  /** Index into the labels, unit by unit and rater by rater; -1 for none. */
  readonly labels: Int32Array;
  /** NaN for none. */
  readonly scores: Float64Array;
  /** Index into the states of text, audio and visual, unit by unit; 255 for not known. */
  readonly states: Uint8Array;
}

/** All units of some raters, one measure and one basis. */
export interface UnitList {
  readonly raters: readonly string[];
  readonly topic: Topic;
  readonly measure: Measure;
  readonly basis: Basis;
  readonly units: PackedUnits;
}

export interface AgreementResult extends AgreementFigures {
  readonly raters: readonly ComparedRater[];
  /** Ids of the recordings that were rated. */
  readonly recordings: readonly string[];
  readonly unitLists: readonly UnitList[];
}

/** One unit to look at. */
export interface Moment {
  readonly recordingId: string;
  readonly range: TimeRange;
  /** Units that it stands for: 1, or the time units of a stretch. */
  readonly weight: number;
  /** Index into the labels, by rater. */
  readonly labels: readonly (number | undefined)[];
  readonly scores: readonly (number | undefined)[];
  readonly states?: PerModality<ModalityState>;
}

function packUnits(units: readonly AgreementUnit[], raters: number): PackedUnits {
  const places = new Map<string, number>();
  const packed: PackedUnits = {
    recordings: [...new Set(units.map((unit) => unit.recordingId))],
    recording: new Uint32Array(units.length),
    start: Float64Array.from(units, (unit) => unit.range.start),
    end: Float64Array.from(units, (unit) => unit.range.end),
    weight: Float64Array.from(units, (unit) => unit.weight),
    labels: new Int32Array(units.length * raters).fill(NO_LABEL),
    scores: new Float64Array(units.length * raters).fill(Number.NaN),
    states: new Uint8Array(units.length * MODALITIES.length).fill(NO_STATE),
  };
  for (const [place, id] of packed.recordings.entries()) places.set(id, place);
  for (const [row, unit] of units.entries()) {
    packed.recording[row] = places.get(unit.recordingId) ?? 0;
    for (let rater = 0; rater < raters; rater += 1) {
      packed.labels[row * raters + rater] = unit.labels[rater] ?? NO_LABEL;
      packed.scores[row * raters + rater] = unit.scores[rater] ?? Number.NaN;
    }
    if (!unit.states) continue;
    for (const [place, modality] of MODALITIES.entries()) {
      packed.states[row * MODALITIES.length + place] = MODALITY_STATES.indexOf(unit.states[modality]);
    }
  }
  return packed;
}

/** Raters once each, with what they said of all topics. */
export function comparedRaters(tracks: readonly RaterTrack[]): ComparedRater[] {
  const raters = new Map<string, ComparedRater>();
  for (const { raterId, raterType, ratings } of tracks) {
    const known = raters.get(raterId);
    raters.set(raterId, { raterId, raterType, ratings: (known?.ratings ?? 0) + ratings.length });
  }
  return [...raters.values()];
}

/** Makes the result of an agreement; the units of a stratum are those of the whole that are in its states. */
export function agreementResult(agreement: Agreement, tracks: readonly RaterTrack[]): AgreementResult {
  const { options, comparisons } = agreement;
  return {
    options,
    comparisons: comparisons.map(({ units: _, ...figures }) => figures),
    raters: comparedRaters(tracks),
    recordings: [...new Set(tracks.flatMap((track) => track.ratings.map(({ recordingId }) => recordingId)))].sort(),
    unitLists: comparisons
      .filter(({ stratum }) => stratum === 'all')
      .map(({ raters, topic, measure, basis, units }) => ({
        ...{ raters, topic, measure, basis },
        units: packUnits(units, raters.length),
      })),
  };
}

/** The units of a list one by one. */
export function* momentsOf({ raters, units }: UnitList): Generator<Moment> {
  const { recordings, recording, start, end, weight, labels, scores, states } = units;
  const each = raters.map((_, rater) => rater);
  for (let row = 0; row < start.length; row += 1) {
    const place = row * raters.length;
    const found = statesAt(states, row);
    yield {
      recordingId: recordings[recording[row]!] ?? '',
      range: { start: microseconds(start[row]!), end: microseconds(end[row]!) },
      weight: weight[row]!,
      labels: each.map((rater) => (labels[place + rater] === NO_LABEL ? undefined : labels[place + rater])),
      scores: each.map((rater) => (Number.isNaN(scores[place + rater]) ? undefined : scores[place + rater])),
      ...(found ? { states: found } : {}),
    };
  }
}

function statesAt(states: Uint8Array, row: number): PerModality<ModalityState> | undefined {
  const [text, audio, visual] = MODALITIES.map((_, place) => MODALITY_STATES[states[row * MODALITIES.length + place]!]);
  return text && audio && visual ? { text, audio, visual } : undefined;
}
