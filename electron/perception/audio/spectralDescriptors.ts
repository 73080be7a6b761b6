import { SAMPLE_RATE_HZ } from './audioClock.js';

/** Window of the spectral descriptors: 20 ms as in eGeMAPS. */
export const SPECTRAL_WINDOW = 320;
export const SPECTRAL_FFT = 512;

const BINS = SPECTRAL_FFT / 2 + 1;
const BIN_HZ = SAMPLE_RATE_HZ / SPECTRAL_FFT;
const MEL_BANDS = 26;
const MFCC = 12;
const LIFTER = 22;
/** Power below which a band or bin counts as this power, -100 dB re full scale, so that logarithms stay finite. */
const POWER_FLOOR = 1e-10;

/** Spectral descriptors of one frame, in the column order of the track from `loudness` on. */
export type SpectralValues = Float64Array;
/** Loudness, flux, alpha ratio, Hammarberg index, two slopes, centroid, 12 MFCC. */
const SPECTRAL_VALUES = 7 + MFCC;

/** Descriptors of a power spectrum after eGeMAPS (Eyben et al. 2016). Keeps the previous frame for the flux. */
export class SpectralDescriptors {
  /** Hamming window with unit gain for a sinusoid's power: its amplitude squared over 4. */
  readonly window: Float64Array = hamming();
  readonly #bands = melBands();
  readonly #equalLoudness = this.#bands.map(({ centreHz }) => equalLoudness(centreHz));
  readonly #cosine = mfccBasis();
  readonly #magnitude = new Float64Array(BINS);
  readonly #db = new Float64Array(BINS);
  readonly #log = new Float64Array(MEL_BANDS);
  #previous: Float64Array | undefined;

  /** @param power bins 0 to 256 of a frame. @returns NaN everywhere for digital silence. */
  measure(power: Float64Array): SpectralValues {
    const values = new Float64Array(SPECTRAL_VALUES).fill(Number.NaN);
    let total = 0;
    for (let bin = 0; bin < BINS; bin++) total += power[bin]!;
    if (total < 1e-16) {
      this.#previous = undefined;
      return values;
    }
    for (let bin = 0; bin < BINS; bin++) this.#db[bin] = 10 * Math.log10(Math.max(power[bin]!, POWER_FLOOR));
    values[0] = this.#auditoryBands(power);
    values[1] = this.#flux(power);
    values[2] = 10 * Math.log10(bandPower(power, 50, 1000) / bandPower(power, 1000, 5000));
    values[3] = peakDb(this.#db, 0, 2000) - peakDb(this.#db, 2000, 5000);
    values[4] = slope(this.#db, 0, 500);
    values[5] = slope(this.#db, 500, 1500);
    values[6] = centroid(power);
    this.#mfcc(values);
    return values;
  }

  /** Fills the log band energies and returns the loudness: the sum of the bands weighted for the ear, to the power .33. */
  #auditoryBands(power: Float64Array): number {
    let loudness = 0;
    this.#bands.forEach((band, index) => {
      let energy = 0;
      for (let i = 0; i < band.weights.length; i++) energy += band.weights[i]! * power[band.firstBin + i]!;
      this.#log[index] = Math.log(Math.max(energy, POWER_FLOOR));
      loudness += (energy * this.#equalLoudness[index]!) ** 0.33;
    });
    return loudness;
  }

  /** Euclidean distance between this and the previous magnitude spectrum, each of unit length; NaN for the first. */
  #flux(power: Float64Array): number {
    const now = this.#magnitude;
    let length = 0;
    for (let bin = 0; bin < BINS; bin++) length += power[bin]!;
    const scale = 1 / Math.sqrt(length);
    const first = this.#previous === undefined;
    const previous = (this.#previous ??= new Float64Array(BINS));
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      now[bin] = Math.sqrt(power[bin]!) * scale;
      sum += (now[bin]! - previous[bin]!) ** 2;
    }
    previous.set(now);
    return first ? Number.NaN : Math.sqrt(sum);
  }

  #mfcc(values: SpectralValues): void {
    for (let k = 0; k < MFCC; k++) {
      const basis = this.#cosine[k]!;
      let sum = 0;
      for (let band = 0; band < MEL_BANDS; band++) sum += basis[band]! * this.#log[band]!;
      values[7 + k] = sum;
    }
  }
}

function hamming(): Float64Array {
  const window = Float64Array.from(
    { length: SPECTRAL_WINDOW },
    (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (SPECTRAL_WINDOW - 1)),
  );
  const gain = window.reduce((sum, w) => sum + w, 0);
  return window.map((w) => w / gain);
}

interface MelBand {
  readonly centreHz: number;
  readonly firstBin: number;
  readonly weights: Float64Array;
}

/** 26 triangular bands, equally wide on the mel scale, 20 Hz to 8 kHz. */
function melBands(): MelBand[] {
  const mel = (hz: number): number => 1127 * Math.log(1 + hz / 700);
  const hertz = (value: number): number => 700 * (Math.exp(value / 1127) - 1);
  const [low, high] = [mel(20), mel(8000)];
  const edge = (i: number): number => hertz(low + ((high - low) * i) / (MEL_BANDS + 1));
  return Array.from({ length: MEL_BANDS }, (_, index) => {
    const [left, centreHz, right] = [edge(index), edge(index + 1), edge(index + 2)];
    const firstBin = Math.ceil(left / BIN_HZ);
    const weights: number[] = [];
    for (let bin = firstBin; bin * BIN_HZ < right && bin < BINS; bin++) {
      const hz = bin * BIN_HZ;
      weights.push(hz < centreHz ? (hz - left) / (centreHz - left) : (right - hz) / (right - centreHz));
    }
    return { centreHz, firstBin, weights: Float64Array.from(weights) };
  });
}

/** Equal-loudness curve of perceptual linear prediction (H. Hermansky, JASA 87(4), 1990). */
function equalLoudness(hz: number): number {
  const w2 = (2 * Math.PI * hz) ** 2;
  return ((w2 + 56.8e6) * w2 ** 2) / ((w2 + 6.3e6) ** 2 * (w2 + 0.38e9));
}

function mfccBasis(): Float64Array[] {
  return Array.from({ length: MFCC }, (_, index) => {
    const k = index + 1;
    const lifter = 1 + (LIFTER / 2) * Math.sin((Math.PI * k) / LIFTER);
    return Float64Array.from(
      { length: MEL_BANDS },
      (_, band) => lifter * Math.sqrt(2 / MEL_BANDS) * Math.cos((Math.PI * k * (band + 0.5)) / MEL_BANDS),
    );
  });
}

function bandPower(power: Float64Array, lowHz: number, highHz: number): number {
  let sum = 0;
  for (let bin = Math.ceil(lowHz / BIN_HZ); bin * BIN_HZ < highHz; bin++) sum += power[bin]!;
  return Math.max(sum, POWER_FLOOR);
}

function peakDb(db: Float64Array, lowHz: number, highHz: number): number {
  let peak = -Infinity;
  for (let bin = Math.ceil(lowHz / BIN_HZ); bin * BIN_HZ < highHz; bin++) peak = Math.max(peak, db[bin]!);
  return peak;
}

/** Least-squares slope of the spectrum in dB over a band, dB per kHz. */
function slope(db: Float64Array, lowHz: number, highHz: number): number {
  const [first, last] = [Math.ceil(lowHz / BIN_HZ), Math.floor(highHz / BIN_HZ)];
  const centre = (first + last) / 2;
  let [above, below] = [0, 0];
  for (let bin = first; bin <= last; bin++) {
    above += (bin - centre) * db[bin]!;
    below += (bin - centre) ** 2;
  }
  return (above / below / BIN_HZ) * 1000;
}

function centroid(power: Float64Array): number {
  let [moment, sum] = [0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    moment += bin * BIN_HZ * power[bin]!;
    sum += power[bin]!;
  }
  return moment / sum;
}
