import { HOP_SAMPLES } from './audioClock.js';
import { GrowableColumn } from './growableColumn.js';
import type { SampleHistory } from './sampleHistory.js';

/** A sample at or above this magnitude counts as full scale; resampling moves clipped tops slightly below 1. */
const FULL_SCALE = 0.99;

/** Level, clipping and overview of the waveform itself, one row per 10 ms. The last row may be shorter than 10 ms. */
export class Waveform {
  readonly levelDbfs = new GrowableColumn();
  readonly clippedShare = new GrowableColumn();
  readonly #minMax = new GrowableColumn();
  readonly #row = new Float32Array(HOP_SAMPLES);

  /** Measures the next row, which must lie (at least in part) inside `samples`. */
  measure(samples: SampleHistory): void {
    const start = this.levelDbfs.length * HOP_SAMPLES;
    const count = Math.min(HOP_SAMPLES, samples.length - start);
    samples.copy(start, this.#row);
    let [energy, clipped, low, high] = [0, 0, Infinity, -Infinity];
    for (let i = 0; i < count; i++) {
      const x = this.#row[i]!;
      energy += x * x;
      if (Math.abs(x) >= FULL_SCALE) clipped++;
      if (x < low) low = x;
      if (x > high) high = x;
    }
    this.levelDbfs.push(10 * Math.log10(energy / count));
    this.clippedShare.push(clipped / count);
    this.#minMax.push(low);
    this.#minMax.push(high);
  }

  /** Minimum and maximum of every row, interleaved, as 16-bit integers. */
  minMax(): Int16Array {
    return Int16Array.from(this.#minMax.toArray(), (x) => Math.round(Math.max(-1, Math.min(1, x)) * 32_767));
  }
}
