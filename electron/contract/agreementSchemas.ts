/** Schemas of raters and options, as the page sends them to be compared. */
import * as v from 'valibot';
import { MAX_DRAWS } from '../../core/agreement/agreementOptions.js';
import { listSchema, rangeSchema, textSchema, timeSchema } from '../../core/document/documentSchema.js';
import { MODALITY_STATES } from '../../core/recording/modality.js';
import type { Microseconds } from '../../core/time/microseconds.js';

/** Ids of files of other programs are any text. */
const foreignId = textSchema(400);
const state = v.picklist(MODALITY_STATES);

const place = {
  recordingId: foreignId,
  range: rangeSchema,
  segmentId: v.exactOptional(foreignId),
};

const ratingSchema = v.strictObject({
  ...place,
  label: v.exactOptional(textSchema(1_000)),
  score: v.exactOptional(v.pipe(v.number(), v.finite())),
});

const trackSchema = v.strictObject({
  raterId: foreignId,
  raterType: v.picklist(['human', 'model']),
  ratings: listSchema(ratingSchema),
});

const stretchSchema = v.strictObject({
  ...place,
  states: v.strictObject({ text: state, audio: state, visual: state }),
});

const atLeast = (least: number) =>
  v.pipe(
    timeSchema,
    v.check((time: Microseconds) => time >= least, `a time of at least ${least} microseconds`),
  );

const agreementOptionsSchema = v.strictObject({
  unit: atLeast(1_000),
  tolerance: atLeast(0),
  minOverlap: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  maxLag: atLeast(0),
  draws: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_DRAWS)),
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** Most raters that are compared at once. */
const MAX_RATERS = 20;

export const agreementSchema = v.strictObject({
  recordingId: foreignId,
  tracks: v.pipe(v.array(trackSchema), v.maxLength(MAX_RATERS)),
  states: listSchema(stretchSchema),
  options: agreementOptionsSchema,
});
