import * as v from 'valibot';
import {
  idSchema,
  listSchema,
  markSchema,
  parametersSchema,
  problemSchema,
  segmentSchema,
  textSchema,
} from '../document/documentSchema.js';
import { EMOTIONS } from '../recording/emotion.js';
import { MODALITY_STATES } from '../recording/modality.js';
import type { Analysis } from './analysis.js';

const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const perEmotion = v.pipe(v.array(finite), v.length(EMOTIONS.length));

const useSchema = v.looseObject({
  state: v.picklist(MODALITY_STATES),
  reason: textSchema(5_000),
  usableFraction: share,
  quality: v.exactOptional(share),
});

const estimateSchema = v.looseObject({
  score: v.strictObject({ value: finite, low: finite, high: finite }),
  probabilities: perEmotion,
  probabilityLow: perEmotion,
  probabilityHigh: perEmotion,
  label: v.picklist(EMOTIONS),
  confidence: share,
});

const resultSchema = v.looseObject({
  segmentId: idSchema,
  use: v.strictObject({ text: useSchema, audio: useSchema, visual: useSchema }),
  estimate: v.exactOptional(estimateSchema),
});

/**
 * What every analysis has. Results of later versions carry more, which is passed on as it is: unlike a document, an
 * analysis can be made again.
 */
export const analysisSchema = v.looseObject({
  parameters: parametersSchema,
  bundle: v.looseObject({ id: idSchema, version: textSchema(100), sha256: textSchema(100) }),
  provider: textSchema(100),
  segments: listSchema(segmentSchema),
  marks: listSchema(markSchema),
  results: listSchema(resultSchema),
  problems: listSchema(problemSchema),
  intervalLevel: share,
}) as unknown as v.GenericSchema<unknown, Analysis>;
