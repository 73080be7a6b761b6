import { RealPairFft } from '../perception/audio/realPairFft.js';
import { AUDIO_RATE_HZ } from '../media/decodeAudio.js';

/** Frequency bands of a column, from low to high. */
export const BANDS = 48;
/** Lowest and highest frequency, Hz; bands are equally wide on the mel scale (O'Shaughnessy 1987). */
export const LOW_HZ = 60;
export const HIGH_HZ = 8_000;
/** Samples from column to column: 10 ms. */
export const HOP_SAMPLES = 160;
/** Analysed samples of a column: 32 ms, Hann window. */
const FRAME_SAMPLES = 512;
/** A byte is twice the level above this, dB re full scale; 0 means silence or no sound. */
const FLOOR_DB = -120;

const mel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
const hertz = (m: number) => 700 * (10 ** (m / 2595) - 1);

/** First FFT bin of every band, and one after the last; a band has at least one bin. */
function bandEdges(): readonly number[] {
  const [low, high] = [mel(LOW_HZ), mel(HIGH_HZ)];
  const toBin = (band: number) => (hertz(low + ((high - low) * band) / BANDS) * FRAME_SAMPLES) / AUDIO_RATE_HZ;
  return Array.from({ length: BANDS + 1 }, (_, band) => Math.min(FRAME_SAMPLES / 2, Math.round(toBin(band))));
}

/**
 * Turns a stream of samples into columns of `BANDS` bytes, one per 10 ms, centred on its time. A byte is
 * `2 (dB + 120)`: half a decibel per step, from -120 dB to +7 dB re full scale.
 */
export class SpectrogramColumns {
  readonly #fft = new RealPairFft(FRAME_SAMPLES);
  readonly #window = Float64Array.from(
    { length: FRAME_SAMPLES },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME_SAMPLES),
  );
  readonly #edges = bandEdges();
  readonly #pair = [new Float64Array(FRAME_SAMPLES), new Float64Array(FRAME_SAMPLES)] as const;
  /** Samples not yet used up; begins half a frame before the next column's centre. */
  #rest = new Float32Array(FRAME_SAMPLES / 2);

  /** Columns that the samples so far complete, one after the other. */
  push(samples: Float32Array): Uint8Array {
    const all = new Float32Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const count = Math.max(0, Math.floor((all.length - FRAME_SAMPLES) / HOP_SAMPLES) + 1);
    const columns = new Uint8Array(count * BANDS);
    for (let column = 0; column < count; column += 2) this.#columnPair(all, column, count, columns);
    this.#rest = all.slice(count * HOP_SAMPLES);
    return columns;
  }

  /** The last columns, padded with silence. */
  end(): Uint8Array {
    return this.push(new Float32Array(FRAME_SAMPLES / 2 - 1));
  }

  #columnPair(all: Float32Array, column: number, count: number, columns: Uint8Array): void {
    this.#pair.forEach((frame, offset) => {
      const start = (column + offset) * HOP_SAMPLES;
      for (let i = 0; i < FRAME_SAMPLES; i++) frame[i] = (all[start + i] ?? 0) * (this.#window[i] ?? 0);
    });
    this.#fft.powerSpectra(...this.#pair);
    this.#write(this.#fft.powerA, columns, column);
    if (column + 1 < count) this.#write(this.#fft.powerB, columns, column + 1);
  }

  #write(power: Float64Array, columns: Uint8Array, column: number): void {
    // a full-scale sine has a peak of (sum of the window / 2)^2 = (N / 4)^2
    const fullScale = (FRAME_SAMPLES / 4) ** 2;
    for (let band = 0; band < BANDS; band++) {
      const from = this.#edges[band] ?? 0;
      const to = Math.max(from + 1, this.#edges[band + 1] ?? 0);
      let most = 0;
      for (let bin = from; bin < to; bin++) most = Math.max(most, power[bin] ?? 0);
      const decibels = most > 0 ? 10 * Math.log10(most / fullScale) : FLOOR_DB;
      columns[column * BANDS + band] = Math.max(0, Math.min(255, Math.round(2 * (decibels - FLOOR_DB))));
    }
  }
}
