import { FACE_POINTS } from '../../../core/perception/facePoints.js';

type Vector = readonly [number, number, number];

/** Corners of both eyes, and points that stay where they are while a face moves: forehead and base of the nose. */
const LEFT_EYE = [33, 133] as const;
const RIGHT_EYE = [362, 263] as const;
const FOREHEAD = [10, 151, 9] as const;
const NOSE_BASE = [98, 2, 327] as const;

/**
 * The kept points of a face as seen from straight ahead and upright, whatever its place, size and turn in the picture:
 * projected on the plane of the line between the eyes and the line from forehead to nose. The origin is midway between
 * the eyes, the unit their distance in space.
 * @param mesh x, y, z of 468 points in pixels, down and away from the camera positive.
 * @returns x, y of every kept point, right and down positive; undefined where the mesh has no extent.
 */
export function frontalPoints(mesh: Float32Array): Float32Array | undefined {
  const left = centre(mesh, LEFT_EYE);
  const right = centre(mesh, RIGHT_EYE);
  const across = minus(right, left);
  const eyeDistance = length(across);
  const x = scaled(across, 1 / eyeDistance);
  const downwards = minus(centre(mesh, NOSE_BASE), centre(mesh, FOREHEAD));
  const upright = minus(downwards, scaled(x, dot(downwards, x)));
  const y = scaled(upright, 1 / length(upright));
  const origin = scaled([left[0] + right[0], left[1] + right[1], left[2] + right[2]], 0.5);
  const points = new Float32Array(FACE_POINTS.length * 2);
  FACE_POINTS.forEach((meshPoint, index) => {
    const from = minus(pointOf(mesh, meshPoint), origin);
    points[index * 2] = dot(from, x) / eyeDistance;
    points[index * 2 + 1] = dot(from, y) / eyeDistance;
  });
  return points.every(Number.isFinite) ? points : undefined;
}

function pointOf(mesh: Float32Array, index: number): Vector {
  return [mesh[index * 3]!, mesh[index * 3 + 1]!, mesh[index * 3 + 2]!];
}

function centre(mesh: Float32Array, indices: readonly number[]): Vector {
  const sum = indices.map((index) => pointOf(mesh, index)).reduce(([a, b, c], [d, e, f]) => [a + d, b + e, c + f]);
  return scaled(sum, 1 / indices.length);
}

function minus([a, b, c]: Vector, [d, e, f]: Vector): Vector {
  return [a - d, b - e, c - f];
}

function scaled([a, b, c]: Vector, factor: number): Vector {
  return [a * factor, b * factor, c * factor];
}

function dot([a, b, c]: Vector, [d, e, f]: Vector): number {
  return a * d + b * e + c * f;
}

function length(vector: Vector): number {
  return Math.sqrt(dot(vector, vector));
}
