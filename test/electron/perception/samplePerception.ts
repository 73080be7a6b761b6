import type { Perception } from '../../../core/perception/perception.js';
import { microseconds } from '../../../core/time/microseconds.js';

/** A perception with every kind of value that one may hold: NaN, infinities, empty and filled tracks, views into a buffer. */
export function samplePerception(sha256: string): Perception {
  const view = new Float32Array(new ArrayBuffer(64), 8, 3);
  view.set([Number.NaN, -0.5, 1]);
  return {
    info: {
      container: 'matroska,webm',
      sizeBytes: 12,
      duration: microseconds(2_000_000),
      video: {
        codec: 'vp8',
        width: 4,
        height: 3,
        framesPerSecond: Number.NaN,
        rotationDegrees: 0,
        start: microseconds(0),
      },
    },
    inputSha256: sha256,
    visual: {
      extractor: 'face-expression/1',
      rateHz: 5,
      frameCount: 3,
      timestamps: Float64Array.of(0, 200_000, 400_000),
      faceCount: Uint8Array.of(1, 0, 2),
      faceScore: view,
      faceBox: new Float32Array(12).fill(Number.NaN),
      landmarkScore: Float32Array.of(1, Number.NEGATIVE_INFINITY, 0),
      expression: new Float32Array(21).fill(1 / 7),
      embedding: new Float32Array(0),
      embeddingSize: 0,
      facePoints: new Float32Array(0),
      sharpness: Float32Array.of(1, 2, 3),
      luminance: Float32Array.of(1, 2, 3),
      change: Float32Array.of(Number.NaN, 2, 3),
    },
    peaks: { hop: microseconds(10_000), minMax: Int16Array.of(-32768, 32767, 0) },
    decodedVideoEnd: microseconds(600_000),
    speech: [{ start: microseconds(100_000), end: microseconds(300_000) }],
    problems: [{ code: 'media.truncated', severity: 'warning', message: 'é', tip: '', modality: 'visual' }],
  };
}
