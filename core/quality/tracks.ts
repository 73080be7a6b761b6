/** Which stretch of time each measured row or frame stands for, and what is physically absent. */
import type { QualityThresholds } from '../analysis/analysis.js';
import type { AudioTrack, Perception, VisualTrack } from '../perception/perception.js';
import { fromSeconds, microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import { findRuns, type Run } from './findRuns.js';

/**
 * Rows at or below this level hold no recorded sound. One step of 16-bit samples is -90.3 dBFS, below the noise of any
 * microphone; lossy codecs bring digital zero back as residue down there rather than as exact zero.
 */
export const DIGITAL_ZERO_DBFS = -90;

/** A frame stands for at most this long; a longer hole between frames is lost picture, not a still one. */
const LONGEST_FRAME = fromSeconds(1);

/** Time that audio row `index` stands for. */
export function audioRowRange(track: AudioTrack, index: number): TimeRange {
  return { start: microseconds(index * track.hop), end: microseconds((index + 1) * track.hop) };
}

/** Rows [first, last) that overlap a range. */
export function audioRowsIn(track: AudioTrack, range: TimeRange): { first: number; last: number } {
  return {
    first: Math.max(0, Math.floor(range.start / track.hop)),
    last: Math.min(track.rowCount, Math.ceil(range.end / track.hop)),
  };
}

/** Runs of digital zero long enough to be a dropout. */
export function digitalZeroRuns(track: AudioTrack, thresholds: QualityThresholds): Run[] {
  return findRuns({
    count: track.rowCount,
    rangeOf: (index) => audioRowRange(track, index),
    enters: (index) => (track.levelDbfs[index] ?? Number.NaN) <= DIGITAL_ZERO_DBFS,
    minimum: fromSeconds(thresholds.dropoutMinSeconds),
  });
}

/** Rows whose level could not be measured. */
export function unmeasuredRuns(track: AudioTrack): Run[] {
  return findRuns({
    count: track.rowCount,
    rangeOf: (index) => audioRowRange(track, index),
    enters: (index) => Number.isNaN(track.levelDbfs[index] ?? Number.NaN),
  });
}

/** End of what was decoded of the sound: the track's rows, cut at the recording's and the decoder's end. */
export function audioEnd(perception: Perception, track: AudioTrack): Microseconds {
  const { decodedAudioEnd, info } = perception;
  return microseconds(Math.min(track.rowCount * track.hop, decodedAudioEnd ?? Infinity, info.duration));
}

/** Nominal time from frame to frame. */
function frameInterval(track: VisualTrack): Microseconds {
  return fromSeconds(1 / track.rateHz);
}

/**
 * Time that frame `index` stands for: until the next frame, at most 1 s (or two nominal intervals where frames are
 * sampled more slowly); the last frame for one nominal interval. Cut at the end of what was decoded.
 */
export function frameRange(perception: Perception, track: VisualTrack, index: number): TimeRange {
  const start = track.timestamps[index] ?? 0;
  const interval = frameInterval(track);
  const next = index + 1 < track.frameCount ? (track.timestamps[index + 1] ?? start) : start + interval;
  const longest = Math.max(LONGEST_FRAME, 2 * interval);
  const limit = Math.min(perception.info.duration, Math.max(perception.decodedVideoEnd ?? Infinity, start));
  const end = Math.max(start, Math.min(next, start + longest, limit));
  return { start: microseconds(Math.round(start)), end: microseconds(Math.round(end)) };
}

/** Frames [first, last) whose time overlaps a range. Timestamps ascend, so both ends are found by bisection. */
export function framesIn(
  perception: Perception,
  track: VisualTrack,
  range: TimeRange,
): { first: number; last: number } {
  let first = firstFrameFrom(track, range.start);
  if (first > 0 && frameRange(perception, track, first - 1).end > range.start) first -= 1;
  return { first, last: firstFrameFrom(track, range.end) };
}

/** First frame shown at `time` or later; `frameCount` when none is. */
export function firstFrameFrom(track: VisualTrack, time: number): number {
  let low = 0;
  let high = track.frameCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((track.timestamps[middle] ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True when the followed face of a frame was found with a sufficient detector score. */
export function hasFace(track: VisualTrack, index: number, thresholds: QualityThresholds): boolean {
  return (track.faceCount[index] ?? 0) > 0 && (track.faceScore[index] ?? 0) >= thresholds.faceScoreMin;
}

/** True when a found face is not covered. */
export function isUnoccluded(track: VisualTrack, index: number, thresholds: QualityThresholds): boolean {
  return (track.landmarkScore[index] ?? 0) >= thresholds.landmarkScoreMin;
}
