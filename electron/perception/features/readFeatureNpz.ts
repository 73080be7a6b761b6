import path from 'node:path';
import type { FeatureColumns } from '../../../core/perception/featureRows.js';
import { ProblemError } from '../../../core/problems/problem.js';
import type { NpyArray } from '../../files/decodeNpy.js';
import { readNpz } from '../../files/readNpz.js';

/** Arrays that are no feature vectors: what is read by name, and targets, which an analysis must not see. */
const OTHER = new Set(['ids', 'start', 'end', 'text', 'label', 'binary', 'split', 'length']);

/**
 * Reads `ids`, the optional `start`, `end` (seconds) and `text`, and every other matrix of an npz file.
 * @throws ProblemError `features.*` naming the array.
 */
export async function readFeatureNpz(file: string): Promise<FeatureColumns> {
  const fileName = path.basename(file);
  const found = await readNpz(file, (names) => ['ids', ...names.filter((name) => name !== 'ids' && isUsed(name))]);
  const ids = found.get('ids');
  if (ids?.kind !== 'texts' || ids.shape.length !== 1) throw misfit(fileName, '"ids" must be a list of texts');
  const count = ids.values.length;
  const arrays = new Map<string, { width: number; values: Float64Array }>();
  for (const [name, array] of found) {
    if (OTHER.has(name)) continue;
    const [rows, width] = array.shape;
    if (array.kind !== 'numbers' || array.shape.length !== 2 || rows !== count || width === undefined || width === 0) {
      throw misfit(fileName, `"${name}" has shape (${array.shape.join(', ')}), (${count}, width) of numbers expected`);
    }
    arrays.set(name, { width, values: array.values });
  }
  const words = found.get('text');
  if (words !== undefined && (words.kind !== 'texts' || words.values.length !== count)) {
    throw misfit(fileName, `"text" must be a list of ${count} texts`);
  }
  return {
    fileName,
    ids: ids.values,
    arrays,
    ...times('start', found.get('start'), count, fileName),
    ...times('end', found.get('end'), count, fileName),
    ...(words?.kind === 'texts' ? { words: words.values } : {}),
  };
}

function isUsed(name: string): boolean {
  return ['start', 'end', 'text'].includes(name) || !(OTHER.has(name) || name.startsWith('split_'));
}

function times(
  name: 'start' | 'end',
  array: NpyArray | undefined,
  count: number,
  fileName: string,
): { readonly start?: Float64Array; readonly end?: Float64Array } {
  if (array === undefined) return {};
  if (array.kind !== 'numbers' || array.shape.length !== 1 || array.values.length !== count) {
    throw misfit(fileName, `"${name}" must be a list of ${count} numbers`);
  }
  return { [name]: array.values };
}

function misfit(fileName: string, message: string): ProblemError {
  return new ProblemError({
    code: 'features.misfit',
    severity: 'error',
    message: `${fileName} cannot be used as a feature recording: ${message}.`,
    tip: 'Save the arrays anew with numpy.savez: ids, one matrix per modality, and start, end and text if they are known.',
  });
}
