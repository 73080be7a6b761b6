import { bidsSidecar, tsvChunks } from './bidsEvents.js';
import { buildReport, reportProblems, type ReportTable } from './buildReport.js';
import { REPORT_COLUMNS } from './columns.js';
import { csvChunks } from './csv.js';
import { dataHandlingStatement } from './dataHandling.js';
import { dataPackage } from './dataPackage.js';
import type { WaveformPeaks } from '../perception/perception.js';
import { htmlReport } from './htmlReport.js';
import { methodsText } from './methods.js';
import { buildProvenance, formatProvenance, type ProvenanceInput } from './provenance.js';
import { reportReadme } from './readme.js';
import { placeInProject, type ReportInput } from './reportInput.js';
import type { ReportOptions } from './reportOptions.js';
import { codingOf } from '../tiers/coding.js';
import { withhold } from './withhold.js';

/** Name of the file with the checksums of all others; made while they are written. */
export const CHECKSUM_FILE = 'SHA256SUMS';

const PROVENANCE_FILE = 'provenance.json';
const BYTE_ORDER_MARK = '\uFEFF';

/** One file of a report; its text is made as it is read, so that a long table never lies in memory whole. */
export interface ReportFile {
  readonly name: string;
  /** Set for tables. */
  readonly table?: ReportTable;
  chunks(): Iterable<string | Uint8Array>;
}

/** Everything a report is made of. */
export interface ReportSources {
  readonly input: ReportInput;
  /** What provenance.json says beside the input. */
  readonly about: Omit<
    ProvenanceInput,
    'appVersion' | 'recordingId' | 'inputSha256' | 'analysis' | 'problemCount' | 'work' | 'options' | 'reviewThreshold'
  >;
  /** Envelope of the sound, for the timeline of report.html. */
  readonly peaks?: WaveformPeaks;
  /** report.pdf, printed by the program around the core; without it there is none. */
  readonly pdf?: Uint8Array;
  /** Names and places that must not show in messages when file names are left out. */
  readonly names?: readonly string[];
}

function* withByteOrderMark(chunks: Iterable<string>): Generator<string> {
  yield BYTE_ORDER_MARK;
  yield* chunks;
}

function tableFile(table: ReportTable, options: ReportOptions): ReportFile {
  const chunks = (): Iterable<string> => {
    if (table.fileName.endsWith('.tsv')) return tsvChunks(table.columns, table.rows());
    const csv = csvChunks(table.columns, table.rows());
    return options.byteOrderMark ? withByteOrderMark(csv) : csv;
  };
  return { name: table.fileName, table, chunks };
}

function textFile(name: string, make: () => string): ReportFile {
  return { name, chunks: () => [make()] };
}

function provenanceText({ about }: ReportSources, input: ReportInput, options: ReportOptions): string {
  const { recordingId, inputSha256, appVersion, analysis, labels, reviews, reviewThreshold, problems } = input;
  const { inputPath, ...rest } = about;
  return formatProvenance(
    buildProvenance({
      ...rest,
      ...(options.fileNames && inputPath !== undefined ? { inputPath } : {}),
      appVersion,
      recordingId,
      inputSha256,
      analysis,
      problemCount: reportProblems(input).length,
      ...(reviewThreshold === undefined ? {} : { reviewThreshold }),
      work: {
        segments: analysis.segments,
        marks: analysis.marks,
        labels,
        ...(reviews && reviews.length > 0 ? { reviews } : {}),
        problems,
        ...codingOf(input),
        ...placeInProject(input),
      },
      options,
    }),
  );
}

/**
 * The files of a report but its checksums, in the order in which they are written. The app's preview and both writers
 * use this one list. Everything but provenance.json (time, versions) is the same bytes for the same input.
 */
export function reportFiles(sources: ReportSources, options: ReportOptions): ReportFile[] {
  const input = withhold(sources.input, options, sources.names);
  const { recordingId, appVersion, analysis } = input;
  const tables = buildReport(input, options);
  const { id, version, facts } = analysis.bundle;
  const statement = () =>
    dataHandlingStatement({ appVersion, ...(facts ? { bundle: { id, version, licence: facts.licence } } : {}) });
  const { byteOrderMark } = options;
  const { pdf } = sources;
  const files = [
    ...tables.map((table) => tableFile(table, options)),
    textFile('events.json', () => bidsSidecar(REPORT_COLUMNS['events.tsv'])),
    textFile('datapackage.json', () => dataPackage(tables, { recordingId, appVersion, byteOrderMark })),
    textFile(PROVENANCE_FILE, () => provenanceText(sources, input, options)),
    textFile('methods.md', () => methodsText(input)),
    ...(options.dataHandling ? [textFile('data-handling.md', statement)] : []),
    ...(options.html ? [textFile('report.html', () => htmlReport(input, sources.peaks))] : []),
    ...(options.pdf && pdf ? [{ name: 'report.pdf', chunks: () => [pdf] }] : []),
  ];
  const fileNames = [...files.map(({ name }) => name), 'README.txt', CHECKSUM_FILE];
  return [...files, textFile('README.txt', () => reportReadme({ recordingId, appVersion, fileNames, options }))];
}

/** The text of report.html, which is printed for report.pdf. */
export function reportPage(sources: ReportSources, options: ReportOptions): string {
  return htmlReport(withhold(sources.input, options, sources.names), sources.peaks);
}

/** Names of all files that a report may hold; an earlier report's files of these names are replaced together. */
export const REPORT_FILES: readonly string[] = [
  ...Object.keys(REPORT_COLUMNS),
  'events.json',
  'datapackage.json',
  PROVENANCE_FILE,
  'methods.md',
  'data-handling.md',
  'report.html',
  'report.pdf',
  'README.txt',
  CHECKSUM_FILE,
];
