import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FeatureColumns } from '../../../core/perception/featureRows.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { decodeText } from '../../../core/text/decodeText.js';
import { readCsv, type CsvTable } from '../../../core/text/readCsv.js';

const MAX_BYTES = 64 * 2 ** 20;
const VECTOR_COLUMN = /^(.+)\.(\d{1,5})$/;

/**
 * Reads a table with the columns `id`, optionally `start_s`, `end_s` and `text`, and `ARRAY.0`, `ARRAY.1`, … per
 * feature array. Empty cells in all columns of an array say that the utterance has no such vector.
 * @throws ProblemError `features.*` naming line and column.
 */
export async function readFeatureCsv(file: string): Promise<FeatureColumns> {
  const fileName = path.basename(file);
  const table = readCsv(await readText(file, fileName), fileName, 'features');
  const problem = table.problems.find(({ severity }) => severity === 'error');
  if (problem !== undefined) throw new ProblemError(problem);
  const groups = vectorColumns(table, fileName);
  if (!table.columns.includes('id') || groups.size === 0) {
    throw misfit(
      fileName,
      `it has the columns ${table.columns.slice(0, 8).join(', ')}; id and ARRAY.0, ARRAY.1, … expected`,
    );
  }
  const arrays = new Map<string, { width: number; values: Float64Array }>();
  for (const [name, columns] of groups) {
    const values = Float64Array.from(
      table.rows.flatMap((row) => columns.map((column) => number(row.get(column), fileName, row.line, column))),
    );
    arrays.set(name, { width: columns.length, values });
  }
  const numbers = (column: string): number[] =>
    table.rows.map((row) => number(row.get(column), fileName, row.line, column));
  return {
    fileName,
    ids: table.rows.map((row) => row.get('id')?.trim() ?? ''),
    arrays,
    ...(table.columns.includes('start_s') ? { start: numbers('start_s') } : {}),
    ...(table.columns.includes('end_s') ? { end: numbers('end_s') } : {}),
    ...(table.columns.includes('text') ? { words: table.rows.map((row) => row.get('text') ?? '') } : {}),
  };
}

async function readText(file: string, fileName: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw misfit(fileName, `it has ${size} bytes, at most ${MAX_BYTES} are read`);
    const decoded = decodeText(await readFile(file), fileName, 'features');
    if (decoded.text === undefined) throw misfit(fileName, 'it is no text');
    return decoded.text;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw misfit(fileName, `it cannot be read (${(error as Error).message})`);
  }
}

/** Columns of every array in the order of their numbers, which must run from 0 without a gap. */
function vectorColumns({ columns }: CsvTable, fileName: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Map<number, string>>();
  for (const column of columns) {
    const [, name, place] = VECTOR_COLUMN.exec(column) ?? [];
    if (name === undefined || place === undefined) continue;
    const group = groups.get(name) ?? new Map<number, string>();
    if (group.has(Number(place))) throw misfit(fileName, `it has two columns ${name}.${Number(place)}`);
    groups.set(name, group.set(Number(place), column));
  }
  return new Map(
    [...groups].map(([name, group]) => {
      const ordered = [...group.keys()].sort((a, b) => a - b);
      const gap = ordered.findIndex((place, index) => place !== index);
      if (gap >= 0) throw misfit(fileName, `it has no column ${name}.${gap}`);
      return [name, ordered.map((place) => group.get(place) ?? '')] as const;
    }),
  );
}

function number(text: string | undefined, fileName: string, line: number, column: string): number {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed.toLowerCase() === 'nan') return Number.NaN;
  const value = Number(trimmed);
  if (Number.isFinite(value)) return value;
  throw misfit(fileName, `line ${line}, ${column}: "${trimmed.slice(0, 40)}" is no number`);
}

function misfit(fileName: string, message: string): ProblemError {
  return new ProblemError({
    code: 'features.misfit',
    severity: 'error',
    message: `${fileName} cannot be used as a feature recording: ${message}.`,
    tip: 'Columns: id, optionally start_s, end_s and text, and ARRAY.0, ARRAY.1, … for every feature array.',
  });
}
