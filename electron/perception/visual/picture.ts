/** Pure helpers on small pictures. */

/** Rows of interleaved 8-bit samples, [height x width x channels]. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Axis-aligned box in pixels; may have fractions and reach outside the picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What lies outside the picture: black, or the nearest pixel of its border. */
export type Outside = 'black' | 'edge';

/** A separable filter along one axis: a run of source indices and weights for every output sample. */
interface Taps {
  /** Longest run. */
  readonly count: number;
  /** First tap with a weight, and the one after the last, for every sample: positions in `indices` and `weights`. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Source indices, all inside the picture. */
  readonly indices: Int32Array;
  /** Rounded to 32 bits. */
  readonly weights: Float64Array;
}

/** Triangle filter that widens with the reduction, so that shrinking does not alias (as Pillow's BILINEAR). */
function taps(start: number, length: number, samples: number, size: number, outside: Outside): Taps {
  const scale = length / samples;
  const support = Math.max(scale, 1);
  const count = Math.ceil(2 * support) + 1;
  const indices = new Int32Array(samples * count);
  const weights = new Float64Array(samples * count);
  const starts = new Int32Array(samples);
  const ends = new Int32Array(samples);
  for (let sample = 0; sample < samples; sample += 1) {
    const centre = start + (sample + 0.5) * scale;
    const first = Math.floor(centre - support);
    const from = sample * count;
    let sum = 0;
    for (let tap = 0; tap < count; tap += 1) {
      const weight = Math.fround(Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / support));
      weights[from + tap] = weight;
      sum += weight;
      indices[from + tap] = Math.min(Math.max(first + tap, 0), size - 1);
    }
    let [begin, end] = [from + count, from];
    for (let at = from; at < from + count; at += 1) {
      const index = first + at - from;
      const seen = outside === 'edge' || (index >= 0 && index < size);
      const weight = seen ? Math.fround(weights[at]! / sum) : 0;
      weights[at] = weight;
      if (weight === 0) continue;
      begin = Math.min(begin, at);
      end = at + 1;
    }
    starts[sample] = begin;
    ends[sample] = end;
  }
  return { count, starts, ends, indices, weights };
}

/** Resamples the columns of one row of grey levels. */
function resampleGreyRow(picture: Picture, row: number, across: Taps, made: Float32Array): void {
  const { starts, ends, indices, weights } = across;
  const { data } = picture;
  const offset = row * picture.width;
  for (let sample = 0; sample < made.length; sample += 1) {
    let sum = 0;
    const end = ends[sample]!;
    for (let at = starts[sample]!; at < end; at += 1) sum += weights[at]! * data[offset + indices[at]!]!;
    made[sample] = sum;
  }
}

/** Resamples the columns of one row of R, G, B samples. */
function resampleColourRow(picture: Picture, row: number, across: Taps, made: Float32Array): void {
  const { starts, ends, indices, weights } = across;
  const { data } = picture;
  const offset = row * picture.width * 3;
  for (let sample = 0, to = 0; to < made.length; sample += 1, to += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    const end = ends[sample]!;
    for (let at = starts[sample]!; at < end; at += 1) {
      const from = offset + indices[at]! * 3;
      const weight = weights[at]!;
      red += weight * data[from]!;
      green += weight * data[from + 1]!;
      blue += weight * data[from + 2]!;
    }
    made[to] = red;
    made[to + 1] = green;
    made[to + 2] = blue;
  }
}

/** Rows that are resampled already, as a ring: a sample needs at most `count` neighbouring ones at a time. */
class ResampledRows {
  readonly #rows: Float32Array[];
  readonly #held: Int32Array;

  constructor(count: number, length: number) {
    this.#rows = Array.from({ length: count }, () => new Float32Array(length));
    this.#held = new Int32Array(count).fill(-1);
  }

  get(index: number, fill: (row: Float32Array) => void): Float32Array {
    const slot = index % this.#rows.length;
    const row = this.#rows[slot]!;
    if (this.#held[slot] !== index) {
      fill(row);
      this.#held[slot] = index;
    }
    return row;
  }
}

/**
 * Cuts a box out of a picture and scales it with an anti-aliased bilinear filter.
 * @returns [height x width x channels] values of the 8-bit scale, 0 to 255.
 */
export function cropAndScale(
  picture: Picture,
  box: Box,
  width: number,
  height: number,
  outside: Outside,
): Float32Array<ArrayBuffer> {
  const across = taps(box.x, box.width, width, picture.width, outside);
  const down = taps(box.y, box.height, height, picture.height, outside);
  const stride = width * picture.channels;
  const resampleRow = picture.channels === 1 ? resampleGreyRow : resampleColourRow;
  const rows = new ResampledRows(down.count, stride);
  const made = new Float32Array(height * stride);
  for (let y = 0; y < height; y += 1) {
    const end = down.ends[y]!;
    for (let at = down.starts[y]!; at < end; at += 1) {
      const index = down.indices[at]!;
      const row = rows.get(index, (empty) => {
        resampleRow(picture, index, across, empty);
      });
      addRow(made, y * stride, row, down.weights[at]!);
    }
  }
  return made;
}

/** Every partial sum is rounded to 32 bits: another way of summing would be another extractor version. */
function addRow(made: Float32Array, offset: number, row: Float32Array, weight: number): void {
  for (let x = 0; x < row.length; x += 1) made[offset + x] = made[offset + x]! + weight * row[x]!;
}

/** Grey levels of an RGB picture (luma of ITU-R BT.601), rounded to 8 bits. */
export function toGrey(picture: Picture): Picture {
  if (picture.channels === 1) return picture;
  const { width, height, data } = picture;
  const grey = new Uint8Array(width * height);
  for (let index = 0; index < grey.length; index += 1) {
    const from = index * 3;
    grey[index] = (299 * data[from]! + 587 * data[from + 1]! + 114 * data[from + 2]! + 500) / 1000;
  }
  return { width, height, channels: 1, data: grey };
}

/**
 * Variance of the 4-neighbour Laplacian over the inner pixels, grey levels squared; NaN below 3 x 3 pixels.
 * Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy".
 */
export function laplacianVariance(grey: Float32Array, width: number, height: number): number {
  const count = (width - 2) * (height - 2);
  if (width < 3 || height < 3) return Number.NaN;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const value = grey[at - 1]! + grey[at + 1]! + grey[at - width]! + grey[at + width]! - 4 * grey[at]!;
      sum += value;
      squares += value * value;
    }
  }
  return Math.max(0, squares / count - (sum / count) ** 2);
}

/** Mean of values; NaN for none. */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Mean absolute difference of two grey pictures, 0 to 255; NaN when their sizes differ. */
export function meanDifference(first: Picture, second: Picture): number {
  if (first.width !== second.width || first.height !== second.height) return Number.NaN;
  const [a, b] = [first.data, second.data];
  let sum = 0;
  for (let start = 0; start < a.length; start += first.width) {
    const end = Math.min(start + first.width, a.length);
    // Integers inside one row: several times quicker than one floating-point sum, and the same number.
    let row = 0;
    for (let index = start; index < end; index += 1) row = (row + Math.abs(a[index]! - b[index]!)) | 0;
    sum += row;
  }
  return sum / a.length;
}
