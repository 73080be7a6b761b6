import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { floatOutput } from '../networks.js';
import { GrowableColumn } from './growableColumn.js';
import type { SampleHistory } from './sampleHistory.js';

export const EMBEDDING_SIZE = 96;
/** Time between embeddings and centre of the first one, microseconds. */
export const EMBEDDING_HOP = 80_000;
export const EMBEDDING_START = 391_000;

const STEP_SAMPLES = 1280;
/** What the mel network reads beyond a step to give whole frames: three hops of 10 ms. */
const OVERLAP_SAMPLES = 480;
const MEL_FRAMES_PER_STEP = 8;
const MEL_BANDS = 32;
const WINDOW_FRAMES = 76;
const INT16_SCALE = 32_767;
/** The network is the slowest part of listening and says nothing of use where nobody speaks. */
const MIN_SPEECH_PROBABILITY = 0.35;

/**
 * Streams samples through the mel and embedding networks of openWakeWord (Google's speech_embedding). Each embedding
 * sees 76 mel frames, 775 ms; mel frame k covers samples 160 k to 160 k + 512, so the first is centred at 391 ms. Rows
 * whose centre holds no speech are NaN.
 */
export class SpeechEmbedding {
  readonly #mel: InferenceSession;
  readonly #embedding: InferenceSession;
  readonly #values = new GrowableColumn();
  readonly #window = new Float32Array(WINDOW_FRAMES * MEL_BANDS);
  #steps = 0;
  #frames = 0;

  constructor(mel: InferenceSession, embedding: InferenceSession) {
    this.#mel = mel;
    this.#embedding = embedding;
  }

  /** Position of the first sample that will still be read. */
  get needsFrom(): number {
    return this.#steps * STEP_SAMPLES;
  }

  /** Embeddings so far. */
  get rows(): number {
    return this.#values.length / EMBEDDING_SIZE;
  }

  /**
   * Runs all steps that are complete in `samples`. What remains at the end is too short for one more row.
   * @param speechAt speech probability at a time in microseconds, known up to the end of `samples`.
   */
  async advance(samples: SampleHistory, speechAt: (time: number) => number): Promise<void> {
    while (this.needsFrom + STEP_SAMPLES + OVERLAP_SAMPLES <= samples.length) {
      const input = new Float32Array(STEP_SAMPLES + OVERLAP_SAMPLES);
      samples.copy(this.needsFrom, input);
      for (let i = 0; i < input.length; i++) input[i] = input[i]! * INT16_SCALE;
      const mel = await this.#mel.run({ input: new Tensor('float32', input, [1, input.length]) });
      await this.#append(floatOutput(mel, 'output'), speechAt);
      this.#steps++;
    }
  }

  /** All rows, [rows x EMBEDDING_SIZE]. */
  values(): Float32Array {
    return this.#values.toArray();
  }

  /**
   * Takes eight more mel frames. An embedding is due whenever 76 frames have come in and every eighth frame after;
   * 76 is no multiple of eight, so the window ends four frames before the newest one.
   */
  async #append(mel: Float32Array, speechAt: (time: number) => number): Promise<void> {
    for (let frame = 0; frame < MEL_FRAMES_PER_STEP; frame++) {
      this.#window.copyWithin(0, MEL_BANDS);
      const last = (WINDOW_FRAMES - 1) * MEL_BANDS;
      for (let band = 0; band < MEL_BANDS; band++) {
        this.#window[last + band] = mel[frame * MEL_BANDS + band]! / 10 + 2;
      }
      this.#frames++;
      const beyond = this.#frames - WINDOW_FRAMES;
      if (beyond >= 0 && beyond % MEL_FRAMES_PER_STEP === 0) await this.#embed(speechAt);
    }
  }

  async #embed(speechAt: (time: number) => number): Promise<void> {
    const centre = EMBEDDING_START + this.rows * EMBEDDING_HOP;
    const start = this.#values.extend(EMBEDDING_SIZE);
    if (speechAt(centre) < MIN_SPEECH_PROBABILITY) return;
    const input = new Tensor('float32', this.#window.slice(), [1, WINDOW_FRAMES, MEL_BANDS, 1]);
    const output = floatOutput(await this.#embedding.run({ input_1: input }), 'conv2d_19');
    for (let i = 0; i < EMBEDDING_SIZE; i++) this.#values.set(start + i, output[i]!);
  }
}
