import type { FeatureRow, FeatureRows } from '../../core/perception/featureRows.js';
import { judgeMeasured } from '../../core/quality/judge.js';
import type { Measured } from '../../core/quality/measure.js';
import { type Modality, MODALITIES, type PerModality } from '../../core/recording/modality.js';
import type { Segment } from '../../core/segments/segment.js';
import type { PreparedSegment, PrepareOptions } from './segmentFeatures.js';

/**
 * Segments of a feature recording with the vectors of their utterance. Vectors belong to a whole utterance: a segment with
 * other limits has none, and says so. Marks count as in any recording.
 * @param arrays name of the array that holds each modality.
 */
export function prepareFeatureSegments(
  segments: readonly Segment[],
  features: FeatureRows,
  arrays: PerModality<string>,
  { marks, thresholds }: Pick<PrepareOptions, 'marks' | 'thresholds'>,
): readonly PreparedSegment[] {
  const byRange = new Map(features.rows.map((row) => [keyOf(row), row]));
  return segments.map((segment) => {
    const row = byRange.get(keyOf(segment));
    const each = <T>(make: (modality: Modality) => T): PerModality<T> =>
      Object.fromEntries(MODALITIES.map((modality) => [modality, make(modality)])) as unknown as PerModality<T>;
    const judgements = judgeMeasured(
      segment,
      each((modality) => measured(segment, row, arrays[modality])),
      marks,
      thresholds,
    );
    const vectors = each((modality) => (judgements[modality].available ? row?.values[arrays[modality]] : undefined));
    return { segmentId: segment.id, range: segment.range, features: vectors, judgements };
  });
}

function keyOf({ range }: { readonly range: Segment['range'] }): string {
  return `${range.start}-${range.end}`;
}

function measured(segment: Segment, row: FeatureRow | undefined, array: string): Measured {
  if (row === undefined) {
    return {
      usable: [],
      reasons: ['the segment is not one utterance of the feature file, whose vectors cannot be cut'],
    };
  }
  if (row.values[array] === undefined)
    return { usable: [], reasons: [`no ${array} for ${row.id} in the feature file`] };
  return { usable: [segment.range], reasons: [`${array} of ${row.id} in the feature file`] };
}
