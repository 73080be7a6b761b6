import { describe, expect, it } from 'vitest';
import { FACE_POINTS, keptPoint } from '../../../../core/perception/facePoints.js';
import { frontalPoints } from '../../../../electron/perception/visual/frontalPoints.js';

const POINTS = 468;

/** Some rigid set of points with eyes, forehead and nose where a face has them. */
function someMesh(): Float32Array {
  const mesh = Float32Array.from({ length: POINTS * 3 }, (_, i) => 60 + 40 * Math.sin(i * 12.9898));
  const place = (index: number, ...at: readonly [number, number, number]) => mesh.set(at, index * 3);
  place(33, 50, 80, 5);
  place(133, 80, 80, 0);
  place(362, 110, 80, 0);
  place(263, 140, 80, 5);
  [10, 151, 9].forEach((index, i) => place(index, 95, 30 + 10 * i, -5));
  [98, 2, 327].forEach((index, i) => place(index, 85 + 10 * i, 115, -20));
  return mesh;
}

/** Turned about all three axes (radians), resized and moved. */
function moved(mesh: Float32Array, [yaw, pitch, roll]: readonly number[], size: number, shift: readonly number[]) {
  const turned = new Float32Array(mesh.length);
  for (let i = 0; i < mesh.length; i += 3) {
    let [x, y, z] = [mesh[i]!, mesh[i + 1]!, mesh[i + 2]!];
    [x, z] = [x * Math.cos(yaw!) - z * Math.sin(yaw!), x * Math.sin(yaw!) + z * Math.cos(yaw!)];
    [y, z] = [y * Math.cos(pitch!) - z * Math.sin(pitch!), y * Math.sin(pitch!) + z * Math.cos(pitch!)];
    [x, y] = [x * Math.cos(roll!) - y * Math.sin(roll!), x * Math.sin(roll!) + y * Math.cos(roll!)];
    turned.set([x * size + shift[0]!, y * size + shift[1]!, z * size + shift[2]!], i);
  }
  return turned;
}

describe('frontal points', () => {
  it('have the middle of the eyes as origin and their distance as unit', () => {
    const points = frontalPoints(someMesh())!;
    expect(points).toHaveLength(FACE_POINTS.length * 2);
    const x = (meshPoint: number) => points[2 * keptPoint(meshPoint)]!;
    expect((x(33) + x(133)) / 2).toBeCloseTo(-0.5, 5);
    expect((x(362) + x(263)) / 2).toBeCloseTo(0.5, 5);
  });

  it.each([
    ['moved', [0, 0, 0], 1, [30, -12, 4]],
    ['resized', [0, 0, 0], 2.7, [0, 0, 0]],
    ['tilted', [0, 0, 0.5], 1, [0, 0, 0]],
    ['turned aside', [0.4, 0, 0], 1, [0, 0, 0]],
    ['nodding', [0, -0.3, 0], 1, [0, 0, 0]],
    ['all of it', [0.3, 0.2, -0.4], 0.6, [9, 5, 40]],
  ] as const)('are the same for a face that is %s', (_, turn, size, shift) => {
    const straight = frontalPoints(someMesh())!;
    const other = frontalPoints(moved(someMesh(), turn, size, shift))!;
    straight.forEach((value, i) => {
      expect(other[i]).toBeCloseTo(value, 4);
    });
  });

  it('there are none of a mesh without extent', () => {
    expect(frontalPoints(new Float32Array(POINTS * 3))).toBeUndefined();
  });
});
