/** Schemas of raters and options, as the page sends them to be compared. */
import * as v from 'valibot';
import { MAX_DRAWS } from '../../core/agreement/agreementOptions.js';
import { listSchema, rangeSchema, textSchema, timeSchema } from '../../core/document/documentSchema.js';
import type { Topic } from '../../core/agreement/topic.js';
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
  reactionLag: v.exactOptional(timeSchema),
});

const topicSchema = v.pipe(
  textSchema(400),
  v.regex(/^(?:segments|valence|arousal|tier:.+)$/su),
  v.transform((topic) => topic as Topic),
);

const trackSchema = v.strictObject({
  raterId: foreignId,
  raterType: v.picklist(['human', 'model']),
  topic: v.exactOptional(topicSchema),
  /** A trace has one rating per stretch of equal values: a day at 25 values per second at most. */
  ratings: v.pipe(v.array(ratingSchema), v.maxLength(2_160_000)),
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
  takeLagOff: v.boolean(),
  draws: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_DRAWS)),
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** Most tracks that are compared at once: raters times topics. */
const MAX_TRACKS = 200;

export const agreementSchema = v.strictObject({
  recordingId: foreignId,
  tracks: v.pipe(v.array(trackSchema), v.maxLength(MAX_TRACKS)),
  states: listSchema(stretchSchema),
  options: agreementOptionsSchema,
});
