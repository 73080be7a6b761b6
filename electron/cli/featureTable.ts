import { encodeNpy } from './npy.js';

/** What was measured in one file. */
export interface FeatureRow {
  readonly id: string;
  /** Acoustic functionals; undefined without enough sound. */
  readonly audio: Float32Array | undefined;
  /** Expression functionals; undefined without a measured face or when not asked for. */
  readonly visual: Float32Array | undefined;
  /** Contours of the voice; undefined when not asked for. */
  readonly curves: Float32Array | undefined;
  /** Sampled frames: time in seconds, then the seven expression posteriors (NaN without a face). */
  readonly frames: readonly (readonly number[])[];
  /** Sampled frames: time in seconds, landmark score, proxies of action units (NaN without a face). */
  readonly faces: readonly (readonly number[])[];
}

/** Sizes and names that make the columns of the table. */
export interface FeatureLayout {
  readonly audioNames: readonly string[];
  /** Number of expression functionals; undefined when the picture is not measured. */
  readonly visualCount: number | undefined;
  /** Columns of the contours; undefined when they are not asked for. */
  readonly curveNames: readonly string[] | undefined;
  readonly emotionNames: readonly string[];
  /** Columns of a sampled face. */
  readonly faceNames: readonly string[];
}

/** Files of a feature table by name: matrices as .npy, one row per recording in the order of ids.txt. */
export function featureFiles(rows: readonly FeatureRow[], layout: FeatureLayout): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const width = layout.audioNames.length;
  files.set('audio.npy', matrix(rows.map((row) => row.audio), width)); // prettier-ignore
  files.set('names.txt', lines(layout.audioNames));
  files.set('ids.txt', lines(rows.map((row) => row.id)));
  if (layout.visualCount !== undefined) {
    files.set('visual.npy', matrix(rows.map((row) => row.visual), layout.visualCount)); // prettier-ignore
    const frames = rows.flatMap((row, index) => row.frames.map((frame) => Float32Array.of(index, ...frame)));
    files.set('frames.npy', matrix(frames, 2 + layout.emotionNames.length));
    const faces = rows.flatMap((row, index) => row.faces.map((face) => Float32Array.of(index, ...face)));
    files.set('faces.npy', matrix(faces, 1 + layout.faceNames.length));
    files.set('face_names.txt', lines(['row', ...layout.faceNames]));
  }
  if (layout.curveNames !== undefined) {
    files.set('curves.npy', matrix(rows.map((row) => row.curves), layout.curveNames.length)); // prettier-ignore
    files.set('curve_names.txt', lines(layout.curveNames));
  }
  return files;
}

/** Rows below each other; a row that is undefined is NaN throughout. */
function matrix(rows: readonly (Float32Array | undefined)[], width: number): Uint8Array {
  const values = new Float32Array(rows.length * width).fill(Number.NaN);
  rows.forEach((row, index) => {
    if (row === undefined) return;
    if (row.length !== width) throw new RangeError(`row ${index} has ${row.length} values, not ${width}`);
    values.set(row, index * width);
  });
  return encodeNpy(values, rows.length, width);
}

function lines(texts: readonly string[]): Uint8Array {
  return new TextEncoder().encode(texts.map((text) => `${text}\n`).join(''));
}
