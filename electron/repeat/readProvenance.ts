import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { argumentSchemas } from '../contract/contract.js';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';

/** Ten thousand segments with their words take about 4 MB. */
const MAX_BYTES = 64 * 1024 * 1024;
const SCHEMA = 'lacuna.provenance/2';

const text = v.pipe(v.string(), v.maxLength(10_000));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256'));
const file = v.object({ sha256: hash, sizeBytes: v.number() });
const work = argumentSchemas['job/export'].entries;

/** What a repetition needs of provenance.json; the rest is for people. */
const provenanceSchema = v.object({
  schema: v.literal(SCHEMA),
  app: v.object({ version: text }),
  input: v.object({
    recordingId: work.recordingId,
    path: v.optional(text),
    sha256: hash,
    transcript: v.nullable(file),
    marks: v.nullable(file),
  }),
  extractors: v.array(text),
  bundle: v.object({ id: text, version: text, sha256: hash }),
  provider: v.object({ used: work.parameters.entries.provider }),
  parameters: work.parameters,
  /** Absent in reports of earlier versions. */
  review: v.exactOptional(v.object({ threshold: v.number() })),
  report: v.object({
    wide: v.boolean(),
    byteOrderMark: v.boolean(),
    transcripts: v.boolean(),
    notes: v.boolean(),
    fileNames: v.boolean(),
    raterNames: v.boolean(),
    /** Absent in reports of versions that always compared. */
    agreement: v.optional(v.boolean(), true),
    dataHandling: v.boolean(),
    /** Absent in reports of versions before 0.2. */
    html: v.optional(v.boolean(), false),
    pdf: v.optional(v.boolean(), false),
  }),
  work: v.object({
    segments: work.segments,
    marks: work.marks,
    labels: work.labels,
    reviews: work.reviews,
    problems: work.problems,
    tiers: work.tiers,
    annotations: work.annotations,
    schemes: work.schemes,
    traces: work.traces,
    participant: work.participant,
    session: work.session,
    conditions: work.conditions,
  }),
});
export type RepeatableProvenance = v.InferOutput<typeof provenanceSchema>;

/**
 * Reads and checks a provenance.json.
 * @throws ProblemError `repeat.*`: unreadable, not JSON, of another version, damaged (with the place).
 */
export async function readProvenance(path: string): Promise<RepeatableProvenance> {
  const info = await stat(path).catch((error: unknown) => {
    throw refusal('unreadable', `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  });
  if (!info.isFile()) throw refusal('unreadable', `${path} is not a file`);
  if (info.size > MAX_BYTES) throw refusal('too_large', `${path} has more than ${MAX_BYTES / 1024 / 1024} MiB`);
  const json = parseJson(path, await readFile(path, 'utf8'));
  const named = v.safeParse(v.object({ schema: v.string() }), json);
  if (named.success && named.output.schema !== SCHEMA) throw otherVersion(path, named.output.schema);
  const parsed = v.safeParse(provenanceSchema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw refusal('damaged', `${path} does not fit at ${v.getDotPath(issue) ?? 'its top level'}: ${issue.message}`);
}

function parseJson(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw refusal('damaged', `${path} is not JSON: ${(error as Error).message}`);
  }
}

function otherVersion(path: string, found: string): ProblemError {
  if (found === 'lacuna.provenance/1') {
    return refusal('version', `${path} was written by Lacuna 0.1, which did not keep segments and marks in it`);
  }
  const what = found.startsWith('lacuna.provenance/') ? 'by another version of Lacuna' : 'by another program';
  return refusal('version', `${path} was written ${what} (${found}); this version reads ${SCHEMA}`);
}

function refusal(what: string, message: string): ProblemError {
  const problem: Problem = {
    code: `repeat.${what}`,
    severity: 'error',
    message: `${message}.`,
    tip: 'Choose the provenance.json of a report that this version wrote.',
  };
  return new ProblemError(problem);
}
