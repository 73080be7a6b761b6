import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FACE_POINT_VALUES, keptPoint } from '../../../../core/perception/facePoints.js';
import { microseconds } from '../../../../core/time/microseconds.js';
import {
  VISUAL_EXTRACTOR,
  VisualExtractor,
  type VisualFrame,
} from '../../../../electron/perception/visual/visualExtractor.js';

const WIDTH = 200;
const HEIGHT = 160;
const rgb = new Uint8Array(gunzipSync(readFileSync('test/fixtures/face200x160.rgb.gz')));

type Paint = (x: number, y: number) => readonly [number, number, number] | undefined;

/** The test face at a time, with some pixels painted over. */
function frame(seconds: number, paint: Paint = () => undefined): VisualFrame {
  const painted = Uint8Array.from(rgb);
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) {
      const colour = paint(x, y);
      if (colour) painted.set(colour, (y * WIDTH + x) * 3);
    }
  return { timestamp: microseconds(seconds * 1_000_000), width: WIDTH, height: HEIGHT, rgb: painted };
}

/** The test face twice, side by side. */
function twins(seconds: number): VisualFrame {
  const wide = new Uint8Array(WIDTH * 2 * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    const row = rgb.subarray(y * WIDTH * 3, (y + 1) * WIDTH * 3);
    wide.set(row, y * WIDTH * 2 * 3);
    wide.set(row, (y * WIDTH * 2 + WIDTH) * 3);
  }
  return { timestamp: microseconds(seconds * 1_000_000), width: WIDTH * 2, height: HEIGHT, rgb: wide };
}

async function measure(frames: readonly VisualFrame[]) {
  const extractor = await VisualExtractor.create(path.resolve('models'), { rateHz: 5 });
  for (const item of frames) await extractor.push(item);
  return extractor.finish();
}

describe('visual extractor', () => {
  it('finds the face, its presence and its expression', async () => {
    const track = await measure([frame(0), frame(0.2)]);
    expect(track).toMatchObject({ extractor: VISUAL_EXTRACTOR, rateHz: 5, frameCount: 2 });
    expect([...track.timestamps]).toEqual([0, 200_000]);
    expect([...track.faceCount]).toEqual([1, 1]);
    expect(track.faceScore[0]).toBeGreaterThan(0.8);
    expect(track.landmarkScore[0]).toBeGreaterThan(0.9);
    const [x, y, width, height] = track.faceBox;
    expect(x! + width! / 2).toBeCloseTo(0.52, 1);
    expect(y! + height! / 2).toBeCloseTo(0.62, 1);
    expect(track.expression).toHaveLength(14);
    expect(track.expression.slice(0, 7).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    expect(track.embedding).toHaveLength(2 * track.embeddingSize);
    expect(track.embedding.every(Number.isFinite)).toBe(true);
  });

  it('keeps points of the face that hardly depend on its tilt and size in the picture', async () => {
    const turn = 0.1;
    const size = 0.85;
    const rotated = (seconds: number): VisualFrame => {
      const painted = new Uint8Array(rgb.length);
      for (let y = 0; y < HEIGHT; y += 1)
        for (let x = 0; x < WIDTH; x += 1) {
          const [dx, dy] = [(x - WIDTH / 2) / size, (y - HEIGHT / 2) / size];
          const px = Math.round(WIDTH / 2 + dx * Math.cos(turn) + dy * Math.sin(turn));
          const py = Math.round(HEIGHT / 2 - dx * Math.sin(turn) + dy * Math.cos(turn));
          if (px < 0 || py < 0 || px >= WIDTH || py >= HEIGHT) continue;
          painted.set(rgb.subarray((py * WIDTH + px) * 3, (py * WIDTH + px) * 3 + 3), (y * WIDTH + x) * 3);
        }
      return { ...frame(seconds), rgb: painted };
    };
    const { facePoints } = await measure([frame(0), rotated(0.2)]);
    expect(facePoints).toHaveLength(2 * FACE_POINT_VALUES);
    const [straight, tilted] = [0, 1].map((i) => facePoints.subarray(i * FACE_POINT_VALUES, (i + 1) * FACE_POINT_VALUES)); // prettier-ignore
    const distances = straight!.map((value, i) => Math.abs(value - tilted![i]!));
    expect(distances.reduce((sum, value) => sum + value, 0) / distances.length).toBeLessThan(0.03);
    const [brow, eye, mouth] = [105, 159, 14].map((meshPoint) => straight![2 * keptPoint(meshPoint) + 1]!);
    expect(brow).toBeLessThan(eye!);
    expect(mouth).toBeGreaterThan(0.8);
  });

  it('writes NaN, never 0, where there is no face', async () => {
    const track = await measure([frame(0, (x) => [x, 120, 255 - x])]);
    expect([...track.faceCount]).toEqual([0]);
    for (const column of [
      track.faceScore,
      track.faceBox,
      track.landmarkScore,
      track.expression,
      track.embedding,
      track.facePoints,
    ])
      expect(column.length > 0 && column.every(Number.isNaN)).toBe(true);
    expect(track.luminance[0]).toBeGreaterThan(0);
    expect(track.sharpness[0]).toBeGreaterThanOrEqual(0);
  });

  it('counts two faces and follows one of them', async () => {
    const track = await measure([twins(0), twins(0.2)]);
    expect([...track.faceCount]).toEqual([2, 2]);
    expect(track.faceBox[4]).toBeCloseTo(track.faceBox[0]!, 3);
  });

  it('gives a covered face a lower landmark score', async () => {
    const open = await measure([frame(0)]);
    const [x, y, width, height] = [...open.faceBox].map((value, index) => value * (index % 2 ? HEIGHT : WIDTH));
    const hand: Paint = (px, py) =>
      px > x! - 0.2 * width! && px < x! + 1.2 * width! && py > y! + 0.35 * height! && py < y! + 1.3 * height!
        ? [170 + (px % 7), 125 + (py % 5), 100]
        : undefined;
    const covered = await measure([frame(0, hand)]);
    const score = covered.faceCount[0] === 0 ? 0 : covered.landmarkScore[0]!;
    expect(score).toBeLessThan(open.landmarkScore[0]! - 0.3);
  });

  it('measures change, darkness and blur', async () => {
    const dark: Paint = (x, y) => {
      const at = (y * WIDTH + x) * 3;
      return [rgb[at]! / 8, rgb[at + 1]! / 8, rgb[at + 2]! / 8];
    };
    const blurred: Paint = (x, y) => {
      const at = (Math.floor(y / 8) * 8 * WIDTH + Math.floor(x / 8) * 8) * 3;
      return [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    };
    const track = await measure([frame(0), frame(0.2), frame(0.4, dark), frame(0.6, blurred)]);
    expect(track.change[0]).toBeNaN();
    expect(track.change[1]).toBe(0);
    expect(track.change[2]).toBeGreaterThan(20);
    expect(track.luminance[2]!).toBeLessThan(track.luminance[0]! / 4);
  });

  it('refuses a picture of the wrong size', async () => {
    const extractor = await VisualExtractor.create(path.resolve('models'), { rateHz: 5 });
    await expect(extractor.push({ ...frame(0), width: 10 })).rejects.toThrow(RangeError);
  });
});
