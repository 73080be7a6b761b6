import * as v from 'valibot';

/** Rounds of leaving out unknown fields; each takes one field of every object. */
const MAX_ROUNDS = 200;

/**
 * Parses a value of a newer version: fields that the schema does not know are left out, everything else has to fit.
 * `value` is changed; it must be a value of the caller's own, straight from JSON.
 */
export function parseNewer<S extends v.GenericSchema>(schema: S, value: unknown): v.SafeParseResult<S> {
  let parsed = v.safeParse(schema, value);
  for (let round = 0; round < MAX_ROUNDS && !parsed.success; round += 1) {
    let dropped = 0;
    for (const issue of parsed.issues) {
      const last = issue.path?.at(-1);
      if (issue.type !== 'strict_object' || issue.expected !== 'never' || last?.type !== 'object') continue;
      delete last.input[String(last.key)];
      dropped += 1;
    }
    if (dropped === 0) return parsed;
    parsed = v.safeParse(schema, value);
  }
  return parsed;
}
