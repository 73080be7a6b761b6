/**
 * The schema of everything a person decides about a recording: the contract, the portable project file and the merge
 * read documents through it. A field added to `AnnotationDocument` is added here, optional or with a default, so that
 * files written before it still open. Every list and text has a limit.
 */
import * as v from 'valibot';
import { MAX_SAMPLES } from '../analysis/analysis.js';
import { MARK_KINDS } from '../marks/mark.js';
import { EMOTIONS } from '../recording/emotion.js';
import { MODALITIES } from '../recording/modality.js';
import type { Microseconds } from '../time/microseconds.js';
import type { AnnotationDocument } from './annotationDocument.js';

/** Most items of one list of a document. */
const MAX_ITEMS = 100_000;

/** A text of at most `max` UTF-16 units. */
export const textSchema = (max: number) => v.pipe(v.string(), v.maxLength(max));

/** A name that files, tables and addresses can carry. */
export const idSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,80}$/));

/** An integer number of microseconds. */
export const timeSchema = v.pipe(
  v.number(),
  v.safeInteger(),
  v.transform((value) => value as Microseconds),
);

export const utcSchema = v.pipe(v.string(), v.isoTimestamp());

export const listSchema = <S extends v.GenericSchema>(schema: S) => v.pipe(v.array(schema), v.maxLength(MAX_ITEMS));

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const finite = v.pipe(v.number(), v.finite());

export const rangeSchema = v.pipe(
  v.strictObject({ start: timeSchema, end: timeSchema }),
  v.check((range) => range.start <= range.end, 'a range must not end before it starts'),
);

export const cueSchema = v.strictObject({
  range: rangeSchema,
  text: textSchema(20_000),
  speaker: v.exactOptional(textSchema(200)),
});

export const segmentSchema = v.strictObject({
  id: idSchema,
  range: rangeSchema,
  origin: v.picklist(['cue', 'speech', 'window', 'human']),
  text: v.exactOptional(textSchema(20_000)),
  speaker: v.exactOptional(textSchema(200)),
});

export const markSchema = v.strictObject({
  id: idSchema,
  modality: v.picklist(MODALITIES),
  range: rangeSchema,
  kind: v.picklist(MARK_KINDS),
  severity: v.picklist([1, 2, 3]),
  source: v.picklist(['human', 'auto']),
  detector: v.exactOptional(textSchema(100)),
  confidence: v.exactOptional(share),
  review: v.picklist(['proposed', 'confirmed', 'rejected']),
  note: textSchema(5_000),
});

export const thresholdsSchema = v.strictObject({
  silenceDbfs: finite,
  silenceMinSeconds: finite,
  dropoutMinSeconds: finite,
  clippedShare: share,
  snrMinDb: finite,
  faceScoreMin: share,
  landmarkScoreMin: share,
  sharpnessMin: finite,
  luminanceMin: finite,
  frozenChangeMax: finite,
  visualMinSeconds: finite,
  usableFractionMin: share,
});

export const parametersSchema = v.strictObject({
  bundleId: idSchema,
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  samples: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SAMPLES)),
  provider: idSchema,
  recover: v.boolean(),
  thresholds: thresholdsSchema,
});

export const labelSchema = v.strictObject({
  segmentId: idSchema,
  raterId: idSchema,
  label: v.picklist(EMOTIONS),
  score: v.exactOptional(v.pipe(v.number(), v.minValue(-3), v.maxValue(3))),
  note: v.exactOptional(textSchema(5_000)),
  modifiedUtc: utcSchema,
});

/** Lists of lines of a damaged file make long messages. */
export const problemSchema = v.strictObject({
  code: textSchema(200),
  severity: v.picklist(['error', 'warning', 'note']),
  message: textSchema(1_000_000),
  tip: textSchema(5_000),
  modality: v.exactOptional(v.picklist(MODALITIES)),
  range: v.exactOptional(rangeSchema),
});

/** The whole document. A field that is not named here is refused, so that nothing slips in or gets lost unseen. */
export const documentSchema = v.strictObject({
  recordingId: idSchema,
  duration: timeSchema,
  segments: listSchema(segmentSchema),
  marks: listSchema(markSchema),
  labels: listSchema(labelSchema),
  cues: listSchema(cueSchema),
  transcriptProblems: listSchema(problemSchema),
  parameters: parametersSchema,
}) satisfies v.GenericSchema<unknown, AnnotationDocument>;
