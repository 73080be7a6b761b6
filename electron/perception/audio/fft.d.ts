declare module 'fft.js' {
  /** Radix-4 complex FFT of a power-of-two size on interleaved re, im arrays. */
  export default class FFT {
    constructor(size: number);
    transform(out: Float64Array, data: Float64Array): void;
    inverseTransform(out: Float64Array, data: Float64Array): void;
  }
}
