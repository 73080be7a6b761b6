import { ProblemError } from '../../core/problems/problem.js';
import type { PerModality } from '../../core/recording/modality.js';
import { MODALITIES } from '../../core/recording/modality.js';
import type { BundleManifest } from '../inference/bundleSchema.js';
import type { NpyArray } from '../files/decodeNpy.js';
import { readNpz } from '../files/readNpz.js';

/** One labelled utterance with the features of all three modalities. */
export interface Utterance {
  readonly id: string;
  readonly label: number;
  readonly features: PerModality<Float32Array>;
}

type Benchmark = NonNullable<BundleManifest['benchmark']>;

/**
 * Reads the utterances a benchmark bundle is measured on: arrays named by the bundle, checked before anything runs.
 * @param file npz with ids, labels, split and one matrix per modality.
 * @throws ProblemError `features.*` naming the array, the utterance and what does not fit.
 */
export async function readUtterances(
  file: string,
  benchmark: Benchmark,
  modalities: BundleManifest['modalities'],
): Promise<readonly Utterance[]> {
  const { ids, label, split, part, arrays } = benchmark;
  const found = await readNpz(file, [ids, label, split, ...MODALITIES.map((m) => arrays[m])]);
  const names = texts(found.get(ids), ids);
  checkIds(names);
  const parts = texts(found.get(split), split, names.length);
  const labels = matrix(found.get(label), label, 1, names);
  const columns = Object.fromEntries(
    MODALITIES.map((m) => [m, matrix(found.get(arrays[m]), arrays[m], modalities[m].dimension, names)]),
  ) as unknown as PerModality<Float64Array>;
  const wanted = names.flatMap((_, row) => (parts[row] === part ? [row] : []));
  if (wanted.length === 0) throw misfit(`${split} names no utterance "${part}"`);
  return wanted.map((row) => {
    const value = labels[row] ?? Number.NaN;
    const id = names[row] ?? '';
    if (Math.abs(value) > 3) throw misfit(`the label ${value} of ${id} (row ${row}) is outside -3 to 3`);
    const slice = (m: keyof typeof columns): Float32Array => {
      const width = modalities[m].dimension;
      return Float32Array.from(columns[m].subarray(row * width, (row + 1) * width));
    };
    return { id, label: value, features: { text: slice('text'), audio: slice('audio'), visual: slice('visual') } };
  });
}

function texts(array: NpyArray | undefined, name: string, length?: number): readonly string[] {
  if (array?.kind !== 'texts' || array.shape.length !== 1) throw misfit(`"${name}" must be a list of texts`);
  if (length !== undefined && array.values.length !== length) {
    throw misfit(`"${name}" has ${array.values.length} entries for ${length} utterances`);
  }
  return array.values;
}

function checkIds(ids: readonly string[]): void {
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    if (id.trim() === '') throw misfit(`the id of row ${row} is missing`);
    const earlier = rows.get(id);
    if (earlier !== undefined) throw misfit(`the id ${id} is in rows ${earlier} and ${row}`);
    rows.set(id, row);
  });
}

/** A finite matrix [ids, width], row by row; a list counts as a matrix of width 1. */
function matrix(array: NpyArray | undefined, name: string, width: number, ids: readonly string[]): Float64Array {
  if (array?.kind !== 'numbers') throw misfit(`"${name}" must hold numbers`);
  const shape = array.shape.length === 1 ? [...array.shape, 1] : array.shape;
  if (shape.length !== 2 || shape[0] !== ids.length || shape[1] !== width) {
    throw misfit(`"${name}" has shape (${array.shape.join(', ')}), (${ids.length}, ${width}) expected`);
  }
  const bad = array.values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return array.values;
  const row = Math.floor(bad / width);
  throw misfit(`"${name}" holds ${String(array.values[bad])} in ${ids[row] ?? ''} (row ${row}, column ${bad % width})`);
}

function misfit(message: string): ProblemError {
  const tip = "Correct the file; the bundle's CARD.md says which arrays it is measured on.";
  return new ProblemError({ code: 'features.misfit', severity: 'error', message: `${message}.`, tip });
}
