import * as v from 'valibot';
import { idSchema, parametersSchema, textSchema, timeSchema, utcSchema } from '../document/documentSchema.js';
import { CONDITION_TYPES, type Project } from './project.js';

/** Most recordings, participants or sessions of a project. */
export const MAX_MEMBERS = 10_000;
const MAX_CONDITIONS = 100;

const TWICE = 'an id or name appears twice';

/** A list of at most `max` items, each with a key of its own where `keyOf` is given. */
const members = <S extends v.GenericSchema>(schema: S, max: number, keyOf?: (item: v.InferOutput<S>) => string) =>
  v.pipe(
    v.array(schema),
    v.maxLength(max),
    v.check((items) => !keyOf || new Set(items.map(keyOf)).size === items.length, TWICE),
  );

/** Name that a person sees; one line, not blank. */
const nameSchema = v.pipe(
  v.string(),
  v.maxLength(200),
  v.check((name) => name.trim() !== '' && !/\p{Cc}/u.test(name), 'a name is one line and not blank'),
);

const personSchema = v.strictObject({ id: idSchema, note: textSchema(5_000) });

/** A file's name without its place: never a path. */
export const fileNameSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(400),
  v.check((name) => !/[\\/]|\p{Cc}/u.test(name) && name !== '.' && name !== '..', 'a file name has no path in it'),
);

export const sizeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const mediaSchema = v.strictObject({
  mediaId: idSchema,
  fileName: fileNameSchema,
  sizeBytes: sizeSchema,
  kind: v.picklist(['video', 'audio']),
  offset: timeSchema,
  driftPpm: v.pipe(v.number(), v.minValue(-100_000), v.maxValue(100_000)),
});

const conditionSchema = v.strictObject({
  name: nameSchema,
  type: v.picklist(CONDITION_TYPES),
  levels: members(nameSchema, 200),
});

/** Values by name of the condition. */
export const conditionValuesSchema = v.pipe(
  v.record(nameSchema, textSchema(1_000)),
  v.check((values) => Object.keys(values).length <= MAX_CONDITIONS, `at most ${MAX_CONDITIONS} conditions`),
);

const recordingSchema = v.strictObject({
  recordingId: idSchema,
  participantId: v.exactOptional(idSchema),
  sessionId: v.exactOptional(idSchema),
  conditions: conditionValuesSchema,
  media: members(mediaSchema, 20),
});

export const projectSchema = v.strictObject({
  id: idSchema,
  name: nameSchema,
  createdUtc: utcSchema,
  participants: members(personSchema, MAX_MEMBERS, ({ id }) => id),
  sessions: members(personSchema, MAX_MEMBERS, ({ id }) => id),
  conditions: members(conditionSchema, MAX_CONDITIONS, ({ name }) => name),
  recordings: members(recordingSchema, MAX_MEMBERS, ({ recordingId }) => recordingId),
  analysisPlan: textSchema(100_000),
  retentionDate: v.exactOptional(v.pipe(v.string(), v.isoDate())),
  parameters: v.exactOptional(parametersSchema),
  parametersLocked: v.boolean(),
  log: members(v.strictObject({ utc: utcSchema, what: textSchema(1_000) }), MAX_MEMBERS),
}) satisfies v.GenericSchema<unknown, Project>;
