import { SAMPLE_RATE_HZ } from './audioClock.js';

const ORDER = 11;
const TOP_HZ = 5500;
const PRE_EMPHASIS = 0.97;
const MIN_FREQUENCY_HZ = 150;
const MAX_BANDWIDTH_HZ = 900;
export const FORMANTS = 3;

/**
 * Formants of a spectrum by selective linear prediction (J. Makhoul, "Spectral linear prediction", IEEE Trans. ASSP
 * 23(3), 1975): the band 0 to 5.5 kHz as an 11 kHz signal would have it, order 11 as in eGeMAPS. Frequencies are the
 * minima of the inverse filter's response |A|^2; bandwidths follow from its curvature there (single-pole
 * approximation).
 */
export class Formants {
  readonly #bins: number;
  readonly #cosine: Float64Array[];
  readonly #emphasis: Float64Array;
  readonly #response: Float64Array;

  /** @param fftSize size of the FFT whose power spectra will be given. */
  constructor(fftSize: number) {
    this.#bins = Math.floor((TOP_HZ * fftSize) / SAMPLE_RATE_HZ);
    const bins = this.#bins;
    this.#cosine = Array.from({ length: ORDER + 1 }, (_, lag) =>
      Float64Array.from({ length: bins + 1 }, (_, bin) => Math.cos((Math.PI * bin * lag) / bins)),
    );
    this.#emphasis = Float64Array.from(
      { length: bins + 1 },
      (_, bin) => 1 + PRE_EMPHASIS ** 2 - 2 * PRE_EMPHASIS * Math.cos((2 * Math.PI * bin) / fftSize),
    );
    this.#response = new Float64Array(bins + 1);
  }

  /** @returns [F1, F2, F3, B1, B2, B3] in Hz; NaN for formants that were not found. */
  measure(power: Float64Array): readonly number[] {
    const result = new Array<number>(2 * FORMANTS).fill(Number.NaN);
    const filter = levinson(this.#autocorrelation(power));
    if (!filter) return result;
    this.#inverseResponse(filter);
    const q = this.#response;
    const binHz = TOP_HZ / this.#bins;
    let found = 0;
    for (let bin = 1; bin < this.#bins && found < FORMANTS; bin++) {
      const [before, here, after] = [q[bin - 1]!, q[bin]!, q[bin + 1]!];
      if (here > before || here >= after) continue;
      const bend = (before - 2 * here + after) / 2;
      const offset = (before - after) / (4 * bend);
      const frequency = (bin + offset) * binHz;
      const lowest = here - bend * offset * offset;
      const bandwidth = 2 * Math.sqrt(Math.max(lowest, 0) / bend) * binHz;
      if (frequency < MIN_FREQUENCY_HZ || bandwidth > MAX_BANDWIDTH_HZ) continue;
      result[found] = frequency;
      result[FORMANTS + found++] = bandwidth;
    }
    return result;
  }

  #autocorrelation(power: Float64Array): Float64Array {
    const bins = this.#bins;
    const correlation = new Float64Array(ORDER + 1);
    for (let lag = 0; lag <= ORDER; lag++) {
      const cosine = this.#cosine[lag]!;
      let sum = 0;
      for (let bin = 0; bin <= bins; bin++) {
        const value = power[bin]! * this.#emphasis[bin]! * cosine[bin]!;
        sum += bin === 0 || bin === bins ? value / 2 : value;
      }
      correlation[lag] = sum;
    }
    return correlation;
  }

  #inverseResponse(filter: Float64Array): void {
    const q = this.#response.fill(0);
    for (let lag = 0; lag <= ORDER; lag++) {
      let product = 0;
      for (let i = 0; i + lag <= ORDER; i++) product += filter[i]! * filter[i + lag]!;
      const weight = lag === 0 ? product : 2 * product;
      const cosine = this.#cosine[lag]!;
      for (let bin = 0; bin < q.length; bin++) q[bin] = q[bin]! + weight * cosine[bin]!;
    }
  }
}

/** Levinson-Durbin recursion; the prediction error filter, first coefficient 1, or undefined without energy. */
function levinson(correlation: Float64Array): Float64Array | undefined {
  const filter = new Float64Array(ORDER + 1);
  filter[0] = 1;
  let error = correlation[0]! * (1 + 1e-9);
  if (!(error > 0)) return undefined;
  for (let i = 1; i <= ORDER; i++) {
    let sum = correlation[i]!;
    for (let j = 1; j < i; j++) sum += filter[j]! * correlation[i - j]!;
    const reflection = -sum / error;
    const old = filter.slice(0, i);
    for (let j = 1; j < i; j++) filter[j] = old[j]! + reflection * old[i - j]!;
    filter[i] = reflection;
    error *= 1 - reflection * reflection;
    if (!(error > 0)) return undefined;
  }
  return filter;
}
