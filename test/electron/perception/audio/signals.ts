import type { TimeRange } from '../../../../core/time/microseconds.js';
import { fromSeconds } from '../../../../core/time/microseconds.js';
import { AcousticDescriptors } from '../../../../electron/perception/audio/acousticDescriptors.js';
import { DESCRIPTOR_COUNT, descriptorColumn } from '../../../../electron/perception/audio/descriptorNames.js';
import { SampleHistory } from '../../../../electron/perception/audio/sampleHistory.js';

const RATE = 16_000;

/** Samples of a function of time in seconds. */
export function signal(seconds: number, at: (time: number, index: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) => at(i / RATE, i));
}

export function tone(hz: number, seconds: number, amplitude = 0.5): Float32Array {
  return signal(seconds, (time) => amplitude * Math.sin(2 * Math.PI * hz * time));
}

/** Reproducible standard normal numbers (mulberry32 and Box-Muller). */
export function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());
}

/** Pulses (damped resonances at 700 Hz, like a vowel's) starting at given times with given amplitudes. */
export function pulses(seconds: number, events: readonly { time: number; amplitude: number }[]): Float32Array {
  const samples = new Float32Array(Math.round(seconds * RATE));
  for (const { time, amplitude } of events) {
    for (let i = Math.ceil(time * RATE); i < Math.min(samples.length, (time + 0.02) * RATE); i++) {
      const after = i / RATE - time;
      samples[i]! += amplitude * Math.exp(-after * 400) * Math.sin(2 * Math.PI * 700 * after);
    }
  }
  return samples;
}

/** The descriptors of a whole signal; `column` gives the values of one by name, row by row. */
export function describeSignal(samples: Float32Array) {
  const history = new SampleHistory();
  const descriptors = new AcousticDescriptors();
  history.append(samples);
  descriptors.accept(samples);
  descriptors.advance(history, true);
  const values = descriptors.values();
  const rows = values.length / DESCRIPTOR_COUNT;
  return {
    rows,
    column: (name: string): number[] => {
      const column = descriptorColumn(name);
      return Array.from({ length: rows }, (_, row) => values[row * DESCRIPTOR_COUNT + column]!);
    },
  };
}

/** Without the first and last 60 ms, whose windows reach beyond the signal. */
export function inner(values: readonly number[]): number[] {
  return values.slice(6, -6);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export function range(startSeconds: number, endSeconds: number): TimeRange {
  return { start: fromSeconds(startSeconds), end: fromSeconds(endSeconds) };
}
