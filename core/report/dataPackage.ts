/** datapackage.json: the tables of a report as a Data Package 2.0 with Table Schemas (datapackage.org). */
import { BIDS_MISSING } from './bidsEvents.js';
import type { ReportColumn } from './column.js';
import { REPORT_FILE_MEANINGS } from './columns.js';
import { MISSING } from './csv.js';
import type { ReportTable } from './buildReport.js';

const PROFILE = 'https://datapackage.org/profiles/2.0/datapackage.json';

/** Columns that name a row of each table; tables that are not here have no key. */
const PRIMARY_KEYS: Readonly<Record<string, readonly string[]>> = {
  'segments.csv': ['recording_id', 'segment_id', 'rater_id'],
  'segments_wide.csv': ['recording_id', 'segment_id'],
  'timeline.csv': ['recording_id', 'time_s'],
  'recovery.csv': ['recording_id', 'segment_id', 'modality'],
  'marks.csv': ['recording_id', 'mark_id'],
  'annotations.csv': ['recording_id', 'annotation_id'],
  'traces.csv': ['recording_id', 'trace_id', 'time_s'],
  'codebook.csv': ['file', 'column'],
};

/** Tables whose segment_id names a row of segments.csv. */
const SEGMENT_TABLES = new Set(['recovery.csv', 'recovery_decoded.csv']);

function fieldType({ type, unit }: ReportColumn): { readonly type: string } {
  switch (type) {
    case 'integer':
    case 'number':
      return { type };
    case 'time':
      if (unit === 's') return { type: 'number' };
      return { type: unit.startsWith('ISO') ? 'datetime' : 'string' };
    case 'id':
    case 'text':
    case 'category':
      return { type: 'string' };
  }
}

function constraints({ missing, values, min, max, unit }: ReportColumn): Record<string, unknown> {
  return {
    ...(missing === '' ? { required: true } : {}),
    ...(values === undefined ? {} : { enum: values }),
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(unit === 'HH:MM:SS.mmm' ? { pattern: '-?[0-9]{2,}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}' } : {}),
  };
}

function field(column: ReportColumn): Record<string, unknown> {
  const rules = constraints(column);
  return {
    name: column.name,
    ...fieldType(column),
    description: column.meaning,
    ...(column.unit === '-' ? {} : { unit: column.unit }),
    ...(Object.keys(rules).length === 0 ? {} : { constraints: rules }),
  };
}

function resource({ fileName, columns }: ReportTable, options: { readonly byteOrderMark: boolean }) {
  const isBids = fileName.endsWith('.tsv');
  const key = PRIMARY_KEYS[fileName];
  return {
    name: fileName.replace(/\.[a-z]+$/, '').replaceAll('_', '-'),
    type: 'table',
    path: fileName,
    description: REPORT_FILE_MEANINGS[fileName],
    format: isBids ? 'tsv' : 'csv',
    mediatype: isBids ? 'text/tab-separated-values' : 'text/csv',
    encoding: options.byteOrderMark && !isBids ? 'utf-8-sig' : 'utf-8',
    dialect: { delimiter: isBids ? '\t' : ',', lineTerminator: '\n', header: true },
    schema: {
      fields: columns.map(field),
      missingValues: [isBids ? BIDS_MISSING : MISSING],
      ...(key === undefined ? {} : { primaryKey: key }),
      ...(SEGMENT_TABLES.has(fileName)
        ? {
            foreignKeys: [
              {
                fields: ['recording_id', 'segment_id'],
                reference: { resource: 'segments', fields: ['recording_id', 'segment_id'] },
              },
            ],
          }
        : {}),
    },
  };
}

/** The descriptor of a report's tables. Holds no time of writing, so that the same input gives the same bytes. */
export function dataPackage(
  tables: readonly ReportTable[],
  about: { readonly recordingId: string; readonly appVersion: string; readonly byteOrderMark: boolean },
): string {
  const descriptor = {
    $schema: PROFILE,
    name: `lacuna-report-${about.recordingId}`.toLowerCase(),
    title: `Report of recording ${about.recordingId}`,
    description: `Written by Lacuna ${about.appVersion}. What was measured, what was recovered by a model, and what is missing.`,
    resources: tables.map((table) => resource(table, about)),
  };
  return `${JSON.stringify(descriptor, null, 2)}\n`;
}
