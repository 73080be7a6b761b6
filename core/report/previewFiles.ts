import * as v from 'valibot';
import { analysisSchema } from '../analysis/analysisSchema.js';
import {
  codingFields,
  idSchema,
  labelSchema,
  listSchema,
  problemSchema,
  reviewSchema,
  shareSchema,
  textSchema,
  timeSchema,
  utcSchema,
} from '../document/documentSchema.js';
import type { WaveformPeaks } from '../perception/perception.js';
import { conditionValuesSchema } from '../project/projectSchema.js';
import { mediaInfoSchema } from '../recording/mediaInfoSchema.js';
import { cellText } from './csv.js';
import { fileMeaning } from './readme.js';
import { CHECKSUM_FILE, type ReportFile, reportFiles } from './reportFiles.js';
import type { ReportInput } from './reportInput.js';
import type { ReportOptions } from './reportOptions.js';

const SHOWN_ROWS = 10;
const SHOWN_CHARACTERS = 20_000;

/** One file of a report as the export window shows it. */
export interface FilePreview {
  readonly name: string;
  readonly meaning: string;
  /** For tables: names of columns, the first rows as they will stand in the file, and how many there are. */
  readonly table?: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
    readonly count: number;
  };
  /** For other files: how they begin. */
  readonly text?: string;
}

/** What a preview is made of: results and work as they are on screen. */
export interface PreviewSources {
  readonly input: ReportInput;
  readonly info: v.InferOutput<typeof mediaInfoSchema>;
  readonly intendedUseReadUtc?: string;
}

const sourcesSchema = v.strictObject({
  input: v.strictObject({
    recordingId: idSchema,
    inputSha256: textSchema(100),
    duration: timeSchema,
    framesPerSecond: v.exactOptional(v.pipe(v.number(), v.finite())),
    appVersion: textSchema(100),
    analysis: analysisSchema,
    labels: listSchema(labelSchema),
    reviews: v.exactOptional(listSchema(reviewSchema)),
    reviewThreshold: v.exactOptional(shareSchema),
    problems: listSchema(problemSchema),
    participant: v.exactOptional(idSchema),
    session: v.exactOptional(idSchema),
    conditions: v.exactOptional(conditionValuesSchema),
    sourceFile: v.exactOptional(textSchema(400)),
    ...codingFields,
  }),
  info: mediaInfoSchema,
  intendedUseReadUtc: v.exactOptional(utcSchema),
});

/**
 * Reads what the page handed over.
 * @throws Error that says where it does not fit.
 */
export function parsePreviewSources(text: string): PreviewSources {
  const parsed = v.safeParse(sourcesSchema, JSON.parse(text));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new Error(`The results do not fit at ${v.getDotPath(issue) ?? 'the whole of it'} (${issue.message}).`);
}

/**
 * The files that an export would write, made by the code that writes them; times and versions are added when writing.
 * Pauses often, with the share that is done.
 */
export function* previewFiles(
  { input, info, intendedUseReadUtc }: PreviewSources,
  options: ReportOptions,
  peaks?: WaveformPeaks,
): Generator<number, readonly FilePreview[], void> {
  const about = {
    ...{
      info,
      extractors: [],
      versions: {},
      platform: { os: '', arch: '' },
      createdUtc: '',
      interface: 'app' as const,
    },
    ...(intendedUseReadUtc === undefined ? {} : { intendedUseReadUtc }),
  };
  const names = input.sourceFile === undefined ? [] : [input.sourceFile];
  const files = reportFiles({ input, about, ...(peaks ? { peaks } : {}), names }, options);
  const previews: FilePreview[] = [];
  for (const [index, file] of files.entries()) {
    yield index / files.length;
    const base = { name: file.name, meaning: fileMeaning(file.name) };
    if (file.table) previews.push({ ...base, table: yield* tablePreview(file.table, index / files.length) });
    else previews.push({ ...base, text: [...file.chunks()].join('').slice(0, SHOWN_CHARACTERS) });
  }
  const note = (name: string, text: string): FilePreview => ({ name, meaning: fileMeaning(name), text });
  const printed = options.pdf ? [note('report.pdf', 'Printed from report.html when the files are written.')] : [];
  return [...previews, ...printed, note(CHECKSUM_FILE, 'Made while the files are written.')];
}

function* tablePreview(
  table: NonNullable<ReportFile['table']>,
  done: number,
): Generator<number, NonNullable<FilePreview['table']>, void> {
  const rows: (readonly string[])[] = [];
  let count = 0;
  for (const row of table.rows()) {
    if (count < SHOWN_ROWS) rows.push(table.columns.map((column, index) => cellText(row[index], column)));
    count += 1;
    yield done;
  }
  return { columns: table.columns.map(({ name }) => name), rows, count };
}
