import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES, patternOf } from '../../core/recording/modality.js';
import type { PreparedSegment } from './segmentFeatures.js';

const HIDDEN = 'hidden, to see what recovery makes of it';

/** A segment as if one modality had not been there. */
export function withhold(segment: PreparedSegment, modality: Modality): PreparedSegment {
  const judgement = segment.judgements[modality];
  return {
    ...segment,
    features: { ...segment.features, [modality]: undefined },
    judgements: {
      ...segment.judgements,
      [modality]: { ...judgement, available: false, degraded: false, reason: HIDDEN },
    },
  };
}

/** Pattern of the modalities of a segment that can be used. */
export function patternOfSegment({ features }: PreparedSegment): string {
  const [text, audio, visual] = MODALITIES.map((modality) => features[modality] !== undefined);
  return patternOf({ text: text === true, audio: audio === true, visual: visual === true });
}
