/**
 * The points of a face that a track keeps: those of the 468-point mesh that draw brows, eyes, nose, lips and jaw, seen
 * from straight ahead. Sides are those of the picture: left is where the person's right is.
 */

/** A line of the schematic face through some of the kept points. */
export interface FaceContour {
  readonly name: string;
  /** The last point is joined to the first. */
  readonly closed: boolean;
  /** Index of its first kept point, and how many it has. */
  readonly first: number;
  readonly count: number;
}

/** Points of the mesh (MediaPipe Face Mesh numbering), line by line. */
const LINES = [
  ['left brow', false, [70, 63, 105, 66, 107]],
  ['right brow', false, [336, 296, 334, 293, 300]],
  ['left eye', true, [33, 160, 159, 158, 133, 153, 145, 144]],
  ['right eye', true, [362, 385, 386, 387, 263, 373, 374, 380]],
  ['nose bridge', false, [168, 6, 195, 4]],
  ['nose base', false, [98, 2, 327]],
  ['outer lips', true, [61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91]],
  ['inner lips', true, [78, 81, 13, 311, 308, 402, 14, 178]],
  ['jaw', false, [234, 132, 172, 150, 148, 152, 377, 379, 397, 361, 454]],
] as const;

/** Mesh point of every kept point, in order. */
export const FACE_POINTS: readonly number[] = LINES.flatMap(([, , points]) => [...points]);

/** Lines through the kept points. */
export const FACE_CONTOURS: readonly FaceContour[] = LINES.map(([name, closed, points], line) => ({
  name,
  closed,
  first: LINES.slice(0, line).reduce((sum, [, , before]) => sum + before.length, 0),
  count: points.length,
}));

/** Numbers of a frame in `VisualTrack.facePoints`: x and y of every kept point. */
export const FACE_POINT_VALUES = FACE_POINTS.length * 2;

const PLACES = new Map(FACE_POINTS.map((meshPoint, index) => [meshPoint, index]));

/**
 * Where a mesh point is among the kept ones.
 * @throws RangeError for a point that is not kept.
 */
export function keptPoint(meshPoint: number): number {
  const index = PLACES.get(meshPoint);
  if (index === undefined) throw new RangeError(`mesh point ${meshPoint} is not kept`);
  return index;
}
