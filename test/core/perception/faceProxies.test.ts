import { describe, expect, it } from 'vitest';
import { FACE_CONTOURS, FACE_POINTS, FACE_POINT_VALUES, keptPoint } from '../../../core/perception/facePoints.js';
import { FACE_PROXIES, faceProxies } from '../../../core/perception/faceProxies.js';

/** A plain face in eye distances; every kept point somewhere, those that proxies use where a face has them. */
function face(moved: Readonly<Record<number, readonly [number, number]>> = {}): Float32Array {
  const places: Record<number, readonly [number, number]> = {
    107: [-0.2, -0.35], 66: [-0.35, -0.38], 336: [0.2, -0.35], 296: [0.35, -0.38],
    70: [-0.8, -0.3], 63: [-0.65, -0.38], 300: [0.8, -0.3], 293: [0.65, -0.38],
    159: [-0.5, -0.06], 145: [-0.5, 0.06], 386: [0.5, -0.06], 374: [0.5, 0.06],
    2: [0, 0.75], 0: [0, 0.95], 13: [0, 1.03], 14: [0, 1.04], 17: [0, 1.16],
    61: [-0.4, 1.03], 291: [0.4, 1.03], 152: [0, 1.7],
    ...moved,
  }; // prettier-ignore
  const points = new Float32Array(FACE_POINT_VALUES);
  for (const [meshPoint, [x, y]] of Object.entries(places)) {
    points[2 * keptPoint(Number(meshPoint))] = x;
    points[2 * keptPoint(Number(meshPoint)) + 1] = y;
  }
  return points;
}

function changeOf(name: string, moved: Parameters<typeof face>[0]): number {
  const index = FACE_PROXIES.findIndex((proxy) => proxy.name === name);
  return faceProxies(face(moved))![index]! - faceProxies(face())![index]!;
}

describe('points and proxies of a face', () => {
  it('the lines of the schematic face hold every kept point once', () => {
    expect(FACE_CONTOURS.reduce((sum, { count }) => sum + count, 0)).toBe(FACE_POINTS.length);
    expect(new Set(FACE_POINTS).size).toBe(FACE_POINTS.length);
    FACE_CONTOURS.slice(1).forEach(({ first }, index) => {
      expect(first).toBe(FACE_CONTOURS[index]!.first + FACE_CONTOURS[index]!.count);
    });
  });

  it.each([
    ['inner brow raise', { 107: [-0.2, -0.45], 336: [0.2, -0.45] }, 5],
    ['outer brow raise', { 70: [-0.8, -0.4], 300: [0.8, -0.4] }, 5],
    ['brows drawn together', { 107: [-0.15, -0.35], 336: [0.15, -0.35] }, 10],
    ['eye openness', { 159: [-0.5, -0.1], 386: [0.5, -0.1] }, 4],
    ['upper lip raise', { 0: [0, 0.9] }, 5],
    ['lip corners up', { 61: [-0.42, 0.95], 291: [0.42, 0.95] }, 8],
    ['mouth width', { 61: [-0.45, 1.03], 291: [0.45, 1.03] }, 10],
    ['mouth opening', { 14: [0, 1.24], 17: [0, 1.36] }, 20],
    ['jaw drop', { 152: [0, 1.9] }, 20],
    ['lips pressed', { 0: [0, 1], 17: [0, 1.1] }, 11],
  ] as const)('%s grows with its movement, in hundredths of the eye distance', (name, moved, expected) => {
    expect(changeOf(name, moved)).toBeCloseTo(expected, 3);
  });

  it('a frame without a face has no proxies', () => {
    expect(faceProxies(new Float32Array(FACE_POINT_VALUES).fill(Number.NaN))).toBeUndefined();
  });

  it('a frame is read at its place in the track', () => {
    const two = new Float32Array(2 * FACE_POINT_VALUES).fill(Number.NaN);
    two.set(face(), FACE_POINT_VALUES);
    expect(faceProxies(two, FACE_POINT_VALUES)).toEqual(faceProxies(face()));
  });
});
