import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../../../electron/media/decodeAudio.js';
import { probeMedia } from '../../../../electron/media/probe.js';
import { AudioExtractor, type AudioPerception } from '../../../../electron/perception/audio/audioExtractor.js';
import { acousticFunctionalNames, acousticFunctionals } from '../../../../electron/perception/audio/functionals.js';

/** The bundled sample before it was damaged: one man reading aloud, sentences at these times (sample.srt). */
const SAMPLE = path.resolve('sample', 'intact.mp4');
const SENTENCES = [
  [1, 8.1],
  [9, 11.99],
  [13, 18.3],
  [19.5, 25.55],
] as const;

let heard: AudioPerception;
beforeAll(async () => {
  const { info } = await probeMedia(SAMPLE);
  const extractor = await AudioExtractor.create(path.resolve('models'));
  for await (const chunk of decodeAudio(SAMPLE, info)) await extractor.push(chunk);
  heard = await extractor.finish();
});

function speechWithin(start: number, end: number): number {
  const overlaps = heard.speech.map((range) => Math.min(range.end, end * 1e6) - Math.max(range.start, start * 1e6));
  return overlaps.reduce((sum, overlap) => sum + Math.max(0, overlap), 0) / ((end - start) * 1e6);
}

describe('real speech', () => {
  it.each(SENTENCES)('voice activity finds the sentence from %d s to %d s', (start, end) => {
    expect(speechWithin(start, end)).toBeGreaterThan(0.8);
  });

  it('voice activity finds no speech before the first word', () => {
    expect(speechWithin(0, 0.8)).toBe(0);
  });

  it('the functionals are those of a man reading: all defined, plausible pitch, mostly voiced', () => {
    const names = acousticFunctionalNames();
    const values = acousticFunctionals(heard.track, heard.speech)!;
    expect(values.every(Number.isFinite)).toBe(true);
    const named = (name: string): number => values[names.findIndex((each) => each.startsWith(`${name}[`))]!;
    const hz = 27.5 * 2 ** (named('f0.p50') / 12);
    expect(hz).toBeGreaterThan(75);
    expect(hz).toBeLessThan(250);
    expect(named('voiced_fraction')).toBeGreaterThan(0.4);
    expect(named('voiced_fraction')).toBeLessThan(0.95);
    expect(named('formant1_frequency.mean')).toBeGreaterThan(300);
    expect(named('formant1_frequency.mean')).toBeLessThan(900);
  });
});
