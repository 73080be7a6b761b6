import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { reportFiles } from '../../../core/report/reportFiles.js';
import { DEFAULT_REPORT_OPTIONS } from '../../../core/report/reportOptions.js';
import { SOURCES } from './reportSources.js';

const SCHEMAS = path.resolve(import.meta.dirname, '../../fixtures/schemas');
const files = reportFiles(SOURCES, { ...DEFAULT_REPORT_OPTIONS, wide: true });
const text = (name: string): string => [...files.find((file) => file.name === name)!.chunks()].join('');

interface Field {
  readonly name: string;
  readonly type: string;
  readonly constraints?: {
    readonly required?: boolean;
    readonly enum?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
    readonly pattern?: string;
  };
}

interface Descriptor {
  readonly resources: readonly {
    readonly path: string;
    readonly dialect: { readonly delimiter: string };
    readonly schema: {
      readonly fields: readonly Field[];
      readonly missingValues: readonly string[];
      readonly primaryKey?: readonly string[];
    };
  }[];
}

describe('datapackage.json', () => {
  const profile = JSON.parse(
    gunzipSync(readFileSync(path.join(SCHEMAS, 'datapackage-2.0.json.gz'))).toString(),
  ) as object;
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(profile);
  const descriptor = JSON.parse(text('datapackage.json')) as Descriptor;

  it('fits the published Data Package 2.0 profile with its Table Schemas', () => {
    expect(validate(descriptor), JSON.stringify(validate.errors)).toBe(true);
    const [first, ...rest] = descriptor.resources;
    const damaged = { resources: [{ ...first, schema: { fields: [{ name: 'a', type: 'no such type' }] } }, ...rest] };
    expect(validate(damaged)).toBe(false);
  });

  it('describes every table, every column in order, and nothing that is not there', () => {
    expect(descriptor.resources.map((resource) => resource.path)).toEqual(
      files.flatMap(({ name, table }) => (table ? [name] : [])),
    );
    for (const { path: name, schema, dialect } of descriptor.resources) {
      const [header] = Papa.parse<string[]>(text(name), { delimiter: dialect.delimiter }).data;
      expect(
        schema.fields.map((field) => field.name),
        name,
      ).toEqual(header);
    }
  });

  it('every cell of every table keeps the type and the limits that its Table Schema states, keys are unique', () => {
    for (const { path: name, schema, dialect } of descriptor.resources) {
      const { data } = Papa.parse<Record<string, string>>(text(name), {
        delimiter: dialect.delimiter,
        header: true,
        skipEmptyLines: true,
      });
      for (const row of data) {
        for (const field of schema.fields) checkCell(field, row[field.name]!, schema.missingValues, name);
      }
      const keys = data.map((row) => JSON.stringify(schema.primaryKey?.map((column) => row[column])));
      if (schema.primaryKey) expect(new Set(keys).size, name).toBe(keys.length);
    }
  });
});

function checkCell(field: Field, value: string, missing: readonly string[], file: string): void {
  const where = `${file} ${field.name} ${value}`;
  const { required, enum: values, minimum, maximum, pattern } = field.constraints ?? {};
  if (missing.includes(value)) {
    expect(required, where).not.toBe(true);
    return;
  }
  if (field.type === 'number') expect(value, where).toMatch(/^-?\d+(\.\d+)?$/);
  if (field.type === 'integer') expect(value, where).toMatch(/^-?\d+$/);
  if (field.type === 'datetime') expect(Number.isNaN(Date.parse(value)), where).toBe(false);
  if (values) expect(values, where).toContain(value);
  if (pattern !== undefined) expect(value, where).toMatch(new RegExp(`^(?:${pattern})$`));
  if (minimum !== undefined) expect(Number(value), where).toBeGreaterThanOrEqual(minimum);
  if (maximum !== undefined) expect(Number(value), where).toBeLessThanOrEqual(maximum);
}

interface BidsSchema {
  readonly rules: {
    readonly tabular_data: {
      readonly events: {
        readonly Events: {
          readonly columns: Readonly<Record<string, unknown>>;
          readonly additional_columns: string;
          readonly initial_columns: readonly string[];
        };
      };
    };
  };
  readonly objects: {
    readonly columns: Readonly<Record<string, { readonly type: string; readonly minimum?: number }>>;
    readonly formats: Readonly<Record<string, { readonly pattern: string }>>;
    readonly metadata: Readonly<Record<string, object>>;
  };
}

describe('events.tsv and events.json', () => {
  const bids = JSON.parse(readFileSync(path.join(SCHEMAS, 'bids-events.json'), 'utf8')) as BidsSchema;
  const lines = text('events.tsv').trimEnd().split('\n');
  const header = lines[0]!.split('\t');
  const rows = lines.slice(1).map((line) => line.split('\t'));
  const sidecar = JSON.parse(text('events.json')) as Record<string, Record<string, unknown>>;

  it('begin with the columns that the published rules ask for first', () => {
    const { initial_columns, columns, additional_columns } = bids.rules.tabular_data.events.Events;
    expect(header.slice(0, initial_columns.length)).toEqual(initial_columns);
    for (const [name, level] of Object.entries(columns)) if (level === 'required') expect(header).toContain(name);
    expect(additional_columns).toBe('allowed');
  });

  it('have values of the published formats, n/a where there is none, never an empty cell', () => {
    for (const row of rows) {
      expect(row).toHaveLength(header.length);
      row.forEach((value, index) => {
        expect(value).not.toBe('');
        expect(value).not.toBe('NA');
        const rule = bids.objects.columns[header[index]!];
        if (!rule || value === 'n/a') return;
        expect(value).toMatch(new RegExp(`^${bids.objects.formats[rule.type]!.pattern}$`));
        if (rule.minimum !== undefined) expect(Number(value)).toBeGreaterThanOrEqual(rule.minimum);
      });
    }
    expect(rows.flat()).toContain('n/a');
  });

  it('are described column by column in terms that the published schema knows, of its types', () => {
    expect(Object.keys(sidecar)).toEqual(header);
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const [column, entry] of Object.entries(sidecar)) {
      expect(entry['Description'], column).toBeTruthy();
      for (const [term, value] of Object.entries(entry)) {
        expect(Object.keys(bids.objects.metadata), column).toContain(term);
        expect(ajv.validate(bids.objects.metadata[term]!, value), `${column} ${term}`).toBe(true);
      }
      const levels = entry['Levels'];
      if (levels === undefined) continue;
      const used = rows.map((row) => row[header.indexOf(column)]!).filter((value) => value !== 'n/a');
      expect(Object.keys(levels as object), column).toEqual(expect.arrayContaining(used));
    }
  });
});
