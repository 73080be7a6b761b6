import { cellText } from '../../core/report/csv.js';
import { fileMeaning } from '../../core/report/readme.js';
import { CHECKSUM_FILE, reportFiles, type ReportSources } from '../../core/report/reportFiles.js';
import type { ReportOptions } from '../../core/report/reportOptions.js';
import { codingOf } from '../../core/tiers/coding.js';
import type { Workbench } from '../state/workbench.svelte.js';

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

function sourcesOf({ workspace, editor, projects }: Workbench): ReportSources | undefined {
  const { analysis, info, perception, app, entry } = workspace;
  const { document } = editor;
  if (!analysis || !info || !document || !entry) return undefined;
  return {
    input: {
      recordingId: document.recordingId,
      inputSha256: perception?.inputSha256 ?? '',
      duration: info.duration,
      ...(info.video ? { framesPerSecond: info.video.framesPerSecond } : {}),
      appVersion: app?.version ?? '',
      analysis: analysis.analysis,
      labels: document.labels,
      ...codingOf(document),
      ...projects.reportOf(document.recordingId),
      ...(document.reviews ? { reviews: document.reviews } : {}),
      ...(document.reviewThreshold === undefined ? {} : { reviewThreshold: document.reviewThreshold }),
      problems: [...document.transcriptProblems, ...(perception?.problems ?? [])],
      sourceFile: entry.fileName,
    },
    about: {
      info,
      extractors: [],
      versions: {},
      platform: { os: '', arch: '' },
      createdUtc: '',
      interface: 'app',
      ...(workspace.intendedUseReadUtc === undefined ? {} : { intendedUseReadUtc: workspace.intendedUseReadUtc }),
    },
    ...(perception?.peaks ? { peaks: perception.peaks } : {}),
    names: [entry.fileName],
  };
}

function tablePreview(table: NonNullable<ReturnType<typeof reportFiles>[number]['table']>): FilePreview['table'] {
  const rows: (readonly string[])[] = [];
  let count = 0;
  for (const row of table.rows()) {
    if (count < SHOWN_ROWS) rows.push(table.columns.map((column, index) => cellText(row[index], column)));
    count += 1;
  }
  return { columns: table.columns.map(({ name }) => name), rows, count };
}

/** The files that an export would write, made by the code that writes them. Times and versions are added when writing. */
export function previewReport(workbench: Workbench, options: ReportOptions): readonly FilePreview[] {
  const sources = sourcesOf(workbench);
  if (!sources) return [];
  const files = reportFiles(sources, options).map((file): FilePreview => {
    const base = { name: file.name, meaning: fileMeaning(file.name) };
    const table = file.table && tablePreview(file.table);
    if (table) return { ...base, table };
    return { ...base, text: [...file.chunks()].join('').slice(0, SHOWN_CHARACTERS) };
  });
  const printed = options.pdf
    ? [
        {
          name: 'report.pdf',
          meaning: fileMeaning('report.pdf'),
          text: 'Printed from report.html when the files are written.',
        },
      ]
    : [];
  const sums = { name: CHECKSUM_FILE, meaning: fileMeaning(CHECKSUM_FILE), text: 'Made while the files are written.' };
  return [...files, ...printed, sums];
}
