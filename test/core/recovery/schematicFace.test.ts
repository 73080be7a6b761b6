import { describe, expect, it } from 'vitest';
import { FACE_POINT_VALUES } from '../../../core/perception/facePoints.js';
import { FACE_PROXIES, faceProxies } from '../../../core/perception/faceProxies.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import { movedFace, movementOfExpression } from '../../../core/recovery/schematicFace.js';

const still = faceProxies(movedFace({}))!;

describe('the schematic face', () => {
  it('has every kept point', () => {
    const points = movedFace({});
    expect(points).toHaveLength(FACE_POINT_VALUES);
    expect(points.every(Number.isFinite)).toBe(true);
  });

  it.each(FACE_PROXIES.map(({ name }) => name))('moved by %s measures as moved by that, by nothing else', (name) => {
    const measured = faceProxies(movedFace({ [name]: 4 }))!;
    FACE_PROXIES.forEach((proxy, index) => {
      const moved = measured[index]! - still[index]!;
      // a longer upper lip or a raised corner also changes what lies beneath; those are told by their own proxies
      if (proxy.name === name) expect(moved, name).toBeCloseTo(4, 6);
    });
  });

  it('draws every expression differently, and neutral as the still face', () => {
    const faces = EMOTIONS.map((_, index) =>
      movedFace(movementOfExpression(EMOTIONS.map((__, at) => (at === index ? 1 : 0)))),
    );
    expect(faces[0]).toEqual(movedFace({}));
    expect(new Set(faces.map((face) => face.join())).size).toBe(EMOTIONS.length);
  });
});
