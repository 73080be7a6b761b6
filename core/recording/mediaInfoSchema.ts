import * as v from 'valibot';
import { textSchema, timeSchema } from '../document/documentSchema.js';
import type { MediaInfo } from './mediaInfo.js';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.finite(), v.minValue(0));

/** What a container says, as a project file keeps it. */
export const mediaInfoSchema = v.strictObject({
  container: textSchema(200),
  sizeBytes: count,
  duration: timeSchema,
  containerStart: v.exactOptional(timeSchema),
  audio: v.exactOptional(
    v.strictObject({
      codec: textSchema(100),
      sampleRateHz: positive,
      channels: count,
      start: timeSchema,
      end: v.exactOptional(timeSchema),
    }),
  ),
  video: v.exactOptional(
    v.strictObject({
      codec: textSchema(100),
      width: count,
      height: count,
      framesPerSecond: positive,
      rotationDegrees: v.pipe(v.number(), v.finite()),
      start: timeSchema,
      end: v.exactOptional(timeSchema),
    }),
  ),
}) satisfies v.GenericSchema<unknown, MediaInfo>;
