import type { Box } from './picture.js';

/** A face found in the picture. */
export interface Face {
  /** In pixels of the picture: forehead to chin. */
  readonly box: Box;
  /** Detector score, 0 to 1. */
  readonly score: number;
}

/** Input side of the detector, pixels. */
export const DETECTOR_SIDE = 128;
/** Values of each candidate: score, box (4), six key points (12). */
export const CANDIDATE_SIZE = 17;

/** Overlap at which two candidates are the same face (Bazarevsky et al. 2019, BlazeFace). */
const SAME_FACE_OVERLAP = 0.3;

/** Centres of the 896 SSD anchors, [x, y] in input pixels: a 16 x 16 grid with 2 anchors a cell, an 8 x 8 grid with 6. */
export function anchorCentres(): Float32Array {
  const centres: number[] = [];
  for (const [cells, perCell] of [
    [16, 2],
    [8, 6],
  ] as const) {
    const step = DETECTOR_SIDE / cells;
    for (let y = 0; y < cells; y += 1) {
      for (let x = 0; x < cells; x += 1) {
        for (let anchor = 0; anchor < perCell; anchor += 1) centres.push((x + 0.5) * step, (y + 0.5) * step);
      }
    }
  }
  return Float32Array.from(centres);
}

const ANCHORS = anchorCentres();

/**
 * Turns the detector's output into candidates in pixels of the picture.
 * @param objects [896 x 17], see the manifest.
 * @param region the square of the picture that the detector saw.
 */
export function decodeCandidates(objects: Float32Array, region: Box, minScore: number): Face[] {
  const scale = region.width / DETECTOR_SIDE;
  const found: Face[] = [];
  for (let anchor = 0; anchor * CANDIDATE_SIZE < objects.length; anchor += 1) {
    const at = anchor * CANDIDATE_SIZE;
    const score = 1 / (1 + Math.exp(-objects[at]!));
    if (!(score >= minScore)) continue;
    const width = objects[at + 3]! * scale;
    const height = objects[at + 4]! * scale;
    if (!(width > 0 && height > 0)) continue;
    const x = region.x + (objects[at + 1]! + ANCHORS[anchor * 2]!) * scale - width / 2;
    const y = region.y + (objects[at + 2]! + ANCHORS[anchor * 2 + 1]!) * scale - height / 2;
    found.push({ score, box: { x, y, width, height } });
  }
  return found;
}

/** Intersection over union of two boxes, 0 to 1. */
export function overlap(first: Box, second: Box): number {
  const width = Math.min(first.x + first.width, second.x + second.width) - Math.max(first.x, second.x);
  const height = Math.min(first.y + first.height, second.y + second.height) - Math.max(first.y, second.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (first.width * first.height + second.width * second.height - shared);
}

/**
 * Merges candidates of the same face: best first, overlapping ones averaged by score, which is steadier from frame to
 * frame than keeping the best alone (BlazeFace, section 3.4).
 */
export function mergeCandidates(candidates: readonly Face[]): Face[] {
  let rest = [...candidates].sort((a, b) => b.score - a.score);
  const faces: Face[] = [];
  while (rest.length > 0) {
    const best = rest[0]!;
    const same = rest.filter(({ box }) => box === best.box || overlap(box, best.box) >= SAME_FACE_OVERLAP);
    rest = rest.filter((candidate) => !same.includes(candidate));
    const total = same.reduce((sum, { score }) => sum + score, 0);
    const average = (key: keyof Box): number => same.reduce((sum, face) => sum + face.score * face.box[key], 0) / total;
    const box = { x: average('x'), y: average('y'), width: average('width'), height: average('height') };
    faces.push({ score: best.score, box });
  }
  return faces;
}

/** Square that holds the whole picture, centred: the rest is black. */
export function letterbox(width: number, height: number): Box {
  const side = Math.max(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, width: side, height: side };
}

/** Three overlapping squares of the short side, for faces too small to be found in the whole picture. */
export function tiles(width: number, height: number): Box[] {
  const side = Math.min(width, height);
  if (side === Math.max(width, height)) return [];
  return [0, 0.5, 1].map((share) => ({
    x: (width - side) * share,
    y: (height - side) * share,
    width: side,
    height: side,
  }));
}

/** A box around the same centre. Shift is in box sizes, down and right positive. */
export function square(box: Box, scale: number, shiftX = 0, shiftY = 0): Box {
  const size = Math.max(box.width, box.height);
  const side = size * scale;
  const x = box.x + box.width / 2 + shiftX * size - side / 2;
  const y = box.y + box.height / 2 + shiftY * size - side / 2;
  return { x, y, width: side, height: side };
}
