import { SAMPLE_RATE_HZ } from './audioClock.js';

const CUTOFF_HZ = 50;

/** Second-order Butterworth high-pass at 50 Hz, streamed: rumble would otherwise pass for a very low voice. */
export class HighPass {
  readonly #b0: number;
  readonly #a1: number;
  readonly #a2: number;
  #z1 = 0;
  #z2 = 0;

  constructor() {
    const w = Math.tan((Math.PI * CUTOFF_HZ) / SAMPLE_RATE_HZ);
    const scale = 1 / (1 + Math.SQRT2 * w + w * w);
    this.#b0 = scale;
    this.#a1 = 2 * (w * w - 1) * scale;
    this.#a2 = (1 - Math.SQRT2 * w + w * w) * scale;
  }

  process(samples: Float32Array): Float32Array {
    const out = new Float32Array(samples.length);
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i]!;
      const y = this.#b0 * x + this.#z1;
      this.#z1 = -2 * this.#b0 * x - this.#a1 * y + this.#z2;
      this.#z2 = this.#b0 * x - this.#a2 * y;
      out[i] = y;
    }
    return out;
  }
}
