import type { Emotion } from '../recording/emotion.js';
import { ABLATIONS, type AblationName, type SegmentResult } from './estimate.js';

/** What leaving something out changes over a recording. */
export interface ChangeSummary {
  readonly name: AblationName;
  /** Segments where it can be left out. */
  readonly n: number;
  /** Of these, segments whose label changes. */
  readonly flips: number;
  /** Mean absolute change of the score, sentiment points; undefined where nothing could be left out. */
  readonly scoreChange?: number;
}

/** A segment whose label depends on something that could be left out. */
export interface LabelFlip {
  readonly segmentId: string;
  readonly label: Emotion;
  /** Labels that differ, by what is left out. */
  readonly without: Partial<Readonly<Record<AblationName, Emotion>>>;
}

/** Segments whose label flips when something is left out, in the order of the results. */
export function labelFlips(results: readonly SegmentResult[]): readonly LabelFlip[] {
  return results.flatMap(({ segmentId, estimate }) => {
    const flips = ABLATIONS.flatMap((name) => {
      const label = estimate?.ablations?.[name]?.label;
      return label === undefined || label === estimate?.label ? [] : [[name, label] as const];
    });
    return estimate === undefined || flips.length === 0
      ? []
      : [{ segmentId, label: estimate.label, without: Object.fromEntries(flips) }];
  });
}

/** What leaving out each thing changes over all segments where it can be left out. */
export function changeSummaries(results: readonly SegmentResult[]): readonly ChangeSummary[] {
  return ABLATIONS.map((name) => {
    const pairs = results.flatMap(({ estimate }) => {
      const without = estimate?.ablations?.[name];
      return estimate === undefined || without === undefined ? [] : [{ estimate, without }];
    });
    const sum = pairs.reduce(
      (total, { estimate, without }) => total + Math.abs(without.score.value - estimate.score.value),
      0,
    );
    return {
      name,
      n: pairs.length,
      flips: pairs.filter(({ estimate, without }) => without.label !== estimate.label).length,
      ...(pairs.length === 0 ? {} : { scoreChange: sum / pairs.length }),
    };
  });
}
