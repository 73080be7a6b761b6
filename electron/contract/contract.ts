/**
 * The one contract between the page and main: every call with the schema of its argument and the type of its answer,
 * and every event. The preload exposes it as `window.lacuna`; main parses every argument with the schema here.
 */
import * as v from 'valibot';
import {
  codingFields,
  cueSchema,
  idSchema,
  labelSchema,
  listSchema,
  markSchema,
  parametersSchema,
  problemSchema,
  rangeSchema,
  reviewSchema,
  segmentSchema,
  shareSchema,
  textSchema,
  thresholdsSchema,
  timeSchema,
  utcSchema,
} from '../../core/document/documentSchema.js';
import { MODALITIES } from '../../core/recording/modality.js';
import { sha256Schema } from '../../core/project/projectFile.js';
import { conditionValuesSchema } from '../../core/project/projectSchema.js';
import { BATCH_RESULTS } from '../../core/report/batchLog.js';
import { TIER_KINDS } from '../../core/interchange/annotationSet.js';
import { EXPORT_FORMAT_IDS } from '../../core/interchange/formats.js';
import type { MeasuredCurves } from '../../core/recovery/decodedCurve.js';
import { agreementSchema } from './agreementSchemas.js';
import { PROJECT_PURPOSES } from './types.js';
import type { AppInfo, JobSnapshot, MediaResult, MediaState, OpenResult, StoredItem } from './types.js';

const whole = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const isPng = (bytes: Uint8Array<ArrayBuffer>): boolean => PNG_SIGNATURE.every((byte, index) => bytes[index] === byte);

const reportOptionsSchema = v.strictObject({
  wide: v.boolean(),
  byteOrderMark: v.boolean(),
  transcripts: v.boolean(),
  notes: v.boolean(),
  fileNames: v.boolean(),
  raterNames: v.boolean(),
  agreement: v.boolean(),
  dataHandling: v.boolean(),
  html: v.boolean(),
  pdf: v.boolean(),
});

const storedSchema = v.strictObject({
  recordingId: idSchema,
  /** Absent where the recording was never measured. */
  inputSha256: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

/** A menu of commands; keys as the page writes them, `Ctrl+Shift+KeyZ`. */
const menuSchema = v.strictObject({
  title: textSchema(40),
  items: v.pipe(
    v.array(v.strictObject({ id: idSchema, title: textSchema(120), keys: v.exactOptional(textSchema(80)) })),
    v.maxLength(200),
  ),
});
export type CommandMenu = v.InferOutput<typeof menuSchema>;

const tierSchema = v.strictObject({
  name: textSchema(400),
  kind: v.picklist(TIER_KINDS),
  owner: v.exactOptional(textSchema(200)),
  parent: v.exactOptional(textSchema(400)),
  vocabulary: v.exactOptional(textSchema(200)),
  items: listSchema(v.strictObject({ range: rangeSchema, value: textSchema(20_000) })),
});

const vocabularySchema = v.strictObject({
  name: textSchema(200),
  description: textSchema(1_000),
  entries: v.pipe(
    v.array(v.strictObject({ value: textSchema(200), description: textSchema(1_000) })),
    v.maxLength(1_000),
  ),
});

const annotationSetSchema = v.strictObject({
  duration: v.exactOptional(timeSchema),
  mediaName: v.exactOptional(textSchema(400)),
  tiers: v.pipe(v.array(tierSchema), v.maxLength(500)),
  vocabularies: v.pipe(v.array(vocabularySchema), v.maxLength(50)),
});

/** What an analysis is made from. */
const analysisSchema = v.strictObject({
  recordingId: idSchema,
  segments: listSchema(segmentSchema),
  marks: listSchema(markSchema),
  parameters: parametersSchema,
});

/** What a report is made from. */
const exportFields = {
  recordingId: idSchema,
  segments: listSchema(segmentSchema),
  marks: listSchema(markSchema),
  labels: listSchema(labelSchema),
  reviews: v.exactOptional(listSchema(reviewSchema)),
  reviewThreshold: v.exactOptional(shareSchema),
  parameters: parametersSchema,
  ...codingFields,
  /** What was wrong with the transcript and while the recording was measured and cut into segments. */
  problems: listSchema(problemSchema),
  /** What the report shows and leaves out; the defaults when absent. */
  options: v.exactOptional(reportOptionsSchema),
  intendedUseReadUtc: v.exactOptional(utcSchema),
  /** Who, when and under which conditions, from the project. */
  participant: v.exactOptional(idSchema),
  session: v.exactOptional(idSchema),
  conditions: v.exactOptional(conditionValuesSchema),
} as const;

const batchRowSchema = v.strictObject({
  recordingId: idSchema,
  participant: v.exactOptional(idSchema),
  session: v.exactOptional(idSchema),
  result: v.picklist(BATCH_RESULTS),
  step: textSchema(200),
  reason: v.exactOptional(textSchema(1_000_000)),
  estimated: v.exactOptional(whole(1_000_000)),
  segments: v.exactOptional(whole(1_000_000)),
  folder: v.exactOptional(idSchema),
});

const bytesSchema = (max: number) =>
  v.pipe(
    v.instance(Uint8Array),
    v.check(({ length }) => length <= max, 'it is too large'),
  );

/** A project to be written; its contents were handed over as JSON, which the host checks. */
const projectWork = {
  projectId: idSchema,
  /** Name that a file is suggested with. */
  name: textSchema(200),
  handoverId: idSchema,
} as const;

/** A media file by its content; the size tells what differs where another one lies in its place. */
const mediumSchema = v.strictObject({ recordingId: idSchema, sizeBytes: v.exactOptional(whole(2 ** 50)) });

/** Argument schemas of every call. `v.undefined()` stands for no argument. */
export const argumentSchemas = {
  /** Version, platform, bundles with their verdict, execution providers. */
  'app/info': v.undefined(),
  /** Opens the file dialog; empty when the person cancels. */
  'recording/choose': v.undefined(),
  /** Opens dropped files; the preload turns the page's File objects into paths, the page never sees one. */
  'recording/openDropped': v.pipe(v.array(textSchema(4_096)), v.maxLength(100)),
  'recording/openSample': v.undefined(),
  /** Opens a recording of an earlier session again, if its file is still there and unchanged. */
  'recording/reopen': mediumSchema,
  /** Asks where a recording lies now; a file that is another one is refused with what differs. Null on cancel. */
  'recording/locate': mediumSchema,
  /** Asks for a second file of a recording, another camera or microphone; null when the person cancels. */
  'media/choose': v.strictObject({ recordingId: idSchema }),
  /** Begins a value that is too large for one call, adds a part to its end, removes it. */
  'handover/begin': v.undefined(),
  'handover/part': v.strictObject({ handoverId: idSchema, bytes: bytesSchema(16 * 1024 * 1024) }),
  'handover/end': v.strictObject({ handoverId: idSchema }),
  /** Asks for a project file and reads it; null when the person cancels. */
  'job/openProject': v.strictObject({ purpose: v.picklist(PROJECT_PURPOSES) }),
  /**
   * Saves a project: to its known file, or where the person says. `hash` is what the file was when it was last read or
   * written here; without `overwrite` a file that is another one by now is left as it is. Null when the person cancels.
   */
  'job/saveProject': v.strictObject({
    ...projectWork,
    as: v.boolean(),
    template: v.boolean(),
    overwrite: v.boolean(),
    hash: v.exactOptional(sha256Schema),
  }),
  /** Asks for a folder and writes a copy of the project with all its media there; null when the person cancels. */
  'job/packProject': v.strictObject(projectWork),
  /** What lies in the project's file and its backups; `delete` removes the backups, the file itself is saved anew. */
  'project/backups': v.strictObject({ projectId: idSchema, delete: v.boolean() }),
  /** Looks for recordings of the project beside one that is open, by size and content. */
  'project/searchBeside': v.strictObject({
    recordingId: idSchema,
    wanted: v.pipe(
      v.array(v.strictObject({ recordingId: idSchema, fileName: textSchema(400), sizeBytes: whole(2 ** 50) })),
      v.maxLength(10_000),
    ),
  }),
  /** Opens the transcript dialog; null when the person cancels. */
  /** Ingest, perceive, propose segments and marks. Answers with the job's id; progress comes as `job/update`. */
  'job/perceive': v.strictObject({ recordingId: idSchema, cues: listSchema(cueSchema), thresholds: thresholdsSchema }),
  /** Judge states, recover, read out. */
  'job/analyze': analysisSchema,
  /** Hides modalities that are there in the given segments, and recovers them. */
  'job/whatIf': v.strictObject({
    ...analysisSchema.entries,
    withheld: listSchema(v.strictObject({ segmentId: idSchema, modality: v.picklist(MODALITIES) })),
  }),
  /** Hides every intact modality of every segment once, and compares what recovery makes of it. */
  'job/selfTest': analysisSchema,
  /** Learns a read-out from a rater's labels over recordings that were opened before; nothing is switched on by it. */
  'job/learn': v.strictObject({
    recordingId: idSchema,
    raterId: idSchema,
    recordings: v.pipe(
      v.array(
        v.strictObject({
          ...analysisSchema.entries,
          participant: v.exactOptional(textSchema(200)),
          labels: listSchema(labelSchema),
        }),
      ),
      v.maxLength(10_000),
    ),
  }),
  /** The files that an export would write, from what was handed over as JSON, which the host checks. */
  'job/preview': v.strictObject({
    recordingId: idSchema,
    handoverId: idSchema,
    peaks: v.exactOptional(v.strictObject({ hop: timeSchema, minMax: bytesSchema(256 * 1024 * 1024) })),
    options: reportOptionsSchema,
  }),
  /** Asks for a folder and writes the report of the latest analysis there; null when the person cancels. */
  'job/export': v.strictObject(exportFields),
  /** Asks for the folder of a batch of reports; null when the person cancels. */
  'batch/begin': v.strictObject({ projectId: idSchema }),
  /** Writes the report of one recording of a batch, as `job/export` does. */
  'batch/export': v.strictObject({ batchId: idSchema, ...exportFields }),
  /** Writes the log of a batch and the rows of all its reports in one table. */
  'batch/finish': v.strictObject({ batchId: idSchema, rows: v.pipe(v.array(batchRowSchema), v.maxLength(10_000)) }),
  'batch/reveal': v.strictObject({ batchId: idSchema }),
  /** Asks for a provenance.json, for the recording where its place is not known, and for a folder; null on cancel. */
  'job/repeat': v.undefined(),
  /** Asks for a file and writes a text there: a statement, a deletion report, a table of agreement; false on cancel. */
  'text/save': v.strictObject({
    name: v.picklist(['data-handling.md', 'deletion.md', 'agreement.csv', 'agreement_matrix.csv', 'traces.csv']),
    text: textSchema(100_000_000),
  }),
  /** Asks for a file and writes a picture there; false on cancel. */
  'picture/save': v.variant('format', [
    v.strictObject({ format: v.literal('svg'), name: idSchema, text: textSchema(50_000_000) }),
    v.strictObject({
      format: v.literal('png'),
      name: idSchema,
      bytes: v.pipe(
        v.instance(Uint8Array),
        v.check(isPng, 'it is not a PNG'),
        v.check(({ length }) => length <= 100_000_000, 'it is too large'),
      ),
    }),
  ]),
  /** What main keeps about a recording: files in its own folder, the place of the recording. */
  'recording/stored': storedSchema,
  /** Deletes it and answers with what was there and whether it is gone. Recordings themselves are never touched. */
  'recording/delete': storedSchema,
  /** Frame times and spectrogram for the timeline, from the cache or made. */
  'job/tracks': v.strictObject({ recordingId: idSchema }),
  /** Bytes of one tile of the spectrogram, `bands` per column; null where there is none. */
  'spectrogram/tile': v.strictObject({ recordingId: idSchema, level: whole(20), tile: whole(1_000_000) }),
  /** Measured curves of face and voice in a stretch of a recording that has been perceived. */
  'recovery/curves': v.strictObject({ recordingId: idSchema, range: rangeSchema }),
  /** Asks for a file of annotations and reads it; null when the person cancels. Nothing is taken over by it. */
  'job/import': v.strictObject({ recordingId: idSchema }),
  /** Asks for a place and writes annotations for another program there; null when the person cancels. */
  'job/exportAs': v.strictObject({
    recordingId: idSchema,
    format: v.picklist(EXPORT_FORMAT_IDS),
    set: annotationSetSchema,
    utf16: v.exactOptional(v.boolean()),
  }),
  /** Compares raters; progress comes as `job/update`. */
  'job/agreement': agreementSchema,
  /** Asks for files with ratings and reads the raters in them; null when the person cancels. */
  'job/ratings': v.strictObject({ recordingId: idSchema }),
  'job/cancel': v.strictObject({ jobId: idSchema }),
  /** Shows a written report in the system's file manager. Only folders written in this session. */
  'report/reveal': v.strictObject({ jobId: idSchema }),
  /** The page's commands as menus; sent at the start and whenever keys change. */
  'menu/show': v.pipe(v.array(menuSchema), v.maxLength(20)),
  /** Everything is written: the window that the person closes may go. */
  'window/close': v.undefined(),
} as const;

export type CallName = keyof typeof argumentSchemas;
export type CallArgument<N extends CallName> = v.InferOutput<(typeof argumentSchemas)[N]>;

export interface CallAnswers {
  'app/info': AppInfo;
  'recording/choose': readonly OpenResult[];
  'recording/openDropped': readonly OpenResult[];
  'recording/openSample': OpenResult;
  'recording/reopen': OpenResult;
  'recording/locate': OpenResult | null;
  'media/choose': MediaResult | null;
  'handover/begin': { readonly handoverId: string };
  'handover/part': null;
  'handover/end': null;
  'job/openProject': { readonly jobId: string; readonly fileName: string } | null;
  'job/saveProject': { readonly jobId: string; readonly fileName: string } | null;
  'job/packProject': { readonly jobId: string } | null;
  'job/preview': { readonly jobId: string };
  'project/backups': readonly StoredItem[];
  'project/searchBeside': Readonly<Record<string, MediaState>>;
  'job/perceive': { readonly jobId: string };
  'job/analyze': { readonly jobId: string };
  'job/whatIf': { readonly jobId: string };
  'job/selfTest': { readonly jobId: string };
  'job/learn': { readonly jobId: string };
  'job/export': { readonly jobId: string } | null;
  'batch/begin': { readonly batchId: string; readonly folderName: string } | null;
  'batch/export': { readonly jobId: string };
  'batch/finish': { readonly files: readonly string[] };
  'batch/reveal': null;
  'job/repeat': { readonly jobId: string } | null;
  'text/save': boolean;
  'picture/save': boolean;
  'recording/stored': readonly StoredItem[];
  'recording/delete': readonly StoredItem[];
  'job/tracks': { readonly jobId: string };
  'spectrogram/tile': Uint8Array | null;
  'recovery/curves': MeasuredCurves;
  'job/import': { readonly jobId: string } | null;
  'job/exportAs': { readonly jobId: string } | null;
  'job/agreement': { readonly jobId: string };
  'job/ratings': { readonly jobId: string } | null;
  'job/cancel': null;
  'report/reveal': null;
  'menu/show': null;
  'window/close': null;
}

export interface Events {
  'job/update': JobSnapshot;
  /** Id of a command of the page's registry that was chosen in the native menu. */
  'menu/command': string;
  /** The person closes the window: the page writes what is not written and answers with `window/close`. */
  'window/closing': null;
}
export type EventName = keyof Events;

/** What the preload puts on `window.lacuna`. */
export interface LacunaBridge {
  /**
   * Calls main. Rejects with an Error whose message says what was wrong with the argument or what failed; expected
   * trouble with data comes back as a Problem in the answer instead.
   */
  call<N extends Exclude<CallName, 'recording/openDropped'>>(
    name: N,
    ...argument: CallArgument<N> extends undefined ? [] : [CallArgument<N>]
  ): Promise<CallAnswers[N]>;
  /** Opens files that were dropped on the page. */
  openDropped(files: readonly File[]): Promise<readonly OpenResult[]>;
  /** Listens to an event; the returned function stops listening. */
  on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void;
}
