import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { floatOutput } from '../networks.js';
import { SAMPLE_RATE_HZ } from './audioClock.js';
import { GrowableColumn } from './growableColumn.js';
import type { SampleHistory } from './sampleHistory.js';

/** New samples per call of the network: 32 ms. */
export const VAD_WINDOW = 512;
/** Samples of the window before that the network needs in front of the new ones. */
const CONTEXT = 64;

/** Streams samples through Silero VAD v5, one speech probability per 32 ms. */
export class VoiceActivity {
  readonly #session: InferenceSession;
  readonly #probabilities = new GrowableColumn();
  readonly #rate = new Tensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE_HZ)), []);
  #state = new Tensor('float32', new Float32Array(2 * 128), [2, 1, 128]);

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Position of the first sample that will still be read. */
  get needsFrom(): number {
    return this.#probabilities.length * VAD_WINDOW - CONTEXT;
  }

  /** Runs all windows that are complete in `samples`, or, when `ended`, also the last one padded with silence. */
  async advance(samples: SampleHistory, ended: boolean): Promise<void> {
    for (;;) {
      const start = this.#probabilities.length * VAD_WINDOW;
      if (ended ? start >= samples.length : start + VAD_WINDOW > samples.length) return;
      const input = new Float32Array(CONTEXT + VAD_WINDOW);
      samples.copy(start - CONTEXT, input);
      const outputs = await this.#session.run({
        input: new Tensor('float32', input, [1, input.length]),
        state: this.#state,
        sr: this.#rate,
      });
      this.#state = new Tensor('float32', floatOutput(outputs, 'stateN'), [2, 1, 128]);
      this.#probabilities.push(floatOutput(outputs, 'output')[0]!);
    }
  }

  /** Speech probability, 0 to 1, of the window that holds a time in microseconds; NaN where none has been run yet. */
  at(time: number): number {
    return this.#probabilities.get(Math.floor((time * SAMPLE_RATE_HZ) / 1e6 / VAD_WINDOW));
  }

  /** Speech probability of every window so far, 0 to 1. */
  probabilities(): Float32Array {
    return this.#probabilities.toArray();
  }
}
