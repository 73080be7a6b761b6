import type { CorruptionMark, MarkKind, MarkSeverity } from '../marks/mark.js';
import type { Modality } from '../recording/modality.js';
import type { Segment } from '../segments/segment.js';
import type { TimeRange } from '../time/microseconds.js';
import { overlap } from '../time/ranges.js';

/** A proposal before it has an id. */
export interface Proposal {
  readonly modality: Modality;
  readonly kind: MarkKind;
  readonly range: TimeRange;
  readonly severity: MarkSeverity;
  /** 0 to 1. How sure the detector is of the stretch; judged by its makers, not calibrated. */
  readonly confidence: number;
  readonly detector: string;
  readonly note: string;
}

/** Gives proposals ids that depend on nothing but their order in time: `auto-visual-no_face-0001`. */
export function toMarks(proposals: readonly Proposal[]): CorruptionMark[] {
  const counters = new Map<string, number>();
  return [...proposals]
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)
    .map((proposal): CorruptionMark => {
      const prefix = `auto-${proposal.modality}-${proposal.kind}`;
      const number = (counters.get(prefix) ?? 0) + 1;
      counters.set(prefix, number);
      return {
        id: `${prefix}-${String(number).padStart(4, '0')}`,
        modality: proposal.modality,
        range: proposal.range,
        kind: proposal.kind,
        severity: proposal.severity,
        source: 'auto',
        detector: proposal.detector,
        confidence: Math.round(Math.min(1, Math.max(0, proposal.confidence)) * 1_000) / 1_000,
        review: 'proposed',
        note: proposal.note,
      };
    });
}

/** Largest share of any segment that a range covers, 0 to 1. Segments are in order of start. */
export function worstShare(range: TimeRange, segments: readonly Segment[]): number {
  let worst = 0;
  for (const segment of segments) {
    if (segment.range.start >= range.end) break;
    const length = segment.range.end - segment.range.start;
    if (length > 0) worst = Math.max(worst, overlap(range, segment.range) / length);
  }
  return worst;
}

/** Severity of something absent: 3 where it takes half of a segment or more, 2 from a fifth, else 1. */
export function severityByShare(range: TimeRange, segments: readonly Segment[]): MarkSeverity {
  const share = worstShare(range, segments);
  if (share >= 0.5) return 3;
  return share >= 0.2 ? 2 : 1;
}

/** Severity of a measure below its minimum: 3 below a quarter of it, 2 below a half, else 1. */
export function severityByDepth(value: number, minimum: number): MarkSeverity {
  if (value < minimum / 4) return 3;
  return value < minimum / 2 ? 2 : 1;
}
