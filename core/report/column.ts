/** A column of a report table: how it is written and what the codebook, the data package and the BIDS sidecar say of it. */
import { MISSING, type CsvColumn } from './csv.js';

type ColumnType = 'id' | 'text' | 'category' | 'integer' | 'number' | 'time';

/** A column as the codebook describes it. */
export interface ReportColumn extends CsvColumn {
  readonly meaning: string;
  /** Unit of a number; `-` where there is none. */
  readonly unit: string;
  readonly type: ColumnType;
  /** Allowed values of a category, or the range of a number, in words; '' where neither applies. */
  readonly levels: string;
  /** Allowed values of a category. */
  readonly values?: readonly string[];
  /** Limits of a number, both allowed. */
  readonly min?: number;
  readonly max?: number;
  /** What a missing value is written as; '' for columns that never lack one. */
  readonly missing: '' | typeof MISSING;
}

interface ColumnOptions {
  readonly unit?: string;
  /** Allowed values of a category. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  /** True when the value can be missing. */
  readonly optional?: boolean;
}

const CELLS: Readonly<Record<ColumnType, CsvColumn['cell']>> = {
  id: 'text',
  text: 'text',
  category: 'plain',
  integer: 'number',
  number: 'number',
  time: 'plain',
};

function levelsInWords({ values, min, max }: ColumnOptions): string {
  if (values) return values.join(' | ');
  if (min === undefined) return max === undefined ? '' : `${max} or less`;
  return max === undefined ? `${min} or more` : `${min} to ${max}`;
}

/** Makes a column; numbers have four decimals unless told otherwise. */
export function column(name: string, type: ColumnType, meaning: string, options: ColumnOptions = {}): ReportColumn {
  const { values, min, max } = options;
  return {
    name,
    type,
    meaning,
    cell: CELLS[type],
    decimals: type === 'number' ? (options.decimals ?? 4) : 0,
    unit: options.unit ?? '-',
    levels: levelsInWords(options),
    ...(values === undefined ? {} : { values }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    missing: options.optional ? MISSING : '',
  };
}

const TIME_S = { unit: 's' } as const;
const TIME_HMS = { unit: 'HH:MM:SS.mmm' } as const;

/** Start and end of a stretch of time in seconds and on the clock, both from one integer. */
export function timeColumns(what: string, optional = false): ReportColumn[] {
  return [
    column('start_s', 'time', `Start of the ${what}, included`, { ...TIME_S, optional }),
    column('end_s', 'time', `End of the ${what}, not included`, { ...TIME_S, optional }),
    column('start_hms', 'time', `Start of the ${what}; the same instant as start_s`, { ...TIME_HMS, optional }),
    column('end_hms', 'time', `End of the ${what}; the same instant as end_s`, { ...TIME_HMS, optional }),
  ];
}
