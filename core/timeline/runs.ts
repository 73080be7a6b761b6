/** Runs of neighbouring segments that are drawn as one: states of a modality, and stretches of the sentiment curve. */
import { MODALITIES, MODALITY_KEY, type Modality, type ModalityState } from '../recording/modality.js';
import type { Interval, SegmentResult } from '../recovery/estimate.js';
import type { Segment } from '../segments/segment.js';

type Results = ReadonlyMap<string, SegmentResult>;

/** A run of neighbouring segments with the same state of one modality. */
export interface StateRun {
  readonly start: number;
  readonly end: number;
  readonly state: ModalityState;
}

/** Segments count as touching within one frame at 25 frames per second, microseconds; a pause is nobody's state. */
const JOIN_WITHIN = 40_000;

/** Joins neighbouring segments of equal state, so that a long observed stretch is one quiet cell. */
export function stateRuns(segments: readonly Segment[], results: Results, modality: Modality): readonly StateRun[] {
  const runs: StateRun[] = [];
  for (const segment of segments) {
    const state = results.get(segment.id)?.use[modality].state;
    if (state === undefined) continue;
    const last = runs.at(-1);
    const { start, end } = segment.range;
    if (last?.state === state && start - last.end <= JOIN_WITHIN) runs[runs.length - 1] = { ...last, end };
    else runs.push({ start, end, state });
  }
  return runs;
}

/** One segment of a curve. */
export interface CurvePoint {
  readonly start: number;
  readonly end: number;
  readonly score: Interval;
  /** Short note, `rec. V`; empty when every used modality was measured. */
  readonly note: string;
}

/** A stretch drawn with one unbroken line: neighbours with estimates of the same kind (measured or recovered). */
export interface CurveRun {
  readonly recovered: boolean;
  readonly points: readonly CurvePoint[];
}

/** Modalities whose recovered representation the estimate of this segment used. */
export function recoveredModalities(result: SegmentResult | undefined): readonly Modality[] {
  return result ? MODALITIES.filter((modality) => result.use[modality].state === 'recovered') : [];
}

/** Splits the segments into curve runs; a segment without an estimate, a pause and a change of kind break the line. */
export function curveRuns(segments: readonly Segment[], results: Results): readonly CurveRun[] {
  const runs: { recovered: boolean; points: CurvePoint[] }[] = [];
  let open = false;
  for (const segment of segments) {
    const result = results.get(segment.id);
    const estimate = result?.estimate;
    if (!estimate) {
      open = false;
      continue;
    }
    const keys = recoveredModalities(result).map((modality) => MODALITY_KEY[modality]);
    const point = { ...segment.range, score: estimate.score, note: keys.length > 0 ? `rec. ${keys.join(' ')}` : '' };
    const last = runs.at(-1);
    const previous = last?.points.at(-1);
    const joins =
      open && last && previous && last.recovered === keys.length > 0 && point.start - previous.end <= JOIN_WITHIN;
    if (joins) last.points.push(point);
    else runs.push({ recovered: keys.length > 0, points: [point] });
    open = true;
  }
  return runs;
}
