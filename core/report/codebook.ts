import { REPORT_COLUMNS, REPORT_FILE_MEANINGS, type ReportColumn, type ReportFileName } from './columns.js';
import type { CsvCell } from './csv.js';
import { THRESHOLD_DESCRIPTIONS } from '../quality/thresholds.js';

const FILES = Object.keys(REPORT_COLUMNS) as ReportFileName[];

const missingWords = (column: ReportColumn): string =>
  column.missing === '' ? 'never missing' : `${column.missing} (missing)`;

/** Rows of codebook.csv: every column of every CSV file, the codebook's own included. */
export function* codebookRows(): Generator<readonly CsvCell[]> {
  for (const file of FILES) {
    for (const [index, column] of REPORT_COLUMNS[file].entries()) {
      yield [
        file,
        column.name,
        index + 1,
        column.meaning,
        column.unit === '-' ? undefined : column.unit,
        column.type,
        column.levels === '' ? undefined : column.levels,
        missingWords(column),
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
      ['', ...[`\`${name}\``, meaning, unit, type, levels || '-', missing || 'never'].map(cell), ''].join(' | ').trim(),
    ),
    '',
  ];
}

/** docs/CODEBOOK.md, generated from the columns in code. Ends with a line end. */
export function generateCodebookMarkdown(): string {
  const lines = [
    '# Codebook of the CSV report',
    '',
    'Generated from `core/report/columns.ts`; do not edit by hand.',
    '',
    'UTF-8 without byte order mark, comma separated, LF line ends, RFC 4180 quoting, dot decimals in every locale.',
    'A missing value is `NA`, never 0 and never an empty cell. Intervals of time are half-open: the end is not included.',
    'Text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line end), and the very text NA,',
    'has an apostrophe before it.',
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
