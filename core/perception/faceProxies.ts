import { keptPoint } from './facePoints.js';

/**
 * Proxies of facial action units (Ekman and Friesen 1978): plain distances between points of the face, seen from
 * straight ahead. They follow the movement that an action unit is coded by; they are not action unit codes or
 * intensities, and no certified coder has seen them.
 */
export interface FaceProxy {
  readonly name: string;
  /** The action units whose movement it follows, in words for people. */
  readonly follows: string;
  /** Its value from x and y of the kept points, in eye distances. */
  readonly of: (at: PointReader) => number;
}

/** x and y of a mesh point in eye distances, right and down positive. */
interface PointReader {
  x(meshPoint: number): number;
  y(meshPoint: number): number;
}

/** Unit of the proxies: hundredths of the distance between the eyes. */
export const FACE_PROXY_UNIT = '% of eye distance';

const mean = (...values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const distance = (at: PointReader, a: number, b: number): number => Math.hypot(at.x(a) - at.x(b), at.y(a) - at.y(b));

export const FACE_PROXIES: readonly FaceProxy[] = [
  {
    name: 'inner brow raise',
    follows: 'AU 1; negative: AU 4',
    of: (at) => -mean(at.y(107), at.y(66), at.y(336), at.y(296)),
  },
  {
    name: 'outer brow raise',
    follows: 'AU 2',
    of: (at) => -mean(at.y(70), at.y(63), at.y(300), at.y(293)),
  },
  { name: 'brows drawn together', follows: 'AU 4', of: (at) => at.x(107) - at.x(336) },
  {
    name: 'eye openness',
    follows: 'AU 5; negative: AU 7, 43, 45',
    of: (at) => mean(distance(at, 159, 145), distance(at, 386, 374)),
  },
  { name: 'upper lip raise', follows: 'AU 10', of: (at) => at.y(2) - at.y(0) },
  {
    name: 'lip corners up',
    follows: 'AU 12; negative: AU 15',
    of: (at) => at.y(0) - mean(at.y(61), at.y(291)),
  },
  { name: 'mouth width', follows: 'AU 12, 20; negative: AU 18', of: (at) => distance(at, 61, 291) },
  { name: 'mouth opening', follows: 'AU 25, 26, 27', of: (at) => at.y(14) - at.y(13) },
  { name: 'jaw drop', follows: 'AU 26, 27', of: (at) => at.y(152) - at.y(2) },
  {
    name: 'lips pressed',
    follows: 'AU 23, 24',
    of: (at) => -(at.y(13) - at.y(0) + at.y(17) - at.y(14)),
  },
];

/**
 * Proxies of one face, in hundredths of the eye distance, in the order of `FACE_PROXIES`.
 * @param points x and y of the kept points, as a track holds them. @param offset of the frame's first number.
 * @returns undefined without a face.
 */
export function faceProxies(points: ArrayLike<number>, offset = 0): number[] | undefined {
  if (!Number.isFinite(points[offset])) return undefined;
  const at: PointReader = {
    x: (meshPoint) => points[offset + 2 * keptPoint(meshPoint)]!,
    y: (meshPoint) => points[offset + 2 * keptPoint(meshPoint) + 1]!,
  };
  return FACE_PROXIES.map((proxy) => 100 * proxy.of(at));
}
