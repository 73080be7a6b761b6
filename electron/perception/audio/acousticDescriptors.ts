import { HOP_SAMPLES } from './audioClock.js';
import { DESCRIPTOR_COUNT, descriptorColumn } from './descriptorNames.js';
import { FORMANTS, Formants } from './formants.js';
import { GrowableColumn } from './growableColumn.js';
import { HighPass } from './highPass.js';
import { PITCH_WINDOW, PitchCandidates, type PitchCandidate } from './pitchCandidates.js';
import { PitchTracker } from './pitchTracker.js';
import { RealPairFft } from './realPairFft.js';
import { SampleHistory } from './sampleHistory.js';
import { SPECTRAL_FFT, SPECTRAL_WINDOW, SpectralDescriptors } from './spectralDescriptors.js';
import { QUALITY_WINDOW, voiceQuality } from './voiceQuality.js';

const SEMITONE_REFERENCE_HZ = 27.5;
const F0 = descriptorColumn('f0');
const CLARITY = descriptorColumn('clarity');
const JITTER = descriptorColumn('jitter_local');
const SHIMMER = descriptorColumn('shimmer_local');
const HNR = descriptorColumn('hnr');
const FORMANT = descriptorColumn('formant1_frequency');
const SPECTRAL = descriptorColumn('loudness');

/** Samples that must be known beyond a row's start before the row can be analysed. */
const LOOK_AHEAD = HOP_SAMPLES / 2 + Math.max(PITCH_WINDOW, SPECTRAL_WINDOW) / 2;

/**
 * Streams samples into low-level descriptors, one row per 10 ms. All windows are centred in their row. Rows are
 * analysed in pairs at fixed positions, so the result does not depend on how the stream was cut.
 */
export class AcousticDescriptors {
  readonly #values = new GrowableColumn();
  readonly #filtered = new SampleHistory();
  readonly #highPass = new HighPass();
  readonly #pitch = new PitchCandidates();
  readonly #tracker = new PitchTracker();
  readonly #fft = new RealPairFft(SPECTRAL_FFT);
  readonly #spectral = new SpectralDescriptors();
  readonly #formants = new Formants(SPECTRAL_FFT);
  readonly #a = new Float64Array(PITCH_WINDOW);
  readonly #b = new Float64Array(PITCH_WINDOW);
  readonly #frameA = new Float64Array(SPECTRAL_WINDOW);
  readonly #frameB = new Float64Array(SPECTRAL_WINDOW);
  readonly #quality = new Float64Array(QUALITY_WINDOW);
  #rows = 0;
  #decided = 0;

  /** Position of the first sample that will still be read. */
  get needsFrom(): number {
    return this.#decided * HOP_SAMPLES - QUALITY_WINDOW;
  }

  /** Takes samples that were just appended to the caller's history, for the band-limited copy that pitch needs. */
  accept(samples: Float32Array): void {
    this.#filtered.append(this.#highPass.process(samples));
  }

  /** Analyses all rows that are complete in `samples`, or, when `ended`, all that remain. */
  advance(samples: SampleHistory, ended: boolean): void {
    const total = Math.ceil(samples.length / HOP_SAMPLES);
    while (ended ? this.#rows < total : (this.#rows + 1) * HOP_SAMPLES + LOOK_AHEAD <= samples.length) {
      this.#analysePair(samples, Math.min(2, ended ? total - this.#rows : 2));
    }
    if (ended) for (const pitch of this.#tracker.flush()) this.#settle(samples, pitch);
    this.#filtered.discardBefore(this.#rows * HOP_SAMPLES - PITCH_WINDOW);
  }

  /** All rows, [rows x DESCRIPTOR_COUNT]. */
  values(): Float32Array {
    return this.#values.toArray();
  }

  #analysePair(samples: SampleHistory, count: number): void {
    const centre = this.#rows * HOP_SAMPLES + HOP_SAMPLES / 2;
    this.#filtered.copy(centre - PITCH_WINDOW / 2, this.#a);
    this.#filtered.copy(centre + HOP_SAMPLES - PITCH_WINDOW / 2, this.#b);
    const candidates = this.#pitch.find(this.#a, this.#b);
    this.#windowed(samples, centre, this.#frameA);
    this.#windowed(samples, centre + HOP_SAMPLES, this.#frameB);
    this.#fft.powerSpectra(this.#frameA, this.#frameB);
    const spectra = [this.#fft.powerA, this.#fft.powerB] as const;
    for (let i = 0; i < count; i++) this.#analyseRow(samples, candidates[i]!, spectra[i]!);
  }

  #windowed(samples: SampleHistory, centre: number, frame: Float64Array): void {
    samples.copy(centre - SPECTRAL_WINDOW / 2, frame);
    const { window } = this.#spectral;
    for (let i = 0; i < frame.length; i++) frame[i] = frame[i]! * window[i]!;
  }

  #analyseRow(samples: SampleHistory, candidates: readonly PitchCandidate[], power: Float64Array): void {
    const start = this.#values.extend(DESCRIPTOR_COUNT);
    this.#rows++;
    const spectral = this.#spectral.measure(power);
    for (let i = 0; i < spectral.length; i++) this.#values.set(start + SPECTRAL + i, spectral[i]!);
    const best = candidates[0];
    if (best) {
      this.#values.set(start + CLARITY, best.clarity);
      const formants = this.#formants.measure(power);
      for (let i = 0; i < formants.length; i++) this.#values.set(start + FORMANT + i, formants[i]!);
    } else if (!Number.isNaN(spectral[0]!)) {
      this.#values.set(start + CLARITY, 0);
    }
    const decision = this.#tracker.push(candidates);
    if (decision) this.#settle(samples, decision.pitch);
  }

  /** Completes the oldest open row once the pitch tracker has decided on it. */
  #settle(samples: SampleHistory, pitch: PitchCandidate | undefined): void {
    const row = this.#decided++;
    const start = row * DESCRIPTOR_COUNT;
    if (!pitch) {
      for (let i = 0; i < 2 * FORMANTS; i++) this.#values.set(start + FORMANT + i, Number.NaN);
      return;
    }
    samples.copy(row * HOP_SAMPLES + HOP_SAMPLES / 2 - QUALITY_WINDOW / 2, this.#quality);
    const { jitterLocal, shimmerLocalDb } = voiceQuality(this.#quality, pitch.frequencyHz);
    this.#values.set(start + F0, 12 * Math.log2(pitch.frequencyHz / SEMITONE_REFERENCE_HZ));
    this.#values.set(start + CLARITY, pitch.clarity);
    this.#values.set(start + JITTER, jitterLocal);
    this.#values.set(start + SHIMMER, shimmerLocalDb);
    // Boersma 1993: the normalised autocorrelation at the period is the periodic share of the power.
    this.#values.set(start + HNR, 10 * Math.log10(pitch.clarity / (1 - pitch.clarity)));
  }
}
