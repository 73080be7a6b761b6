/** What can be used of one modality in a segment by measurement alone, before any mark is looked at. */
import type { QualityThresholds } from '../analysis/analysis.js';
import type { AudioTrack, Perception } from '../perception/perception.js';
import type { Segment } from '../segments/segment.js';
import { microseconds, type TimeRange } from '../time/microseconds.js';
import { clampRange, coverage, subtractRanges, unionRanges } from '../time/ranges.js';
import { hasWords } from '../transcript/cueText.js';
import { estimateSnr } from './snr.js';
import {
  audioEnd,
  audioRowsIn,
  digitalZeroRuns,
  frameRange,
  framesIn,
  hasFace,
  isUnoccluded,
  unmeasuredRuns,
} from './tracks.js';

export interface Measured {
  readonly usable: readonly TimeRange[];
  /** 0 (unusable) to 1; undefined where nothing was measured. */
  readonly quality?: number;
  /** Findings in words with numbers; never empty. */
  readonly reasons: readonly string[];
}

/** Ratio at which noise no longer matters; quality grows linearly up to it. */
const CLEAN_SNR_DB = 30;

const nothing = (reason: string): Measured => ({ usable: [], reasons: [reason] });
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Words make text usable for the whole segment. */
export function measureText(segment: Segment): Measured {
  if (!hasWords(segment.text)) return nothing('no words in the transcript');
  const count = (segment.text ?? '').split(/\s+/).filter((word) => hasWords(word)).length;
  return { usable: [segment.range], reasons: [`${count} ${count === 1 ? 'word' : 'words'} in the transcript`] };
}

function meanClipped(track: AudioTrack, range: TimeRange): number {
  const { first, last } = audioRowsIn(track, range);
  if (last <= first) return 0;
  let clipped = 0;
  for (let row = first; row < last; row += 1) clipped += (track.clippedShare[row] ?? 0) > 0 ? 1 : 0;
  return clipped / (last - first);
}

const absences = new WeakMap<AudioTrack, { readonly key: number; readonly ranges: readonly TimeRange[] }>();

/** Stretches without recorded sound; kept per track, because every segment of a recording asks for the same ones. */
function absentSound(track: AudioTrack, thresholds: QualityThresholds): readonly TimeRange[] {
  const known = absences.get(track);
  if (known?.key === thresholds.dropoutMinSeconds) return known.ranges;
  const runs = [...digitalZeroRuns(track, thresholds), ...unmeasuredRuns(track)];
  const ranges = unionRanges(runs.map((run) => run.range));
  absences.set(track, { key: thresholds.dropoutMinSeconds, ranges });
  return ranges;
}

/** Sound is usable where it was decoded and is not digital zero; quality is the signal-to-noise ratio less clipping. */
export function measureAudio(segment: Segment, perception: Perception, thresholds: QualityThresholds): Measured {
  const { info, audio } = perception;
  if (!info.audio) return nothing('the recording has no sound track');
  if (!audio) return nothing('no sound could be decoded');
  const decoded = clampRange(segment.range, { start: microseconds(0), end: audioEnd(perception, audio) });
  if (!decoded) return nothing('the sound could not be decoded here');
  const reasons: string[] = [];
  const lost = 1 - coverage(segment.range, [decoded]);
  if (lost > 0.005) reasons.push(`sound not decoded in ${percent(lost)} of the segment`);
  const absent = absentSound(audio, thresholds).filter(({ start, end }) => start < decoded.end && end > decoded.start);
  const usable = subtractRanges([decoded], absent);
  const silentShare = coverage(segment.range, absent);
  if (silentShare > 0.005) reasons.push(`digital silence in ${percent(silentShare)} of the segment`);
  if (usable.length === 0) return { usable, reasons, quality: 0 };
  const snr = estimateSnr(audio, segment.range);
  if (!snr) return { usable, reasons: [...reasons, 'too little sound to measure noise'] };
  reasons.push(`SNR ${snr.db.toFixed(1)} dB, min ${thresholds.snrMinDb.toFixed(0)} dB`);
  const clean = Math.min(1, Math.max(0, snr.db / CLEAN_SNR_DB));
  return { usable, reasons, quality: clean * (1 - meanClipped(audio, segment.range)) };
}

/** Picture is usable in frames with an uncovered face; quality is the mean of face score times landmark score. */
export function measureVisual(segment: Segment, perception: Perception, thresholds: QualityThresholds): Measured {
  const { info, visual } = perception;
  if (!info.video) return nothing('the recording has no picture');
  if (!visual || visual.frameCount === 0) return nothing('no picture could be decoded');
  const { first, last } = framesIn(perception, visual, segment.range);
  const total = last - first;
  if (total <= 0) return nothing('no frame could be decoded here');
  const usable: TimeRange[] = [];
  let faces = 0;
  let covered = 0;
  let quality = 0;
  for (let frame = first; frame < last; frame += 1) {
    if (!hasFace(visual, frame, thresholds)) continue;
    faces += 1;
    quality += (visual.faceScore[frame] ?? 0) * (visual.landmarkScore[frame] || 0);
    if (!isUnoccluded(visual, frame, thresholds)) {
      covered += 1;
      continue;
    }
    const range = clampRange(frameRange(perception, visual, frame), segment.range);
    if (range) usable.push(range);
  }
  const reasons = [
    `a face was found in ${faces} of ${total} ${total === 1 ? 'frame' : 'frames'}, min ${percent(thresholds.usableFractionMin)}`,
  ];
  if (covered > 0) reasons.push(`covered in ${covered} of them, min landmark score ${thresholds.landmarkScoreMin}`);
  return { usable: unionRanges(usable), reasons, quality: Math.min(1, quality / total) };
}
