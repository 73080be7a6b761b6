import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES, patternOf } from '../../core/recording/modality.js';
import type { DecodedCurves, FaceZero, MeasuredCurve, RecoveredText } from '../../core/recovery/decodedCurve.js';
import type { DecodedDescriptor, SegmentResult } from '../../core/recovery/estimate.js';
import type { WhatIfCase } from '../../core/recovery/whatIf.js';
import { formatHms } from '../../core/time/format.js';
import type { TimeRange } from '../../core/time/microseconds.js';

/** What recovery made of one modality of a segment, and how it came to be. */
export interface RecoveredCase {
  /** Because it was missing or rejected, or because a person hid it. */
  readonly origin: 'missing' | 'hidden';
  /** Pattern of the modalities that it was recovered from. */
  readonly from: string;
  readonly samples: number | undefined;
  readonly spread: number | undefined;
  readonly curves: DecodedCurves | undefined;
  readonly descriptors: readonly DecodedDescriptor[];
  readonly text: RecoveredText | undefined;
}

/** Pattern of the modalities of a result that were measured. */
export function measuredPattern(result: SegmentResult): string {
  const [text, audio, visual] = MODALITIES.map((modality) =>
    ['observed', 'degraded'].includes(result.use[modality].state),
  );
  return patternOf({ text: text === true, audio: audio === true, visual: visual === true });
}

/** The recovered side of a comparison: of the analysis where it recovered the modality, else of a what-if. */
export function recoveredCase(
  result: SegmentResult | undefined,
  whatIf: WhatIfCase | undefined,
  modality: Modality,
): RecoveredCase | undefined {
  const isRecovered = result?.use[modality].state === 'recovered';
  const source = isRecovered ? result : whatIf?.hidden;
  const estimate = source?.estimate;
  if (source === undefined || estimate === undefined) return undefined;
  const { samples, spread } = source.use[modality];
  return {
    origin: isRecovered ? 'missing' : 'hidden',
    from: measuredPattern(source),
    samples,
    spread,
    curves: estimate.curves?.[modality],
    descriptors: estimate.decoded?.[modality] ?? [],
    text: modality === 'text' ? estimate.recoveredText : undefined,
  };
}

/** `measured in 66 of 181 frames`, `measured in 41 % of the time`, or why there is nothing. */
export function measuredWords(modality: Modality, curves: readonly MeasuredCurve[] | undefined): string {
  const first = curves?.[0];
  if (first === undefined) return modality === 'text' ? '' : 'nothing was measured';
  const known = first.values.filter((value) => value !== undefined).length;
  if (modality === 'visual') return `measured in ${known} of ${first.times.length} frames`;
  const share = first.times.length === 0 ? 0 : known / first.times.length;
  return `voiced and measured in ${Math.round(share * 100)} % of the time`;
}

/** What a picture of one segment shows: `Segment 3, 00:00:11.600 to 00:00:16.200, from T and A, K = 8, seed 0.` */
export function segmentCaption(number: number | undefined, range: TimeRange, from: string): string {
  return `Segment ${number ?? 'NA'}, ${formatHms(range.start)} to ${formatHms(range.end)}, ${from}.`;
}

/** What movements of measured and of recovered faces are differences to. */
export function zeroWords(zero: FaceZero): string {
  const recovered =
    'Movements, in % of the eye distance, are differences to a neutral face: recovered ones to the mean of many faces read as neutral with more than 60 %';
  return zero === 'neutral'
    ? `${recovered}, measured ones to this face where it is read so.`
    : `${recovered}. This face is read so for less than 2 s, so its own zero is its median over the recording: compare the shape of the curves, not their level.`;
}
