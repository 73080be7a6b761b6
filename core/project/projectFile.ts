/**
 * The portable project file: what its parts are and how they are read. A file is a zip with `project.json` (the manifest)
 * and one JSON part per recording and kind; media stay outside. Everything that is read passes a schema with limits.
 */
import * as v from 'valibot';
import { analysisSchema } from '../analysis/analysisSchema.js';
import type { Analysis } from '../analysis/analysis.js';
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { assertDocumentInvariants } from '../document/assertDocumentInvariants.js';
import { documentSchema, idSchema, textSchema, utcSchema } from '../document/documentSchema.js';
import { mediaInfoSchema } from '../recording/mediaInfoSchema.js';
import type { MediaInfo } from '../recording/mediaInfo.js';
import { ProblemError } from '../problems/problem.js';
import { withoutLearned } from './editProject.js';
import type { Project } from './project.js';
import { fileNameSchema, MAX_MEMBERS, projectSchema, sizeSchema } from './projectSchema.js';
import { checkJson } from './checkJson.js';
import { parseNewer } from './parseNewer.js';

/** Extension of a project file. */
export const PROJECT_EXTENSION = 'lacuna';
const MANIFEST_PART = 'project.json';
const FORMAT = 'lacuna-project';
/** Highest version that this program reads in full; a file of a higher one is shown, never changed. */
const PROJECT_FILE_VERSION = 2;

/** The lowest version that holds it, so that earlier programs can go on with what they know: 2 has `media`. */
const versionOf = (media: readonly FileMedia[]): number => (media.length > 0 ? 2 : 1);

/** A recording as the file knows it: enough to list it and to find its media again. */
export interface FileRecording {
  readonly recordingId: string;
  readonly fileName: string;
  readonly info: MediaInfo;
  /** SHA-256 of the whole media file, where it was measured. */
  readonly sha256?: string;
  /** Place of the media file relative to the project file, with `/`; absent where it lies outside its folder. */
  readonly path?: string;
}

/** A second file of a recording as the file knows it; the project says what it is called and how large it is. */
export interface FileMedia {
  readonly mediaId: string;
  readonly sha256?: string;
  /** As of `FileRecording`. */
  readonly path?: string;
}

/** An analysis with the fingerprint of the document that it was made from. */
interface FileAnalysis {
  readonly recordingId: string;
  readonly fingerprint: string;
  readonly finishedUtc: string;
  readonly analysis: Analysis;
}

/** Everything a project file holds. */
export interface ProjectContents {
  readonly project: Project;
  readonly template: boolean;
  readonly recordings: readonly FileRecording[];
  /** Second files of recordings of which a hash or a place is known; none when absent. */
  readonly media?: readonly FileMedia[];
  readonly documents: readonly AnnotationDocument[];
  readonly analyses: readonly FileAnalysis[];
}

/** What was read, and whether the file is of a newer version of the program. */
export interface ReadProject extends ProjectContents {
  readonly appVersion: string;
  readonly savedUtc: string;
  /** Version of the file where it is higher than this program's: then it is shown and never changed. */
  readonly newerVersion?: number;
}

/**
 * A place inside the folder of the project file: relative, with `/`, never up and never absolute, whatever system wrote
 * it.
 */
export function isInnerPath(place: string): boolean {
  const steps = place.split('/');
  return (
    place.length <= 1_000 &&
    !/[\\:]|\p{Cc}/u.test(place) &&
    steps.every((step) => step !== '' && step !== '.' && step !== '..')
  );
}

const innerPathSchema = v.pipe(
  v.string(),
  v.check(isInnerPath, 'a path must lie inside the folder of the project file'),
);
export const sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const fileRecordingSchema = v.strictObject({
  recordingId: idSchema,
  fileName: fileNameSchema,
  info: mediaInfoSchema,
  sha256: v.exactOptional(sha256Schema),
  path: v.exactOptional(innerPathSchema),
}) satisfies v.GenericSchema<unknown, FileRecording>;

const fileMediaSchema = v.strictObject({
  mediaId: idSchema,
  sha256: v.exactOptional(sha256Schema),
  path: v.exactOptional(innerPathSchema),
}) satisfies v.GenericSchema<unknown, FileMedia>;

const partSchema = v.strictObject({ path: innerPathSchema, sha256: sha256Schema, bytes: sizeSchema });

const manifestSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  appVersion: textSchema(100),
  savedUtc: utcSchema,
  template: v.boolean(),
  project: projectSchema,
  recordings: v.pipe(v.array(fileRecordingSchema), v.maxLength(MAX_MEMBERS)),
  media: v.exactOptional(v.pipe(v.array(fileMediaSchema), v.maxLength(MAX_MEMBERS))),
  parts: v.pipe(v.array(partSchema), v.maxLength(2 * MAX_MEMBERS)),
});
type Manifest = v.InferOutput<typeof manifestSchema>;

const fileAnalysisSchema = v.strictObject({
  recordingId: idSchema,
  fingerprint: textSchema(100_000_000),
  finishedUtc: utcSchema,
  analysis: analysisSchema,
});

const contentsSchema = v.strictObject({
  project: projectSchema,
  template: v.boolean(),
  recordings: v.pipe(v.array(fileRecordingSchema), v.maxLength(MAX_MEMBERS)),
  documents: v.pipe(v.array(documentSchema), v.maxLength(MAX_MEMBERS)),
  analyses: v.pipe(v.array(fileAnalysisSchema), v.maxLength(MAX_MEMBERS)),
});

/**
 * What the page hands over to be saved, as JSON.
 * @throws Error that says where it does not fit.
 */
export function parseContents(text: string): ProjectContents {
  const parsed = v.safeParse(contentsSchema, JSON.parse(text));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new Error(`The project does not fit at ${v.getDotPath(issue) ?? 'the whole of it'} (${issue.message}).`);
}

/** A part before and after it is packed. */
export interface ProjectPart {
  readonly path: string;
  readonly text: string;
}

/**
 * The parts of a file, the manifest last.
 * @param sha256 hash of a text's UTF-8 bytes, hex, and their number.
 */
export function projectParts(
  contents: ProjectContents,
  about: { readonly appVersion: string; readonly savedUtc: string },
  sha256: (text: string) => { readonly sha256: string; readonly bytes: number },
): readonly ProjectPart[] {
  const { project, template, recordings, media = [], documents, analyses } = contents;
  const parts = [
    ...documents.map((item) => ({ path: `documents/${item.recordingId}.json`, text: `${JSON.stringify(item)}\n` })),
    ...analyses.map((item) => ({ path: `analyses/${item.recordingId}.json`, text: `${JSON.stringify(item)}\n` })),
  ];
  const manifest: Manifest = {
    format: FORMAT,
    version: versionOf(media),
    ...about,
    template,
    project: mutable(project),
    recordings: mutable(recordings),
    ...(media.length > 0 ? { media: mutable<FileMedia[]>(media) } : {}),
    parts: parts.map(({ path, text }) => ({ path, ...sha256(text) })),
  };
  return [...parts, { path: MANIFEST_PART, text: `${JSON.stringify(manifest, undefined, 1)}\n` }];
}

/** The same value for a type that valibot infers without `readonly`. */
function mutable<T>(value: unknown): T {
  return value as T;
}

/** A file of which nothing can be taken: what is wrong and where. */
export function projectRefusal(code: string, message: string, tip: string): ProblemError {
  return new ProblemError({ code: `project.${code}`, severity: 'error', message, tip });
}

const DAMAGED = 'Open a backup of the file, or ask for it again. The file was left as it is.';

function readJson(path: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw projectRefusal('damaged', `${path} in the project file is no complete JSON.`, DAMAGED);
  }
  const trouble = checkJson(value);
  if (trouble !== undefined) throw projectRefusal('hostile', `${path} in the project file ${trouble}`, DAMAGED);
  return value;
}

/** Parses a part; of a newer file, fields that this program does not know are left out instead of refused. */
function parsePart<S extends v.GenericSchema>(
  schema: S,
  path: string,
  value: unknown,
  newer: boolean,
): v.InferOutput<S> {
  const parsed = newer ? parseNewer(schema, value) : v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const place = v.getDotPath(issue) ?? 'the whole of it';
  const tip = newer ? 'Open it with the newer Lacuna that wrote it.' : DAMAGED;
  throw projectRefusal('schema', `${path} in the project file does not fit at ${place}: ${issue.message}.`, tip);
}

function readManifest(text: string): { readonly manifest: Manifest; readonly newer: boolean } {
  const value = readJson(MANIFEST_PART, text);
  const { format, version } = Object(value) as { format?: unknown; version?: unknown };
  if (format !== FORMAT || typeof version !== 'number') {
    throw projectRefusal('not_a_project', 'The file is no Lacuna project.', 'Choose a file that Lacuna saved.');
  }
  const newer = version > PROJECT_FILE_VERSION;
  return { manifest: parsePart(manifestSchema, MANIFEST_PART, value, newer), newer };
}

/**
 * Reads a file from its parts.
 * @param textOf text of a part; undefined where the file has none of that name.
 * @param sha256 hash of a text as in `projectParts`.
 * @throws ProblemError `project.*` that says which part is damaged and where; nothing of the file is taken then.
 */
export function readProjectParts(
  textOf: (path: string) => string | undefined,
  sha256: (text: string) => { readonly sha256: string },
): ReadProject {
  const text = textOf(MANIFEST_PART);
  if (text === undefined) {
    throw projectRefusal('not_a_project', `The file has no ${MANIFEST_PART}.`, 'Choose a file that Lacuna saved.');
  }
  const { manifest, newer } = readManifest(text);
  const documents: AnnotationDocument[] = [];
  const analyses: FileAnalysis[] = [];
  for (const part of manifest.parts) {
    const content = textOf(part.path);
    if (content === undefined) throw projectRefusal('damaged', `${part.path} is missing in the project file.`, DAMAGED);
    if (sha256(content).sha256 !== part.sha256) {
      throw projectRefusal('damaged', `${part.path} in the project file is not as it was written.`, DAMAGED);
    }
    const value = readJson(part.path, content);
    if (part.path.startsWith('documents/')) documents.push(readDocument(part.path, value, newer));
    else if (part.path.startsWith('analyses/')) {
      analyses.push(parsePart(fileAnalysisSchema, part.path, value, newer));
    }
  }
  const { template, recordings, media, appVersion, savedUtc } = manifest;
  const project = withoutLearned(manifest.project);
  requireKnown(recordings, documents, analyses);
  const read = {
    ...{ project, template, recordings, documents, analyses, appVersion, savedUtc },
    ...(media === undefined ? {} : { media }),
  };
  return newer ? { ...read, newerVersion: manifest.version } : read;
}

function readDocument(path: string, value: unknown, newer: boolean): AnnotationDocument {
  const document = parsePart(documentSchema, path, value, newer);
  try {
    assertDocumentInvariants(document);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw projectRefusal('schema', `${path} in the project file: ${why}.`, DAMAGED);
  }
  return document;
}

/** Every document and analysis belongs to a recording of the list, once. */
function requireKnown(
  recordings: readonly FileRecording[],
  documents: readonly AnnotationDocument[],
  analyses: readonly FileAnalysis[],
): void {
  const known = new Set(recordings.map((item) => item.recordingId));
  for (const list of [documents, analyses]) {
    const seen = new Set<string>();
    for (const { recordingId } of list) {
      if (known.has(recordingId) && !seen.has(recordingId)) seen.add(recordingId);
      else
        throw projectRefusal('damaged', `The project file has work of ${recordingId} that it does not list.`, DAMAGED);
    }
  }
}
