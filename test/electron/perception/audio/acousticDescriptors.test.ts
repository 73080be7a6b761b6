import { describe, expect, it } from 'vitest';
import { describeSignal, gaussian, inner, median, pulses, signal, tone } from './signals.js';

const SEMITONE_HZ = 27.5;

describe('fundamental frequency', () => {
  it.each([80, 110, 196.3, 440, 620])('a tone of %d Hz is found within 5 cents in every row', (hz) => {
    const truth = 12 * Math.log2(hz / SEMITONE_HZ);
    for (const f0 of inner(describeSignal(tone(hz, 0.5)).column('f0'))) expect(Math.abs(f0 - truth)).toBeLessThan(0.05);
  });

  it('follows a glide without jumping an octave', () => {
    const hz = (time: number): number => 100 * 2 ** time;
    let phase = 0;
    const glide = signal(1.2, (time) => {
      phase += (2 * Math.PI * hz(time)) / 16_000;
      return 0.3 * Math.sin(phase) + 0.2 * Math.sin(2 * phase) + 0.1 * Math.sin(3 * phase);
    });
    const { column } = describeSignal(glide);
    column('f0').forEach((f0, row, all) => {
      if (row < 6 || row >= all.length - 6) return;
      expect(Math.abs(f0 - 12 * Math.log2(hz(row / 100 + 0.005) / SEMITONE_HZ))).toBeLessThan(0.3);
    });
  });

  it('is undefined, never zero, in silence and in white noise', () => {
    expect(describeSignal(new Float32Array(8000)).column('f0').every(Number.isNaN)).toBe(true);
    const normal = gaussian(1);
    const noise = inner(describeSignal(signal(1, () => 0.1 * normal())).column('f0'));
    expect(noise.filter(Number.isNaN).length / noise.length).toBeGreaterThan(0.95);
  });

  it('is not fooled by rumble under a voice', () => {
    const voice = signal(0.5, (t) => 0.2 * Math.sin(2 * Math.PI * 150 * t) + 0.2 * Math.sin(2 * Math.PI * 300 * t));
    const rumbling = voice.map((x, i) => x + 0.3 * Math.sin((2 * Math.PI * 12 * i) / 16_000));
    expect(median(inner(describeSignal(rumbling).column('f0')))).toBeCloseTo(12 * Math.log2(150 / SEMITONE_HZ), 0);
  });
});

describe('silence', () => {
  it('leaves every descriptor undefined', () => {
    const { column, rows } = describeSignal(new Float32Array(3200));
    expect(rows).toBe(20);
    for (const name of ['clarity', 'loudness', 'mfcc1', 'hnr', 'alpha_ratio', 'formant1_frequency', 'spectral_flux']) {
      expect(column(name).every(Number.isNaN), name).toBe(true);
    }
  });
});

const PERIOD = 1 / 125;

function train(amplitude: (k: number) => number): Float32Array {
  return pulses(
    0.6,
    Array.from({ length: 75 }, (_, k) => ({ time: k * PERIOD, amplitude: amplitude(k) })),
  );
}

describe('voice quality', () => {
  it('a perfectly periodic pulse train has about no jitter and no shimmer', () => {
    const { column } = describeSignal(train(() => 0.5));
    expect(median(inner(column('jitter_local')))).toBeLessThan(0.001);
    expect(median(inner(column('shimmer_local')))).toBeLessThan(0.01);
  });

  it('alternating amplitudes of known ratio give that shimmer', () => {
    const { column } = describeSignal(train((k) => (k % 2 === 0 ? 0.5 : 0.5 * 10 ** (-1 / 20))));
    const measured = median(inner(column('shimmer_local')));
    expect(measured).toBeGreaterThan(0.9);
    expect(measured).toBeLessThan(1.1);
  });

  it('randomly displaced pulses give the jitter of their periods', () => {
    const normal = gaussian(5);
    const times = Array.from({ length: 75 }, (_, k) => (k + 0.004 * normal()) * PERIOD);
    const periods = times.slice(1).map((time, k) => time - times[k]!);
    const steps = periods.slice(1).map((period, k) => Math.abs(period - periods[k]!));
    const truth = steps.reduce((sum, step) => sum + step, 0) / steps.length / PERIOD;
    const { column } = describeSignal(pulses(0.6, times.map((time) => ({ time, amplitude: 0.5 })))); // prettier-ignore
    const jitter = inner(column('jitter_local')).filter(Number.isFinite);
    const measured = jitter.reduce((sum, value) => sum + value, 0) / jitter.length;
    expect(measured / truth).toBeGreaterThan(0.75);
    expect(measured / truth).toBeLessThan(1.25);
  });

  it.each([0, 5, 10, 20])('the harmonics-to-noise ratio of a tone in noise at %d dB is right within 1.5 dB', (snr) => {
    const normal = gaussian(7);
    const amplitude = 0.3;
    const sigma = Math.sqrt(amplitude ** 2 / 2 / 10 ** (snr / 10));
    const noisy = signal(1, (time) => amplitude * Math.sin(2 * Math.PI * 200 * time) + sigma * normal());
    const measured = inner(describeSignal(noisy).column('hnr')).filter(Number.isFinite);
    expect(Math.abs(median(measured) - snr)).toBeLessThan(1.5);
  });
});

describe('spectrum', () => {
  it('the centroid of a tone is its frequency', () => {
    for (const centroid of inner(describeSignal(tone(1000, 0.3)).column('spectral_centroid'))) {
      expect(Math.abs(centroid - 1000)).toBeLessThan(15);
    }
  });

  it('alpha ratio and Hammarberg index fall when energy moves up', () => {
    const mix = (high: number): Float32Array =>
      signal(0.3, (t) => 0.3 * Math.sin(2 * Math.PI * 400 * t) + high * Math.sin(2 * Math.PI * 3000 * t));
    const [dark, bright] = [describeSignal(mix(0.03)), describeSignal(mix(0.3))];
    expect(median(inner(dark.column('hammarberg_index')))).toBeCloseTo(20, 0);
    expect(median(inner(bright.column('hammarberg_index')))).toBeCloseTo(0, 0);
    expect(median(inner(dark.column('alpha_ratio')))).toBeCloseTo(20, 0);
  });

  it('loudness grows with level and MFCC do not change', () => {
    const normal = gaussian(3);
    const quiet = signal(0.3, () => 0.01 * normal());
    const [low, high] = [describeSignal(quiet), describeSignal(quiet.map((x) => 10 * x))];
    expect(median(high.column('loudness')) / median(low.column('loudness'))).toBeCloseTo(100 ** 0.33, 1);
    low.column('mfcc3').forEach((value, row) => {
      expect(value).toBeCloseTo(high.column('mfcc3')[row]!, 3);
    });
  });

  it('the spectral flux of an unchanging spectrum is small and of a change large', () => {
    const steps = signal(0.4, (t) => 0.3 * Math.sin(2 * Math.PI * (t < 0.2 ? 500 : 2500) * t));
    const flux = describeSignal(steps).column('spectral_flux');
    expect(median(inner(flux))).toBeLessThan(0.1);
    expect(Math.max(...flux.slice(17, 23))).toBeGreaterThan(0.7);
  });

  it('formants of a synthetic vowel are found within 8 percent', () => {
    const vowel = resonate(
      train(() => 0).map((_, i) => (i % 128 === 0 ? 1 : 0)),
      [700, 1200, 2600],
    );
    const { column } = describeSignal(vowel);
    [700, 1200, 2600].forEach((hz, index) => {
      const found = median(inner(column(`formant${index + 1}_frequency`)).filter(Number.isFinite));
      expect(Math.abs(found / hz - 1)).toBeLessThan(0.08);
    });
  });
});

/** Cascade of two-pole resonators of 80 Hz bandwidth. */
function resonate(source: Float32Array, frequencies: readonly number[]): Float32Array {
  return frequencies.reduce((input, hz) => {
    const radius = Math.exp((-Math.PI * 80) / 16_000);
    const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / 16_000);
    const output = new Float32Array(input.length);
    input.forEach((x, i) => {
      output[i] = 0.05 * x + turn * (output[i - 1] ?? 0) - radius * radius * (output[i - 2] ?? 0);
    });
    return output;
  }, source);
}
