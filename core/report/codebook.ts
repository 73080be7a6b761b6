import type { ReportColumn } from './column.js';
import { REPORT_COLUMNS, REPORT_FILE_MEANINGS, type ReportFileName } from './columns.js';
import { BIDS_MISSING } from './bidsEvents.js';
import type { CsvCell } from './csv.js';
import { THRESHOLD_DESCRIPTIONS } from '../quality/thresholds.js';

const FILES = Object.keys(REPORT_COLUMNS) as ReportFileName[];

/** A table as the codebook sees it. */
interface DescribedTable {
  readonly fileName: string;
  readonly columns: readonly ReportColumn[];
}

const missingWords = (fileName: string, column: ReportColumn): string => {
  if (column.missing === '') return 'never missing';
  return `${fileName.endsWith('.tsv') ? BIDS_MISSING : column.missing} (missing)`;
};

/** Rows of codebook.csv: every column of every table of a report, the codebook's own included. */
export function* codebookRows(tables: readonly DescribedTable[]): Generator<readonly CsvCell[]> {
  for (const { fileName, columns } of tables) {
    for (const [index, column] of columns.entries()) {
      yield [
        fileName,
        column.name,
        index + 1,
        column.meaning,
        column.unit === '-' ? undefined : column.unit,
        column.type,
        column.levels === '' ? undefined : column.levels,
        missingWords(fileName, column),
      ];
    }
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function fileSection(file: ReportFileName): string[] {
  return [
    `## ${file}`,
    '',
    REPORT_FILE_MEANINGS[file],
    '',
    '| column | meaning | unit | type | levels | missing |',
    '| --- | --- | --- | --- | --- | --- |',
    ...REPORT_COLUMNS[file].map(({ name, meaning, unit, type, levels, missing }) =>
      [
        '',
        ...[
          `\`${name}\``,
          meaning,
          unit,
          type,
          levels || '-',
          missing && file.endsWith('.tsv') ? BIDS_MISSING : missing || 'never',
        ].map(cell),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
    '',
  ];
}

/** docs/CODEBOOK.md, generated from the columns in code. Ends with a line end. */
export function generateCodebookMarkdown(): string {
  const lines = [
    '# Codebook of the report',
    '',
    'Generated from `core/report/columns.ts`; do not edit by hand. `codebook.csv` and `datapackage.json` of a report say the',
    'same of the tables in it.',
    '',
    'UTF-8 (with a byte order mark on request), comma separated, LF line ends, RFC 4180 quoting, dot decimals in every locale.',
    'A missing value is `NA`, never 0 and never an empty cell. Intervals of time are half-open: the end is not included.',
    'Text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line end), and the very text NA,',
    'has an apostrophe before it, which importing a table into Lacuna takes away again.',
    '',
    ...FILES.flatMap(fileSection),
    '## Quality thresholds',
    '',
    'The values used are in `provenance.json`.',
    '',
    '| threshold | meaning | unit | default | reason |',
    '| --- | --- | --- | --- | --- |',
    ...THRESHOLD_DESCRIPTIONS.map(
      ({ name, meaning, unit, defaultValue, reason }) =>
        `| \`${name}\` | ${cell(meaning)} | ${unit} | ${defaultValue} | ${cell(reason)} |`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
