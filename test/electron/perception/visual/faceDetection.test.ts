import { describe, expect, it } from 'vitest';
import { microseconds } from '../../../../core/time/microseconds.js';
import {
  anchorCentres,
  CANDIDATE_SIZE,
  decodeCandidates,
  letterbox,
  mergeCandidates,
  overlap,
  square,
  tiles,
  type Face,
} from '../../../../electron/perception/visual/faceDetection.js';
import { FaceFollower, FORGET_AFTER } from '../../../../electron/perception/visual/faceFollower.js';

function face(x: number, y: number, size: number, score = 0.9): Face {
  return { score, box: { x, y, width: size, height: size } };
}

describe('face detection', () => {
  it('has 896 anchors in the centres of the cells', () => {
    const centres = anchorCentres();
    expect(centres).toHaveLength(896 * 2);
    expect([...centres.slice(0, 6)]).toEqual([4, 4, 4, 4, 12, 4]);
    expect([...centres.slice(512 * 2, 512 * 2 + 2)]).toEqual([8, 8]);
    expect([...centres.slice(-2)]).toEqual([120, 120]);
  });

  it('maps a candidate back into the picture', () => {
    const objects = new Float32Array(896 * CANDIDATE_SIZE);
    for (let anchor = 0; anchor < 896; anchor += 1) objects[anchor * CANDIDATE_SIZE] = -20;
    objects.set([2, 1, -1, 32, 32], 0);
    const [found, ...others] = decodeCandidates(objects, letterbox(256, 128), 0.5);
    expect(others).toEqual([]);
    expect(found!.score).toBeCloseTo(1 / (1 + Math.exp(-2)));
    // Anchor (4, 4) moved by (1, -1) is (5, 3) of 128; the letterbox is 256 wide and starts 64 above the picture.
    expect(found!.box).toEqual({ x: 10 - 32, y: 6 - 64 - 32, width: 64, height: 64 });
  });

  it('reports no face for scores below the floor and for undefined scores', () => {
    const objects = new Float32Array(896 * CANDIDATE_SIZE).fill(Number.NaN);
    expect(decodeCandidates(objects, letterbox(128, 128), 0.3)).toEqual([]);
    expect(decodeCandidates(objects.fill(-3), letterbox(128, 128), 0.3)).toEqual([]);
  });

  it('merges candidates of one face and keeps two faces apart', () => {
    const merged = mergeCandidates([face(0, 0, 10, 0.6), face(100, 0, 10, 0.7), face(1, 0, 10, 0.9)]);
    expect(merged).toHaveLength(2);
    expect(merged[0]!.score).toBe(0.9);
    expect(merged[0]!.box.x).toBeCloseTo(0.9 / 1.5);
    expect(merged[1]!.box.x).toBe(100);
  });

  it('measures overlap as intersection over union', () => {
    expect(overlap(face(0, 0, 10).box, face(5, 0, 10).box)).toBeCloseTo(50 / 150);
    expect(overlap(face(0, 0, 10).box, face(10, 0, 10).box)).toBe(0);
  });

  it('covers a wide picture with a letterbox and three tiles', () => {
    expect(letterbox(640, 360)).toEqual({ x: 0, y: -140, width: 640, height: 640 });
    expect(tiles(640, 360).map(({ x }) => x)).toEqual([0, 140, 280]);
    expect(tiles(360, 640).map(({ y }) => y)).toEqual([0, 140, 280]);
    expect(tiles(300, 300)).toEqual([]);
  });

  it('squares a box around its centre, shifted in box sizes', () => {
    expect(square({ x: 10, y: 10, width: 20, height: 10 }, 1.5)).toEqual({ x: 5, y: 0, width: 30, height: 30 });
    expect(square({ x: 0, y: 0, width: 10, height: 10 }, 1, 0, -0.1).y).toBeCloseTo(-1);
  });
});

describe('face follower', () => {
  const at = (seconds: number) => microseconds(seconds * 1_000_000);

  it('begins with the largest face and stays with it when another one grows', () => {
    const follower = new FaceFollower();
    expect(follower.choose([face(0, 0, 30), face(200, 0, 40)], at(0))!.box.x).toBe(200);
    expect(follower.choose([face(0, 0, 90), face(205, 0, 38)], at(0.2))!.box.x).toBe(205);
  });

  it('follows nobody else while the face is briefly away, and the largest face afterwards', () => {
    const follower = new FaceFollower();
    follower.choose([face(200, 0, 40)], at(0));
    expect(follower.choose([face(0, 0, 30)], at(0.4))).toBeUndefined();
    expect(follower.choose([face(200, 5, 40), face(0, 0, 30)], at(0.8))!.box.x).toBe(200);
    expect(follower.choose([face(0, 0, 30)], microseconds(at(0.8) + FORGET_AFTER + 1))!.box.x).toBe(0);
  });

  it('has no face where none was found', () => {
    expect(new FaceFollower().choose([], at(0))).toBeUndefined();
  });
});
