import type { QualityThresholds } from '../analysis/analysis.js';
import type { MarkKind, MarkSeverity } from '../marks/mark.js';
import type { Perception, VisualTrack } from '../perception/perception.js';
import type { Segment } from '../segments/segment.js';
import { fromSeconds, microseconds, type TimeRange } from '../time/microseconds.js';
import { findRuns, type Run } from './findRuns.js';
import { missingTrack, STREAM_END_TOLERANCE } from './proposeAudio.js';
import { severityByDepth, severityByShare, type Proposal } from './proposals.js';
import { frameRange, hasFace, isUnoccluded } from './tracks.js';

/** A speaker who listens can be still for a moment; only a longer standstill is taken for a frozen picture. */
const FROZEN_MIN = fromSeconds(1);
/** Looser limits at which a run goes on, relative to the limit at which it begins. */
const SCORE_HYSTERESIS = 0.1;
const MEASURE_HYSTERESIS = 1.2;

interface Detector {
  readonly kind: MarkKind;
  readonly name: string;
  readonly enters: (frame: number) => boolean;
  readonly stays?: (frame: number) => boolean;
  readonly minimum?: number;
  readonly describe: (run: Run) => { severity: MarkSeverity; confidence: number; note: string };
}

function meanOver(values: Float32Array, run: Run): number {
  let sum = 0;
  let count = 0;
  for (let index = run.first; index <= run.last; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return sum / count;
}

function countIn(run: Run, holds: (frame: number) => boolean): number {
  let count = 0;
  for (let index = run.first; index <= run.last; index += 1) if (holds(index)) count += 1;
  return count;
}

function faceDetectors(track: VisualTrack, segments: readonly Segment[], limits: QualityThresholds): Detector[] {
  const face = (frame: number) => hasFace(track, frame, limits);
  const score = (frame: number) => ((track.faceCount[frame] ?? 0) > 0 ? (track.faceScore[frame] ?? 0) : 0);
  const covered = (frame: number, limit: number) => face(frame) && (track.landmarkScore[frame] ?? 0) < limit;
  return [
    {
      kind: 'no_face',
      name: 'face-score/1',
      enters: (frame) => !face(frame),
      stays: (frame) => score(frame) < limits.faceScoreMin + SCORE_HYSTERESIS,
      describe: (run) => ({
        severity: severityByShare(run.range, segments),
        confidence: 0.95 - 0.5 * (countIn(run, (frame) => score(frame) > 0) / (run.last - run.first + 1)),
        note: `A face was found in ${countIn(run, face)} of ${run.last - run.first + 1} frames, min score ${limits.faceScoreMin.toFixed(2)}.`,
      }),
    },
    {
      kind: 'occluded',
      name: 'landmark-presence/1',
      enters: (frame) => face(frame) && !isUnoccluded(track, frame, limits),
      stays: (frame) => covered(frame, limits.landmarkScoreMin + SCORE_HYSTERESIS),
      describe: (run) => {
        const presence = meanOver(track.landmarkScore, run);
        return {
          severity: severityByShare(run.range, segments),
          confidence: Number.isNaN(presence) ? 0.5 : Math.min(0.9, 1 - presence),
          note: `Landmark score ${presence.toFixed(2)}, min ${limits.landmarkScoreMin.toFixed(2)}.`,
        };
      },
    },
    {
      kind: 'multiple_faces',
      name: 'face-count/1',
      enters: (frame) => (track.faceCount[frame] ?? 0) > 1,
      describe: (run) => ({
        severity: 1,
        confidence: 0.7,
        note: `Up to ${Math.max(...track.faceCount.subarray(run.first, run.last + 1))} faces; check that the participant was followed.`,
      }),
    },
  ];
}

function pictureDetectors(track: VisualTrack, segments: readonly Segment[], limits: QualityThresholds): Detector[] {
  const below = (values: Float32Array, limit: number) => (frame: number) => (values[frame] ?? Number.NaN) < limit;
  const sharpness = below(track.sharpness, limits.sharpnessMin);
  const stillSoft = below(track.sharpness, limits.sharpnessMin * MEASURE_HYSTERESIS);
  // Darkness lowers the contrast and with it the sharpness; it is the cause to be told.
  const isLit = (frame: number) => (track.luminance[frame] ?? Number.NaN) >= limits.luminanceMin;
  const face = (frame: number) => hasFace(track, frame, limits) && isLit(frame);
  return [
    {
      kind: 'blurred',
      name: 'laplacian-variance/1',
      enters: (frame) => face(frame) && sharpness(frame),
      stays: (frame) => face(frame) && stillSoft(frame),
      describe: (run) => {
        const value = meanOver(track.sharpness, run);
        return {
          severity: severityByDepth(value, limits.sharpnessMin),
          confidence: 0.6,
          note: `Sharpness ${value.toFixed(1)}, min ${limits.sharpnessMin.toFixed(1)}.`,
        };
      },
    },
    {
      kind: 'dark',
      name: 'luminance/1',
      enters: below(track.luminance, limits.luminanceMin),
      stays: below(track.luminance, limits.luminanceMin * MEASURE_HYSTERESIS),
      describe: (run) => {
        const value = meanOver(track.luminance, run);
        return {
          severity: severityByDepth(value, limits.luminanceMin),
          confidence: 0.8,
          note: `Luminance ${value.toFixed(0)} of 255, min ${limits.luminanceMin.toFixed(0)}.`,
        };
      },
    },
    {
      kind: 'frozen',
      name: 'frame-change/1',
      enters: (frame) => (track.change[frame] ?? Number.NaN) <= limits.frozenChangeMax,
      minimum: FROZEN_MIN,
      describe: (run) => ({
        severity: severityByShare(run.range, segments),
        confidence: 0.7,
        note: `${run.last - run.first + 1} frames in a row change by at most ${limits.frozenChangeMax} grey levels.`,
      }),
    },
  ];
}

/** Proposals for the picture: missing track, no face, occluded, several faces, blurred, dark, frozen. */
export function proposeVisual(
  perception: Perception,
  segments: readonly Segment[],
  thresholds: QualityThresholds,
): Proposal[] {
  const { info, visual } = perception;
  const whole: TimeRange = { start: microseconds(0), end: info.duration };
  if (!info.video) return [missingTrack('visual', whole, 'The recording has no picture.')];
  if (!visual || visual.frameCount === 0) return [missingTrack('visual', whole, 'No picture could be decoded.')];
  const seen = frameRange(perception, visual, visual.frameCount - 1).end;
  const end = Math.min(Math.max(seen, perception.decodedVideoEnd ?? seen), info.duration);
  const lost: TimeRange = { start: microseconds(end), end: info.duration };
  const tolerance = Math.max(STREAM_END_TOLERANCE, fromSeconds(1 / visual.rateHz));
  const rest =
    lost.end - lost.start > tolerance
      ? [missingTrack('visual', lost, 'The picture could not be decoded from here on.')]
      : [];
  const minimum = fromSeconds(thresholds.visualMinSeconds);
  const detectors = [...faceDetectors(visual, segments, thresholds), ...pictureDetectors(visual, segments, thresholds)];
  const found = detectors.flatMap((detector) =>
    findRuns({
      count: visual.frameCount,
      rangeOf: (frame) => frameRange(perception, visual, frame),
      enters: detector.enters,
      stays: detector.stays ?? detector.enters,
      bridge: fromSeconds(1 / visual.rateHz),
      minimum: microseconds(Math.max(minimum, detector.minimum ?? 0)),
    }).map((run): Proposal => ({
      modality: 'visual',
      kind: detector.kind,
      range: run.range,
      detector: detector.name,
      ...detector.describe(run),
    })),
  );
  return [...rest, ...found];
}
