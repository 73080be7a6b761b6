import type { QualityThresholds } from '../analysis/analysis.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { Perception } from '../perception/perception.js';
import { MODALITIES, type Modality, type ModalityState, type PerModality } from '../recording/modality.js';
import type { Segment } from '../segments/segment.js';
import type { TimeRange } from '../time/microseconds.js';
import { coverage, subtractRanges } from '../time/ranges.js';
import { measureAudio, measureText, measureVisual, type Measured } from './measure.js';

/** What is usable of one modality in one segment, before recovery. */
export interface ModalityJudgement {
  /** Enough is usable to be used as measured. */
  readonly available: boolean;
  /** Usable but to be flagged. Only meaningful where available. */
  readonly degraded: boolean;
  /** Usable time, sorted and disjoint, inside the segment. */
  readonly usable: readonly TimeRange[];
  /** Share of the segment that is usable, 0 to 1. */
  readonly usableFraction: number;
  /** Measured input quality, 0 to 1; undefined where nothing was measured. */
  readonly quality?: number;
  /** Why, in words with numbers. */
  readonly reason: string;
}

/** A proposal that nobody reviewed has to cover this share of a segment to flag it. */
const PROPOSAL_SHARE_MIN = 0.1;
/** Losses up to this share are the ragged edges of frames and rows, not damage. */
const LOSS_TOLERANCE = 0.1;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const kindInWords = (mark: CorruptionMark): string => mark.kind.replaceAll('_', ' ');

function describeMark(mark: CorruptionMark, segment: Segment): string {
  const share = percent(coverage(segment.range, [mark.range]));
  const status = mark.review === 'proposed' ? 'proposed, not reviewed' : `severity ${mark.severity}`;
  return `${kindInWords(mark)} in ${share} (${status})`;
}

/** Marks of a segment that count: confirmed ones, and proposals that cover enough of it. Rejected ones never do. */
function relevantMarks(segment: Segment, marks: readonly CorruptionMark[], modality: Modality): CorruptionMark[] {
  const { start, end } = segment.range;
  return marks.filter((mark) => {
    if (mark.modality !== modality || mark.range.start >= end || mark.range.end <= start) return false;
    if (mark.review === 'rejected') return false;
    return mark.review === 'confirmed' || coverage(segment.range, [mark.range]) >= PROPOSAL_SHARE_MIN;
  });
}

function judge(
  segment: Segment,
  measured: Measured,
  marks: readonly CorruptionMark[],
  thresholds: QualityThresholds,
): ModalityJudgement {
  const unusable = marks.filter((mark) => mark.review === 'confirmed' && mark.severity === 3);
  const flagged = marks.filter((mark) => !unusable.includes(mark));
  const usable = subtractRanges(
    measured.usable,
    unusable.map((mark) => mark.range),
  );
  const share = coverage(segment.range, usable);
  const usableFraction = Number.isNaN(share) ? 0 : share;
  const available = usableFraction > 0 && usableFraction >= thresholds.usableFractionMin;
  const degraded = flagged.length > 0 || 1 - usableFraction > LOSS_TOLERANCE;
  const reasons = [...measured.reasons, ...marks.map((mark) => describeMark(mark, segment))];
  if (usable.length > 0 && (!available || Math.round(usableFraction * 100) < 100)) {
    reasons.push(`${percent(usableFraction)} of the segment usable, min ${percent(thresholds.usableFractionMin)}`);
  }
  return {
    available,
    degraded: available && degraded,
    usable,
    usableFraction,
    ...(measured.quality === undefined ? {} : { quality: measured.quality }),
    reason: reasons.join('; '),
  };
}

/**
 * Decides for each modality what of a segment can be used.
 *
 * 1. Measured absence (no stream, not decoded, digital zero, no face or a covered one, no words) is unusable by itself.
 * 2. Confirmed marks of severity 3 make their time unusable; those of severity 1 and 2 flag the modality as degraded.
 * 3. Proposals that nobody reviewed flag it as degraded, never more.
 * 4. Rejected marks count for nothing.
 *
 * A modality is available when at least `usableFractionMin` of the segment is usable.
 * @param marks all marks of the recording.
 */
export function judgeSegment(
  segment: Segment,
  perception: Perception,
  marks: readonly CorruptionMark[],
  thresholds: QualityThresholds,
): PerModality<ModalityJudgement> {
  const measured: PerModality<Measured> = {
    text: measureText(segment),
    audio: measureAudio(segment, perception, thresholds),
    visual: measureVisual(segment, perception, thresholds),
  };
  return judgeMeasured(segment, measured, marks, thresholds);
}

/** The same decision where what is usable by itself is known already. */
export function judgeMeasured(
  segment: Segment,
  measured: PerModality<Measured>,
  marks: readonly CorruptionMark[],
  thresholds: QualityThresholds,
): PerModality<ModalityJudgement> {
  const judgementOf = (modality: Modality) =>
    judge(segment, measured[modality], relevantMarks(segment, marks, modality), thresholds);
  const [text, audio, visual] = MODALITIES;
  return { text: judgementOf(text), audio: judgementOf(audio), visual: judgementOf(visual) };
}

/**
 * State that the report shows for a judgement.
 * @param recovered whether the model generated the modality for this segment; only asked where it is not available.
 */
export function stateOf(judgement: ModalityJudgement, recovered: boolean): ModalityState {
  if (judgement.available) return judgement.degraded ? 'degraded' : 'observed';
  return recovered ? 'recovered' : 'missing';
}
