import { describe, expect, it } from 'vitest';
import { FACE_POINT_VALUES } from '../../../core/perception/facePoints.js';
import { FACE_PROXIES } from '../../../core/perception/faceProxies.js';
import type { Perception } from '../../../core/perception/perception.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import { measuredCurves } from '../../../core/recovery/measuredCurves.js';
import { valuesInParts } from '../../../core/recovery/valuesInParts.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { audioTrack, perception, range, visualTrack, withoutStreams } from '../fixtures.js';

const NAMES = ['f0[semitones re 27.5 Hz]', 'jitter_local[1]', 'hnr[dB]', 'loudness[auditory units]'];

/** Voiced in even tenths of a second only, with a pitch that rises; a face that is away in the second second. */
function recording(): Perception {
  const audio = audioTrack(4);
  const descriptors = new Float32Array(audio.rowCount * NAMES.length).fill(Number.NaN);
  for (let row = 0; row < audio.rowCount; row += 1) {
    descriptors[row * NAMES.length + 3] = 0.5;
    if (Math.floor(row / 10) % 2 === 0) descriptors.set([row / 10, 0.02, 12], row * NAMES.length);
  }
  const visual = visualTrack(4, (time, frame, track) => {
    if (time >= 1 && time < 2) track.expression.fill(Number.NaN, frame * 7, frame * 7 + 7);
  });
  const facePoints = new Float32Array(visual.frameCount * FACE_POINT_VALUES).map((_, i) => Math.sin(i % 97));
  facePoints.fill(Number.NaN, 5 * FACE_POINT_VALUES, 10 * FACE_POINT_VALUES);
  return perception(4, { audio: { ...audio, descriptorNames: NAMES, descriptors }, visual: { ...visual, facePoints } });
}

describe('measured curves', () => {
  it('have the quantities that recovered modalities are decoded to, at the times of the tracks', () => {
    const { curves } = measuredCurves(recording(), range(0.5, 3));
    expect(curves.visual?.map(({ name }) => name)).toEqual([...EMOTIONS, ...FACE_PROXIES.map(({ name }) => name)]);
    expect(curves.audio?.map(({ name }) => name)).toEqual(['pitch', 'loudness', 'harmonics to noise', 'jitter']);
    expect(curves.audio?.[0]?.times).toHaveLength(250);
    expect(curves.audio?.[0]?.times[0]).toBe(505_000);
    expect(curves.visual?.[0]?.times).toEqual([...Array(12).keys()].map((i) => 600_000 + i * 200_000));
    expect(curves.audio?.find(({ name }) => name === 'jitter')?.values[15]).toBeCloseTo(2, 5);
  });

  it('are undefined, never 0, where nothing was measured', () => {
    const { curves, face } = measuredCurves(recording(), range(0, 4));
    const pitch = curves.audio![0]!;
    pitch.times.forEach((time, i) => {
      expect(pitch.values[i] === undefined).toBe(Math.floor(time / 100_000) % 2 === 1);
    });
    for (const curve of curves.visual!)
      expect(curve.values.map((value) => value === undefined)).toEqual([...Array(20).keys()].map((i) => i >= 5 && i < 10)); // prettier-ignore
    expect(face?.points.filter((points) => points === undefined)).toHaveLength(5);
    expect(face?.points[0]).toHaveLength(FACE_POINT_VALUES);
  });

  it('proxies are differences to the face read as neutral, as recovered ones are, where it is for long enough', () => {
    const made = recording();
    const visual = made.visual!;
    const facePoints = visual.facePoints.map((value, i) => value * (1 + 0.01 * Math.floor(i / FACE_POINT_VALUES)));
    const expression = visual.expression.slice();
    // neutral from the eleventh frame on: ten frames
    for (let frame = 10; frame < visual.frameCount; frame += 1) expression[frame * 7] = 0.61;
    const { curves, faceZero } = measuredCurves(
      { ...made, visual: { ...visual, facePoints, expression } },
      range(2, 4),
    );
    expect(faceZero).toBe('neutral');
    for (const { values } of curves.visual!.slice(7)) {
      expect(values).toHaveLength(10);
      expect(values.reduce<number>((sum, value) => sum + value!, 0)).toBeCloseTo(0, 3);
      expect(Math.abs(values[0]!)).toBeGreaterThan(0.1);
    }
  });

  it('proxies of a face that is never neutral are differences to its median over the recording, and it says so', () => {
    const { curves, faceZero } = measuredCurves(recording(), range(0, 4));
    expect(faceZero).toBe('median');
    for (const { values } of curves.visual!.slice(7)) {
      const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
      expect(known[known.length >> 1]).toBe(0);
    }
  });

  it('a modality that the recording does not have has no curves', () => {
    const measured = measuredCurves(withoutStreams(4, ['visual']), range(0, 4));
    expect(Object.keys(measured.curves)).toEqual(['audio']);
    expect(measured.face).toBeUndefined();
  });

  it('long stretches are averaged, so that the page gets at most 1500 times', () => {
    const audio = audioTrack(60);
    const descriptors = new Float32Array(audio.rowCount * NAMES.length).fill(3);
    const long = perception(60, { audio: { ...audio, descriptorNames: NAMES, descriptors } });
    const { times, values } = measuredCurves(long, range(0, 60)).curves.audio![0]!;
    expect(times).toHaveLength(1500);
    expect(new Set(values)).toEqual(new Set([3]));
  });

  it('come to the resolution of decoded curves by the mean of each part', () => {
    const curve = { name: 'pitch', unit: '', times: [0, 1, 2, 6, 7, 9].map(fromSeconds), values: [1, 3, undefined, 5, undefined, 8] }; // prettier-ignore
    expect(valuesInParts(curve, range(0, 8), 4)).toEqual([2, undefined, undefined, 5]);
  });
});
