/**
 * The schema of everything a person decides about a recording: the contract, the portable project file and the merge
 * read documents through it. A field added to `AnnotationDocument` is added here, optional or with a default, so that
 * files written before it still open. Every list and text has a limit.
 */
import * as v from 'valibot';
import { MAX_SAMPLES } from '../analysis/analysis.js';
import { LONGEST_KIND, MARK_KINDS } from '../marks/mark.js';
import { EMOTIONS } from '../recording/emotion.js';
import { MODALITIES } from '../recording/modality.js';
import { LONGEST_NAME, MOST_SCHEMES, MOST_VALUES, SCHEME_COLOURS } from '../tiers/scheme.js';
import { MOST_TIERS } from '../tiers/tier.js';
import { REVIEW_OUTCOMES } from '../review/review.js';
import type { Microseconds } from '../time/microseconds.js';
import { TRACE_DIMENSIONS, TRACE_INPUTS, TRACE_SCALE } from '../traces/trace.js';
import type { AnnotationDocument } from './annotationDocument.js';

/** Most items of one list of a document. */
const MAX_ITEMS = 100_000;
/** A day at 25 values per second. */
const MOST_TRACE_VALUES = 2_160_000;

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

export const shareSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
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
  note: v.exactOptional(textSchema(5_000)),
  flagged: v.exactOptional(v.literal(true)),
  notRecovered: v.exactOptional(
    v.pipe(v.array(v.picklist(MODALITIES)), v.minLength(1), v.maxLength(MODALITIES.length), v.readonly()),
  ),
  reactionLag: v.exactOptional(timeSchema),
});

export const markSchema = v.strictObject({
  id: idSchema,
  modality: v.picklist(MODALITIES),
  range: rangeSchema,
  kind: v.picklist(MARK_KINDS),
  ownKind: v.exactOptional(textSchema(LONGEST_KIND)),
  severity: v.picklist([1, 2, 3]),
  source: v.picklist(['human', 'auto']),
  detector: v.exactOptional(textSchema(100)),
  confidence: v.exactOptional(shareSchema),
  review: v.picklist(['proposed', 'confirmed', 'rejected']),
  raterId: v.exactOptional(idSchema),
  reviewedBy: v.exactOptional(idSchema),
  note: textSchema(5_000),
});

export const thresholdsSchema = v.strictObject({
  silenceDbfs: finite,
  silenceMinSeconds: finite,
  dropoutMinSeconds: finite,
  clippedShare: shareSchema,
  snrMinDb: finite,
  faceScoreMin: shareSchema,
  landmarkScoreMin: shareSchema,
  sharpnessMin: finite,
  luminanceMin: finite,
  frozenChangeMax: finite,
  visualMinSeconds: finite,
  usableFractionMin: shareSchema,
});

const hashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256'));
const numbers = v.pipe(v.array(finite), v.maxLength(4_096), v.readonly());
const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const boundedSchema = v.strictObject({
  value: v.number(),
  low: v.exactOptional(v.number()),
  high: v.exactOptional(v.number()),
});

/** A read-out learned from labels: kept in parameters, projects and reports, so that a result can be repeated. */
const learnedSchema = v.strictObject({
  id: idSchema,
  from: v.strictObject({
    bundle: v.strictObject({ id: idSchema, version: textSchema(80), sha256: hashSchema }),
    raterId: idSchema,
    seed: countSchema,
    labels: countSchema,
    scores: countSchema,
    recordings: countSchema,
    recordingIds: v.exactOptional(v.pipe(v.array(idSchema), v.readonly())),
    groupedBy: v.picklist(['participant', 'recording', 'block']),
    groups: countSchema,
    folds: countSchema,
    labelsSha256: hashSchema,
    createdUtc: utcSchema,
  }),
  mean: numbers,
  scale: numbers,
  penalty: finite,
  weights: v.pipe(v.array(numbers), v.length(EMOTIONS.length), v.readonly()),
  offsets: v.pipe(numbers, v.length(EMOTIONS.length)),
  temperature: v.pipe(finite, v.minValue(0.01)),
  score: v.exactOptional(
    v.strictObject({ penalty: finite, weights: numbers, offset: finite, halfWidth: v.pipe(finite, v.minValue(0)) }),
  ),
  comparisons: v.pipe(
    v.array(
      v.strictObject({
        name: textSchema(200),
        unit: textSchema(200),
        larger: v.boolean(),
        before: boundedSchema,
        after: boundedSchema,
        change: boundedSchema,
      }),
    ),
    v.maxLength(50),
    v.readonly(),
  ),
});

export const parametersSchema = v.strictObject({
  bundleId: idSchema,
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  samples: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SAMPLES)),
  provider: idSchema,
  recover: v.boolean(),
  thresholds: thresholdsSchema,
  learned: v.exactOptional(learnedSchema),
});

export const labelSchema = v.strictObject({
  segmentId: idSchema,
  raterId: idSchema,
  label: v.picklist(EMOTIONS),
  score: v.exactOptional(v.pipe(v.number(), v.minValue(-3), v.maxValue(3))),
  note: v.exactOptional(textSchema(5_000)),
  modifiedUtc: utcSchema,
});

const schemeSchema = v.strictObject({
  id: idSchema,
  name: textSchema(LONGEST_NAME),
  values: v.pipe(
    v.array(
      v.strictObject({
        value: textSchema(LONGEST_NAME),
        key: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,30}$/))),
        colour: v.picklist(SCHEME_COLOURS),
        letter: textSchema(2),
        description: v.exactOptional(textSchema(1_000)),
      }),
    ),
    v.maxLength(MOST_VALUES),
    v.readonly(),
  ),
  locked: v.exactOptional(v.literal(true)),
});

const schemeChangeSchema = v.strictObject({
  schemeId: idSchema,
  utc: utcSchema,
  raterId: idSchema,
  what: textSchema(20_000),
});

const annotationTierSchema = v.strictObject({
  id: idSchema,
  name: textSchema(LONGEST_NAME),
  schemeId: v.exactOptional(idSchema),
});

const annotationSchema = v.strictObject({
  id: idSchema,
  tierId: idSchema,
  range: rangeSchema,
  value: v.exactOptional(textSchema(20_000)),
  raterId: idSchema,
  note: v.exactOptional(textSchema(5_000)),
  flagged: v.exactOptional(v.literal(true)),
  reactionLag: v.exactOptional(timeSchema),
  modifiedUtc: utcSchema,
});

const traceSchema = v.strictObject({
  id: idSchema,
  dimension: v.picklist(TRACE_DIMENSIONS),
  raterId: idSchema,
  start: timeSchema,
  step: timeSchema,
  values: v.pipe(
    v.array(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(-TRACE_SCALE), v.maxValue(TRACE_SCALE)))),
    v.maxLength(MOST_TRACE_VALUES),
    v.readonly(),
  ),
  reactionLag: timeSchema,
  input: v.picklist(TRACE_INPUTS),
  speeds: v.pipe(v.array(v.pipe(finite, v.minValue(0))), v.maxLength(50), v.readonly()),
  recordedUtc: utcSchema,
});

export const reviewSchema = v.strictObject({
  segmentId: idSchema,
  raterId: idSchema,
  outcome: v.picklist(REVIEW_OUTCOMES),
  modelLabel: v.exactOptional(v.picklist(EMOTIONS)),
  blind: v.exactOptional(v.boolean()),
  reviewedUtc: utcSchema,
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

/** Rows beside the segments, what stands on them, their vocabularies, and continuous ratings. */
export const codingFields = {
  tiers: v.exactOptional(v.pipe(v.array(annotationTierSchema), v.maxLength(MOST_TIERS), v.readonly())),
  annotations: v.exactOptional(v.pipe(listSchema(annotationSchema), v.readonly())),
  schemes: v.exactOptional(v.pipe(v.array(schemeSchema), v.maxLength(MOST_SCHEMES), v.readonly())),
  traces: v.exactOptional(v.pipe(v.array(traceSchema), v.maxLength(1_000), v.readonly())),
} as const;

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
  ...codingFields,
  schemeLog: v.exactOptional(listSchema(schemeChangeSchema)),
  markKinds: v.exactOptional(v.pipe(v.array(textSchema(LONGEST_KIND)), v.maxLength(1_000))),
  reviews: v.exactOptional(listSchema(reviewSchema)),
  reviewThreshold: v.exactOptional(shareSchema),
}) satisfies v.GenericSchema<unknown, AnnotationDocument>;
