/**
 * A schematic face from numbers: an average face whose brows, eyes and mouth are moved by the amounts that the proxies of
 * action units state. It shows those numbers and nothing else; it is nobody's face.
 */
import { FACE_POINTS, keptPoint } from '../perception/facePoints.js';
import type { FACE_PROXIES } from '../perception/faceProxies.js';
import { EMOTIONS, type Emotion } from '../recording/emotion.js';

/** Movement of each proxy away from the usual face, in hundredths of the eye distance; those not named do not move. */
export type FaceMovement = Readonly<Record<string, number>>;

/** The average face, drawn by hand: x and y of the left half and the middle by mesh point, in eye distances. */
const HALF: Readonly<Record<number, readonly [number, number]>> = {
  ...{ 70: [-0.8, -0.22], 63: [-0.68, -0.33], 105: [-0.52, -0.37], 66: [-0.36, -0.35], 107: [-0.22, -0.29] },
  ...{ 33: [-0.71, 0.01], 160: [-0.6, -0.07], 159: [-0.5, -0.09], 158: [-0.4, -0.07] },
  ...{ 133: [-0.29, 0.01], 153: [-0.4, 0.05], 145: [-0.5, 0.06], 144: [-0.6, 0.05] },
  ...{ 168: [0, -0.05], 6: [0, 0.12], 195: [0, 0.35], 4: [0, 0.55], 98: [-0.2, 0.66], 2: [0, 0.7] },
  ...{ 61: [-0.42, 1.08], 40: [-0.27, 1], 37: [-0.11, 0.95], 0: [0, 0.97], 91: [-0.27, 1.19], 84: [-0.12, 1.24] },
  ...{ 17: [0, 1.25], 78: [-0.36, 1.08], 81: [-0.15, 1.06], 13: [0, 1.06], 14: [0, 1.09], 178: [-0.15, 1.09] },
  ...{ 234: [-1.05, -0.05], 132: [-1.02, 0.42], 172: [-0.88, 0.95], 150: [-0.62, 1.38] },
  ...{ 148: [-0.32, 1.68], 152: [0, 1.78] },
};
/** Points of the right half by those of the left. */
const MIRROR: Readonly<Record<number, number>> = {
  ...{ 336: 107, 296: 66, 334: 105, 293: 63, 300: 70, 362: 133, 385: 158, 386: 159, 387: 160, 263: 33 },
  ...{ 373: 144, 374: 145, 380: 153, 327: 98, 267: 37, 270: 40, 291: 61, 321: 91, 314: 84 },
  ...{ 311: 81, 308: 78, 402: 178, 377: 148, 379: 150, 397: 172, 361: 132, 454: 234 },
};

const TEMPLATE: readonly number[] = FACE_POINTS.flatMap((point) => {
  const own = HALF[point];
  if (own !== undefined) return own;
  const [x, y] = HALF[MIRROR[point] ?? -1] ?? [Number.NaN, Number.NaN];
  return [-x, y];
});

/** Smallest opening and lip thickness, in eye distances: lines do not cross. */
const LEAST = 0.005;

/** The average face moved: x and y of every kept point, as tracks hold them. */
export function movedFace(movement: FaceMovement): number[] {
  const points = [...TEMPLATE];
  const by = (name: (typeof FACE_PROXIES)[number]['name']): number => (movement[name] ?? 0) / 100;
  const x = (point: number, change: number): void => {
    points[2 * keptPoint(point)]! += change;
  };
  const y = (point: number, change: number): void => {
    points[2 * keptPoint(point) + 1]! += change;
  };
  moveBrows(by, x, y);
  moveEyes(by('eye openness'), y);
  moveMouth(by, x, y);
  return points;
}

type Amount = (name: string) => number;
type Move = (point: number, change: number) => void;

function moveBrows(by: Amount, x: Move, y: Move): void {
  const inner = by('inner brow raise');
  const outer = by('outer brow raise');
  for (const point of [107, 66, 336, 296]) y(point, -inner);
  for (const point of [70, 63, 300, 293]) y(point, -outer);
  for (const point of [105, 334]) y(point, -(inner + outer) / 2);
  const together = by('brows drawn together') / 2;
  x(107, together);
  x(336, -together);
}

function moveEyes(openness: number, y: Move): void {
  const half = Math.max(openness, LEAST - 0.15) / 2;
  for (const point of [159, 386]) y(point, -half);
  for (const point of [145, 374]) y(point, half);
  for (const point of [160, 158, 385, 387]) y(point, -half * 0.8);
  for (const point of [153, 144, 373, 380]) y(point, half * 0.8);
}

function moveMouth(by: Amount, x: Move, y: Move): void {
  const top = -by('upper lip raise');
  const press = by('lips pressed') / 2;
  const [upper, lower] = [Math.max(-press, LEAST - 0.09), Math.max(-press, LEAST - 0.16)];
  const opening = Math.max(by('mouth opening'), LEAST - 0.03);
  const inside = top + upper;
  const bottom = inside + opening;
  for (const point of [0, 37, 267]) y(point, top);
  for (const point of [13, 81, 311]) y(point, inside);
  for (const point of [14, 178, 402]) y(point, bottom);
  for (const point of [17, 84, 314]) y(point, bottom + lower);
  const corner = top - by('lip corners up');
  for (const point of [61, 291, 78, 308]) y(point, corner);
  for (const point of [40, 270]) y(point, (top + corner) / 2);
  for (const point of [91, 321]) y(point, (bottom + lower + corner) / 2);
  const wider = by('mouth width') / 2;
  for (const [point, share] of [
    [61, 1],
    [78, 1],
    [40, 0.6],
    [91, 0.6],
    [81, 0.4],
    [178, 0.4],
  ] as const)
    x(point, -wider * share);
  for (const [point, share] of [
    [291, 1],
    [308, 1],
    [270, 0.6],
    [321, 0.6],
    [311, 0.4],
    [402, 0.4],
  ] as const)
    x(point, wider * share);
  const jaw = by('jaw drop');
  for (const point of [152, 148, 377]) y(point, jaw);
  for (const point of [150, 379]) y(point, jaw / 2);
}

/**
 * Movements that stand for an expression: the action units of Ekman and Friesen's prototypes (EMFACS, 1983), in amounts
 * chosen so that they can be seen. A convention of drawing, not a measurement.
 */
const PROTOTYPES: Readonly<Record<Emotion, FaceMovement>> = {
  neutral: {},
  happiness: { 'lip corners up': 11, 'mouth width': 14, 'eye openness': -3, 'mouth opening': 3 },
  sadness: { 'inner brow raise': 7, 'brows drawn together': 5, 'lip corners up': -8, 'eye openness': -2 },
  anger: { 'inner brow raise': -8, 'brows drawn together': 8, 'lips pressed': 7, 'lip corners up': -2 },
  fear: {
    'inner brow raise': 7,
    'outer brow raise': 4,
    'eye openness': 5,
    'mouth width': 8,
    'mouth opening': 6,
    'jaw drop': 5,
  },
  disgust: { 'upper lip raise': 7, 'inner brow raise': -5, 'lip corners up': -4, 'eye openness': -4 },
  surprise: {
    'inner brow raise': 9,
    'outer brow raise': 9,
    'eye openness': 6,
    'mouth opening': 14,
    'jaw drop': 14,
    'mouth width': -4,
  },
};

/** The prototypes of the expressions, weighted by their probabilities in EMOTIONS order. */
export function movementOfExpression(probabilities: readonly number[]): FaceMovement {
  const movement: Record<string, number> = {};
  EMOTIONS.forEach((emotion, index) => {
    for (const [name, amount] of Object.entries(PROTOTYPES[emotion])) {
      movement[name] = (movement[name] ?? 0) + amount * (probabilities[index] ?? 0);
    }
  });
  return movement;
}
