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

/** A separable filter along one axis: `count` source indices and weights for every output sample. */
interface Taps {
  readonly count: number;
  /** Source indices, all inside the picture; what is black has weight 0. */
  readonly indices: Int32Array;
  readonly weights: Float32Array;
}

/** Triangle filter that widens with the reduction, so that shrinking does not alias (as Pillow's BILINEAR). */
function taps(start: number, length: number, samples: number, size: number, outside: Outside): Taps {
  const scale = length / samples;
  const support = Math.max(scale, 1);
  const count = Math.ceil(2 * support) + 1;
  const indices = new Int32Array(samples * count);
  const weights = new Float32Array(samples * count);
  for (let sample = 0; sample < samples; sample += 1) {
    const centre = start + (sample + 0.5) * scale;
    const first = Math.floor(centre - support);
    let sum = 0;
    for (let tap = 0; tap < count; tap += 1) {
      const at = sample * count + tap;
      weights[at] = Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / support);
      sum += weights[at];
      indices[at] = Math.min(Math.max(first + tap, 0), size - 1);
    }
    for (let at = sample * count; at < (sample + 1) * count; at += 1) {
      const index = first + at - sample * count;
      const seen = outside === 'edge' || (index >= 0 && index < size);
      weights[at] = seen ? weights[at]! / sum : 0;
    }
  }
  return { count, indices, weights };
}

/** Resamples the columns of one row of grey levels. */
function resampleGreyRow(picture: Picture, row: number, across: Taps, made: Float32Array): void {
  const { count, indices, weights } = across;
  const { data } = picture;
  const offset = row * picture.width;
  for (let sample = 0, at = 0; sample < made.length; sample += 1) {
    let sum = 0;
    for (const end = at + count; at < end; at += 1) sum += weights[at]! * data[offset + indices[at]!]!;
    made[sample] = sum;
  }
}

/** Resamples the columns of one row of R, G, B samples. */
function resampleColourRow(picture: Picture, row: number, across: Taps, made: Float32Array): void {
  const { count, indices, weights } = across;
  const { data } = picture;
  const offset = row * picture.width * 3;
  for (let sample = 0, at = 0; sample < made.length; sample += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (const end = at + count; at < end; at += 1) {
      const from = offset + indices[at]! * 3;
      const weight = weights[at]!;
      red += weight * data[from]!;
      green += weight * data[from + 1]!;
      blue += weight * data[from + 2]!;
    }
    made[sample] = red;
    made[sample + 1] = green;
    made[sample + 2] = blue;
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
  const rows = new Map<number, Float32Array>();
  const made = new Float32Array(height * stride);
  for (let y = 0; y < height; y += 1) {
    for (let at = y * down.count; at < (y + 1) * down.count; at += 1) {
      const weight = down.weights[at]!;
      if (weight === 0) continue;
      const index = down.indices[at]!;
      let row = rows.get(index);
      if (!row) {
        row = new Float32Array(stride);
        resampleRow(picture, index, across, row);
        rows.set(index, row);
      }
      for (let x = 0; x < stride; x += 1) made[y * stride + x]! += weight * row[x]!;
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
