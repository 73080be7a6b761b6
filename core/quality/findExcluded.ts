import type { QualityThresholds } from '../analysis/analysis.js';
import type { Perception } from '../perception/perception.js';
import { fromSeconds, microseconds, type TimeRange } from '../time/microseconds.js';
import { findRuns, type Run } from './findRuns.js';
import { audioEnd, digitalZeroRuns, frameRange, hasFace, isUnoccluded, unmeasuredRuns } from './tracks.js';

/** Why a stretch of picture or sound cannot be used; `mark` is a person's confirmed mark of severity 3. */
export const EXCLUSION_REASONS = [
  'no_face',
  'face_covered',
  'digital_silence',
  'not_measured',
  'not_decoded',
  'mark',
] as const;
type ExclusionReason = (typeof EXCLUSION_REASONS)[number];

/** A stretch of one modality that an analysis did not use, because nothing usable was measured in it. */
export interface ExcludedStretch {
  readonly modality: 'audio' | 'visual';
  readonly range: TimeRange;
  readonly reason: ExclusionReason;
  /** First and last sampled frame or 10 ms row, from 0; absent where nothing was decoded. */
  readonly rows?: { readonly first: number; readonly last: number };
  /** Mean of the measure that the threshold was compared with; absent where nothing was measured. */
  readonly measured?: number;
  readonly threshold?: keyof QualityThresholds;
}

function mean(values: Float32Array, { first, last }: Run): number | undefined {
  let sum = 0;
  let count = 0;
  for (let index = first; index <= last; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

function stretch(modality: ExcludedStretch['modality'], reason: ExclusionReason, run: Run): ExcludedStretch {
  return { modality, reason, range: run.range, rows: { first: run.first, last: run.last } };
}

function measuredStretch(base: ExcludedStretch, measured: number | undefined, threshold: keyof QualityThresholds) {
  return { ...base, threshold, ...(measured === undefined ? {} : { measured }) };
}

/** A stretch without any decoded material, if it is longer than the sampling can tell. */
function undecoded(
  modality: ExcludedStretch['modality'],
  start: number,
  end: number,
  tolerance: number,
): ExcludedStretch[] {
  if (end - start <= tolerance) return [];
  return [{ modality, reason: 'not_decoded', range: { start: microseconds(start), end: microseconds(end) } }];
}

function excludedPicture({ info, visual, ...rest }: Perception, thresholds: QualityThresholds): ExcludedStretch[] {
  if (!info.video) return [];
  if (!visual || visual.frameCount === 0) return undecoded('visual', 0, info.duration, 0);
  const rangeOf = (index: number) => frameRange({ info, ...rest }, visual, index);
  const faceless = (index: number) => !hasFace(visual, index, thresholds);
  const covered = (index: number) => !faceless(index) && !isUnoccluded(visual, index, thresholds);
  const count = visual.frameCount;
  const interval = fromSeconds(1 / visual.rateHz);
  return [
    ...undecoded('visual', 0, rangeOf(0).start, interval),
    ...findRuns({ count, rangeOf, enters: faceless }).map((run) =>
      measuredStretch(stretch('visual', 'no_face', run), mean(visual.faceScore, run), 'faceScoreMin'),
    ),
    ...findRuns({ count, rangeOf, enters: covered }).map((run) =>
      measuredStretch(stretch('visual', 'face_covered', run), mean(visual.landmarkScore, run), 'landmarkScoreMin'),
    ),
    ...undecoded('visual', rangeOf(count - 1).end, info.duration, interval),
  ];
}

function excludedSound(perception: Perception, thresholds: QualityThresholds): ExcludedStretch[] {
  const { info, audio } = perception;
  if (!info.audio) return [];
  if (!audio) return undecoded('audio', 0, info.duration, 0);
  return [
    ...digitalZeroRuns(audio, thresholds).map((run) =>
      measuredStretch(
        stretch('audio', 'digital_silence', run),
        (run.range.end - run.range.start) / 1e6,
        'dropoutMinSeconds',
      ),
    ),
    ...unmeasuredRuns(audio).map((run) => stretch('audio', 'not_measured', run)),
    ...undecoded('audio', audioEnd(perception, audio), info.duration, audio.hop),
  ];
}

/** Everything of a recording that the state rules cannot use by measurement alone, in order of start. */
export function findExcluded(perception: Perception, thresholds: QualityThresholds): ExcludedStretch[] {
  return [...excludedSound(perception, thresholds), ...excludedPicture(perception, thresholds)].sort(
    (a, b) => a.range.start - b.range.start || (a.modality < b.modality ? -1 : 1),
  );
}
