import { SAMPLE_RATE_HZ } from './audioClock.js';
import { RealPairFft } from './realPairFft.js';

/** Analysis window of the pitch: 45 ms, so that window and longest lag fit a 1024-point FFT. */
export const PITCH_WINDOW = 720;
const FFT_SIZE = 1024;

/** Searched range of F0, the one of eGeMAPS. */
const MIN_F0_HZ = 55;
const MAX_F0_HZ = 1000;
const MIN_LAG = Math.floor(SAMPLE_RATE_HZ / MAX_F0_HZ);
const MAX_LAG = Math.ceil(SAMPLE_RATE_HZ / MIN_F0_HZ);

export const MAX_CANDIDATES = 5;
const MIN_STRENGTH = 0.3;
/** Advantage of each higher octave, so that a period wins over its multiples (Boersma 1993, OctaveCost). */
const OCTAVE_COST = 0.02;

/** A possible fundamental period of a frame. */
export interface PitchCandidate {
  readonly frequencyHz: number;
  /** Normalised autocorrelation at the period (clarity), below 1. */
  readonly clarity: number;
  /** Clarity corrected in favour of high frequencies, to rank candidates. */
  readonly strength: number;
}

/**
 * Finds pitch candidates as peaks of the normalised square difference function (P. McLeod & G. Wyvill, "A smarter way
 * to find pitch", ICMC 2005), two frames at a time.
 */
export class PitchCandidates {
  readonly #fft = new RealPairFft(FFT_SIZE);
  readonly #a = new Float64Array(MAX_LAG + 2);
  readonly #b = new Float64Array(MAX_LAG + 2);

  /** @param a, b frames of PITCH_WINDOW samples. Returns the candidates of both, strongest first. */
  find(a: Float64Array, b: Float64Array): [PitchCandidate[], PitchCandidate[]] {
    this.#fft.powerSpectra(a, b);
    this.#fft.autocorrelations(this.#a, this.#b);
    normalise(this.#a, a);
    normalise(this.#b, b);
    return [peaks(this.#a), peaks(this.#b)];
  }
}

/** Turns an autocorrelation into the NSDF, 2 r(lag) / m(lag), in place. */
function normalise(correlation: Float64Array, frame: Float64Array): void {
  let m = 0;
  for (const x of frame) m += 2 * x * x;
  const floor = m * 1e-9;
  for (let lag = 0; lag < correlation.length; lag++) {
    if (lag > 0) m -= frame[lag - 1]! ** 2 + frame[frame.length - lag]! ** 2;
    correlation[lag] = m > floor && m > 0 ? (2 * correlation[lag]!) / m : 0;
  }
}

function peaks(nsdf: Float64Array): PitchCandidate[] {
  const found: PitchCandidate[] = [];
  let lag = 1;
  while (lag < nsdf.length && nsdf[lag]! > 0) lag++;
  for (lag = Math.max(lag, MIN_LAG); lag <= MAX_LAG; lag++) {
    const [before, here, after] = [nsdf[lag - 1]!, nsdf[lag]!, nsdf[lag + 1]!];
    if (here < MIN_STRENGTH || here < before || here <= after) continue;
    const bend = before - 2 * here + after;
    const offset = (0.5 * (before - after)) / bend;
    const clarity = Math.min(here - 0.25 * (before - after) * offset, 0.99999);
    const frequencyHz = SAMPLE_RATE_HZ / (lag + offset);
    found.push({ frequencyHz, clarity, strength: clarity + OCTAVE_COST * Math.log2(frequencyHz / MIN_F0_HZ) });
  }
  found.sort((x, y) => y.strength - x.strength);
  return found.slice(0, MAX_CANDIDATES);
}
