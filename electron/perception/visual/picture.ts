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

interface Taps {
  /** First source index of every output sample; may lie outside. */
  readonly starts: Int32Array;
  readonly weights: readonly Float32Array[];
}

/** Triangle filter that widens with the reduction, so that shrinking does not alias (as Pillow's BILINEAR). */
function taps(start: number, length: number, samples: number): Taps {
  const scale = length / samples;
  const support = Math.max(scale, 1);
  const starts = new Int32Array(samples);
  const weights: Float32Array[] = [];
  for (let index = 0; index < samples; index += 1) {
    const centre = start + (index + 0.5) * scale;
    const first = Math.floor(centre - support);
    const row = new Float32Array(Math.ceil(centre + support) - first);
    let sum = 0;
    for (let tap = 0; tap < row.length; tap += 1) {
      const weight = Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / support);
      row[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < row.length; tap += 1) row[tap]! /= sum;
    starts[index] = first;
    weights.push(row);
  }
  return { starts, weights };
}

/** Source index to read for `index`, or -1 where it is black. */
function inside(index: number, size: number, outside: Outside): number {
  if (index >= 0 && index < size) return index;
  if (outside === 'black') return -1;
  return index < 0 ? 0 : size - 1;
}

/** Resamples the columns of the source rows [top, bottom): [(bottom - top) x width x channels]. */
function resampleColumns(picture: Picture, top: number, bottom: number, taps: Taps, outside: Outside): Float32Array {
  const { channels, data } = picture;
  const width = taps.weights.length;
  const made = new Float32Array((bottom - top) * width * channels);
  for (let x = 0; x < width; x += 1) {
    const weights = taps.weights[x]!;
    for (let tap = 0; tap < weights.length; tap += 1) {
      const column = inside(taps.starts[x]! + tap, picture.width, outside);
      const weight = weights[tap]!;
      if (column < 0 || weight === 0) continue;
      for (let y = top; y < bottom; y += 1) {
        const from = (y * picture.width + column) * channels;
        const to = ((y - top) * width + x) * channels;
        for (let channel = 0; channel < channels; channel += 1) made[to + channel]! += weight * data[from + channel]!;
      }
    }
  }
  return made;
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
  const across = taps(box.x, box.width, width);
  const down = taps(box.y, box.height, height);
  const clamp = (row: number): number => Math.min(Math.max(row, 0), picture.height);
  const top = Math.min(clamp(down.starts[0]!), picture.height - 1);
  const bottom = Math.max(clamp(down.starts[height - 1]! + down.weights[height - 1]!.length), top + 1);
  const columns = resampleColumns(picture, top, bottom, across, outside);
  const stride = width * picture.channels;
  const made = new Float32Array(height * stride);
  for (let y = 0; y < height; y += 1) {
    const weights = down.weights[y]!;
    for (let tap = 0; tap < weights.length; tap += 1) {
      const row = inside(down.starts[y]! + tap, picture.height, outside);
      if (row < 0) continue;
      const from = (row - top) * stride;
      const weight = weights[tap]!;
      for (let index = 0; index < stride; index += 1) made[y * stride + index]! += weight * columns[from + index]!;
    }
  }
  return made;
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
  let sum = 0;
  for (let index = 0; index < first.data.length; index += 1) sum += Math.abs(first.data[index]! - second.data[index]!);
  return sum / first.data.length;
}
