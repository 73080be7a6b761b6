import type { QualityThresholds } from '../analysis/analysis.js';
import type { AudioTrack, Perception } from '../perception/perception.js';
import type { Segment } from '../segments/segment.js';
import { fromSeconds, microseconds, toSeconds, type TimeRange } from '../time/microseconds.js';
import { intersectRanges, overlap } from '../time/ranges.js';
import { findRuns } from './findRuns.js';
import { severityByShare, worstShare, type Proposal } from './proposals.js';
import { estimateSnr, type SnrEstimate } from './snr.js';
import { audioEnd, audioRowRange, DIGITAL_ZERO_DBFS, digitalZeroRuns } from './tracks.js';

/** Streams of one file rarely end together; a shorter difference at the end is no loss. */
export const STREAM_END_TOLERANCE = fromSeconds(0.25);
/** Silence has to take this share of a segment; pauses within an utterance are no defect. */
const SILENCE_SEGMENT_SHARE = 0.3;
/** Digital zero that does not cut into the sound has to take this share of a segment. */
const DROPOUT_SEGMENT_SHARE = 0.1;
/** Sound this far above silence within 20 ms of digital zero was cut, not faded. */
const CUT_EDGE_DB = 10;
/** Clipping comes in bursts with the loud vowels; bursts this close together are one stretch. */
const CLIPPING_BRIDGE = fromSeconds(0.3);
const CLIPPING_MIN = fromSeconds(0.02);
const NOISY_JOIN_GAP = fromSeconds(0.5);

const decimal = (value: number, digits = 1): string => value.toFixed(digits);

/** First and last row louder than silence; [rowCount, -1] where there is none. */
function soundingRows(track: AudioTrack, limit: number): readonly [number, number] {
  const isSound = (level: number) => level > limit;
  const first = track.levelDbfs.findIndex(isSound);
  return first < 0 ? [track.rowCount, -1] : [first, track.levelDbfs.findLastIndex(isSound)];
}

/**
 * Digital zero is a dropout where it takes a good part of a segment, or where it cuts into the sound: sound well above
 * silence right before or behind it. With soft edges, or before the first and after the last sound, it is a noise gate
 * or the lead-in of a file, which is no defect.
 */
function dropouts(track: AudioTrack, segments: readonly Segment[], thresholds: QualityThresholds): Proposal[] {
  const [firstSound, lastSound] = soundingRows(track, thresholds.silenceDbfs);
  const isLoud = (row: number) => (track.levelDbfs[row] ?? -Infinity) > thresholds.silenceDbfs + CUT_EDGE_DB;
  return digitalZeroRuns(track, thresholds)
    .filter(({ first, last, range }) => {
      const isInside = first > firstSound && last < lastSound;
      const isCut = [first - 2, first - 1, last + 1, last + 2].some(isLoud);
      return (isInside && isCut) || worstShare(range, segments) >= DROPOUT_SEGMENT_SHARE;
    })
    .map(({ first, last, range }): Proposal => {
      const isExact = track.levelDbfs.subarray(first, last + 1).every((level) => level === -Infinity);
      return {
        modality: 'audio',
        kind: 'dropout',
        range,
        severity: severityByShare(range, segments),
        confidence: isExact ? 1 : 0.9,
        detector: 'digital-zero/1',
        note: `The sound is digital zero for ${decimal(toSeconds(range.end) - toSeconds(range.start), 2)} s.`,
      };
    });
}

function silences(track: AudioTrack, segments: readonly Segment[], thresholds: QualityThresholds): Proposal[] {
  const isSilent = (limit: number) => (row: number) => {
    const level = track.levelDbfs[row] ?? Number.NaN;
    return level <= limit && level > DIGITAL_ZERO_DBFS;
  };
  const runs = findRuns({
    count: track.rowCount,
    rangeOf: (row) => audioRowRange(track, row),
    enters: isSilent(thresholds.silenceDbfs),
    stays: isSilent(thresholds.silenceDbfs + 3),
    minimum: fromSeconds(thresholds.silenceMinSeconds),
  });
  return runs.flatMap(({ range }) => {
    const expected = segments
      .map((segment) => segment.range)
      .filter((span) => overlap(span, range) >= SILENCE_SEGMENT_SHARE * (span.end - span.start));
    return intersectRanges([range], expected).map((part): Proposal => ({
      modality: 'audio',
      kind: 'silence',
      range: part,
      severity: severityByShare(part, segments),
      confidence: 0.8,
      detector: 'level/1',
      note: `The level stays at or below ${decimal(thresholds.silenceDbfs)} dBFS where speech is expected.`,
    }));
  });
}

function clippings(track: AudioTrack, thresholds: QualityThresholds): Proposal[] {
  const share = (row: number) => track.clippedShare[row] ?? 0;
  return findRuns({
    count: track.rowCount,
    rangeOf: (row) => audioRowRange(track, row),
    enters: (row) => share(row) >= thresholds.clippedShare && share(row) > 0,
    stays: (row) => share(row) >= thresholds.clippedShare / 2 && share(row) > 0,
    bridge: CLIPPING_BRIDGE,
    minimum: CLIPPING_MIN,
  }).map(({ first, last, range }): Proposal => {
    const rows = track.clippedShare.subarray(first, last + 1);
    const mean = rows.reduce((sum, value) => sum + value, 0) / rows.length;
    return {
      modality: 'audio',
      kind: 'clipped',
      range,
      severity: mean >= 0.3 ? 3 : mean >= 0.1 ? 2 : 1,
      confidence: 0.9,
      detector: 'clipping/1',
      note: `${decimal(mean * 100)} % of the samples are at full scale.`,
    };
  });
}

const SNR_CONFIDENCE: Readonly<Record<SnrEstimate['method'], number>> = { pauses: 0.8, floor: 0.5, levels: 0.4 };
const SNR_WORDS: Readonly<Record<SnrEstimate['method'], string>> = {
  pauses: 'noise measured in pauses',
  floor: 'no pause near, noise taken from the quietest tenth',
  levels: 'no speech recognised, loudest against quietest tenth',
};

function noisySegments(track: AudioTrack, segments: readonly Segment[], thresholds: QualityThresholds): Proposal[] {
  const found: Proposal[] = [];
  for (const segment of segments) {
    const snr = estimateSnr(track, segment.range);
    if (!snr || snr.db >= thresholds.snrMinDb) continue;
    const previous = found.at(-1);
    const severity = snr.db < 0 ? 3 : snr.db < thresholds.snrMinDb / 2 ? 2 : 1;
    const confidence = SNR_CONFIDENCE[snr.method];
    const isSame = previous?.severity === severity && previous.confidence === confidence;
    if (previous && isSame && segment.range.start - previous.range.end <= NOISY_JOIN_GAP) {
      const end = microseconds(Math.max(previous.range.end, segment.range.end));
      found[found.length - 1] = { ...previous, range: { start: previous.range.start, end } };
      continue;
    }
    found.push({
      modality: 'audio',
      kind: 'noisy',
      range: segment.range,
      severity,
      confidence,
      detector: 'snr/1',
      note: `SNR ${decimal(snr.db)} dB in segment ${segment.id}, min ${decimal(thresholds.snrMinDb)} dB (${SNR_WORDS[snr.method]}).`,
    });
  }
  return found;
}

/** Marks a lost or absent stream; `what` names it in words. */
export function missingTrack(modality: 'audio' | 'visual', range: TimeRange, note: string): Proposal {
  return { modality, kind: 'missing_track', range, severity: 3, confidence: 1, detector: 'stream/1', note };
}

/** Proposals for the sound: missing track, dropout, silence, clipped, noisy. */
export function proposeAudio(
  perception: Perception,
  segments: readonly Segment[],
  thresholds: QualityThresholds,
): Proposal[] {
  const { info, audio } = perception;
  const whole: TimeRange = { start: microseconds(0), end: info.duration };
  if (!info.audio) return [missingTrack('audio', whole, 'The recording has no sound track.')];
  if (!audio) return [missingTrack('audio', whole, 'No sound could be decoded.')];
  const end = audioEnd(perception, audio);
  const lost: Proposal[] =
    info.duration - end > STREAM_END_TOLERANCE
      ? [missingTrack('audio', { start: end, end: info.duration }, 'The sound could not be decoded from here on.')]
      : [];
  return [
    ...lost,
    ...dropouts(audio, segments, thresholds),
    ...silences(audio, segments, thresholds),
    ...clippings(audio, thresholds),
    ...noisySegments(audio, segments, thresholds),
  ];
}
