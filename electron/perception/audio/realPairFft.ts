import FFT from 'fft.js';

/**
 * Transforms two real frames with one complex FFT (the second frame rides in the imaginary part), which halves the
 * cost of the analysis. All arrays are reused from call to call: copy what must outlive the next call.
 */
export class RealPairFft {
  readonly size: number;
  /** Power spectra |X(k)|^2 of the two frames, bins 0 to size / 2. */
  readonly powerA: Float64Array;
  readonly powerB: Float64Array;
  readonly #fft: FFT;
  readonly #input: Float64Array;
  readonly #output: Float64Array;

  /** @param size power of two. */
  constructor(size: number) {
    this.size = size;
    this.#fft = new FFT(size);
    this.#input = new Float64Array(2 * size);
    this.#output = new Float64Array(2 * size);
    this.powerA = new Float64Array(size / 2 + 1);
    this.powerB = new Float64Array(size / 2 + 1);
  }

  /** Computes both power spectra of frames of at most `size` samples; shorter frames are zero-padded. */
  powerSpectra(a: Float64Array, b: Float64Array): void {
    const { size } = this;
    const input = this.#input.fill(0);
    for (let i = 0; i < a.length; i++) {
      input[2 * i] = a[i]!;
      input[2 * i + 1] = b[i]!;
    }
    this.#fft.transform(this.#output, input);
    const z = this.#output;
    for (let k = 0; k <= size / 2; k++) {
      const m = (size - k) % size;
      const [re, im, mirrorRe, mirrorIm] = [z[2 * k]!, z[2 * k + 1]!, z[2 * m]!, z[2 * m + 1]!];
      this.powerA[k] = ((re + mirrorRe) ** 2 + (im - mirrorIm) ** 2) / 4;
      this.powerB[k] = ((im + mirrorIm) ** 2 + (re - mirrorRe) ** 2) / 4;
    }
  }

  /**
   * Circular autocorrelations of the two frames of the last `powerSpectra` call (Wiener-Khinchin), lags 0 to
   * `a.length - 1`. Linear as long as frame length + lag <= size.
   */
  autocorrelations(a: Float64Array, b: Float64Array): void {
    const { size } = this;
    const input = this.#input;
    for (let k = 0; k <= size / 2; k++) {
      const m = (size - k) % size;
      input[2 * k] = input[2 * m] = this.powerA[k]!;
      input[2 * k + 1] = input[2 * m + 1] = this.powerB[k]!;
    }
    this.#fft.inverseTransform(this.#output, input);
    for (let lag = 0; lag < a.length; lag++) {
      a[lag] = this.#output[2 * lag]!;
      b[lag] = this.#output[2 * lag + 1]!;
    }
  }
}
