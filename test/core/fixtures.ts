/** Hand-made measurements with known truth, for tests of quality rules and reports. */
import type { Analysis } from '../../core/analysis/analysis.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { AudioTrack, Perception, VisualTrack } from '../../core/perception/perception.js';
import { EMOTIONS } from '../../core/recording/emotion.js';
import type { Estimate, ModalityUse } from '../../core/recovery/estimate.js';
import type { Segment } from '../../core/segments/segment.js';
import { csvChunks } from '../../core/report/csv.js';
import { DEFAULT_THRESHOLDS } from '../../core/quality/thresholds.js';
import { fromSeconds, microseconds, type TimeRange } from '../../core/time/microseconds.js';

export const range = (start: number, end: number): TimeRange => ({ start: fromSeconds(start), end: fromSeconds(end) });

export const segment = (id: string, start: number, end: number, text?: string): Segment => ({
  id,
  range: range(start, end),
  origin: 'cue',
  ...(text === undefined ? {} : { text }),
});

export const mark = (change: Partial<CorruptionMark> = {}): CorruptionMark => ({
  id: 'm1',
  modality: 'audio',
  range: range(0, 1),
  kind: 'noisy',
  severity: 2,
  source: 'human',
  review: 'confirmed',
  note: '',
  ...change,
});

/** Speech at -20 dBFS for 0.7 s of every second, noise at -70 dBFS between, no clipping. */
export function audioTrack(
  seconds: number,
  change: (time: number, row: number, track: AudioTrack) => void = () => {},
): AudioTrack {
  const rowCount = Math.round(seconds * 100);
  const track: AudioTrack = {
    extractor: 'test/1',
    hop: microseconds(10_000),
    rowCount,
    descriptorNames: [],
    descriptors: new Float32Array(0),
    speechProbability: new Float32Array(rowCount),
    levelDbfs: new Float32Array(rowCount),
    clippedShare: new Float32Array(rowCount),
    embedding: new Float32Array(0),
    embeddingSize: 0,
    embeddingRows: 0,
    embeddingHop: microseconds(20_000),
    embeddingStart: microseconds(0),
  };
  for (let row = 0; row < rowCount; row += 1) {
    const isSpeech = row % 100 < 70;
    track.speechProbability[row] = isSpeech ? 0.95 : 0.05;
    track.levelDbfs[row] = isSpeech ? -20 : -70;
    change(row / 100, row, track);
  }
  return track;
}

/** One sharp, bright, moving, uncovered face in every frame at 5 frames per second. */
export function visualTrack(
  seconds: number,
  change: (time: number, frame: number, track: VisualTrack) => void = () => {},
): VisualTrack {
  const frameCount = Math.round(seconds * 5);
  const filled = (value: number) => new Float32Array(frameCount).fill(value);
  const track: VisualTrack = {
    extractor: 'test/1',
    rateHz: 5,
    frameCount,
    timestamps: Float64Array.from({ length: frameCount }, (_, frame) => frame * 200_000),
    faceCount: new Uint8Array(frameCount).fill(1),
    faceScore: filled(0.95),
    faceBox: new Float32Array(frameCount * 4).fill(0.3),
    landmarkScore: filled(0.98),
    expression: new Float32Array(frameCount * 7).fill(1 / 7),
    embedding: new Float32Array(0),
    embeddingSize: 0,
    facePoints: new Float32Array(0),
    sharpness: filled(200),
    luminance: filled(120),
    change: filled(3),
  };
  track.change[0] = Number.NaN;
  for (let frame = 0; frame < frameCount; frame += 1) change(frame / 5, frame, track);
  return track;
}

/** A recording that lacks the streams named. */
export function withoutStreams(seconds: number, lost: readonly ('audio' | 'visual')[]): Perception {
  const full = perception(seconds);
  const { container, sizeBytes, duration, audio, video } = full.info;
  const keepsAudio = !lost.includes('audio');
  const keepsVideo = !lost.includes('visual');
  return {
    info: {
      container,
      sizeBytes,
      duration,
      ...(keepsAudio && audio ? { audio } : {}),
      ...(keepsVideo && video ? { video } : {}),
    },
    inputSha256: full.inputSha256,
    speech: [],
    problems: [],
    ...(keepsAudio && full.audio ? { audio: full.audio } : {}),
    ...(keepsVideo && full.visual ? { visual: full.visual } : {}),
  };
}

/** Takes the face out of a frame the way the extractor does: missing is NaN. */
export function loseFace(track: VisualTrack, frame: number): void {
  track.faceCount[frame] = 0;
  track.faceScore[frame] = Number.NaN;
  track.landmarkScore[frame] = Number.NaN;
}

export function perception(seconds: number, change: Partial<Perception> = {}): Perception {
  return {
    info: {
      container: 'mp4',
      sizeBytes: 1_000,
      duration: fromSeconds(seconds),
      audio: { codec: 'aac', sampleRateHz: 48_000, channels: 2, start: microseconds(0) },
      video: {
        codec: 'h264',
        width: 640,
        height: 480,
        framesPerSecond: 25,
        rotationDegrees: 0,
        start: microseconds(0),
      },
    },
    inputSha256: 'ab'.repeat(32),
    visual: visualTrack(seconds),
    audio: audioTrack(seconds),
    speech: [],
    problems: [],
    ...change,
  };
}

export const use = (change: Partial<ModalityUse> = {}): ModalityUse => ({
  state: 'observed',
  reason: 'fine',
  usableFraction: 1,
  ...change,
});

export function estimate(change: Partial<Estimate> = {}): Estimate {
  const probabilities = [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
  return {
    score: { value: -0.25, low: -1, high: 0.5 },
    probabilities,
    probabilityLow: probabilities,
    probabilityHigh: probabilities,
    label: EMOTIONS[0],
    confidence: 0.4,
    ...change,
  };
}

export function analysis(change: Partial<Analysis> = {}): Analysis {
  return {
    parameters: {
      bundleId: 'speech-face-en',
      seed: 7,
      samples: 8,
      provider: 'auto',
      recover: true,
      thresholds: DEFAULT_THRESHOLDS,
    },
    bundle: { id: 'speech-face-en', version: '0.1.0', sha256: 'cd'.repeat(32) },
    provider: 'cpu',
    segments: [],
    marks: [],
    results: [],
    problems: [],
    intervalLevel: 0.9,
    ...change,
  };
}

/**
 * Bound on processor time that only a change of order breaks: the work takes about 300 ms on an idle core and several
 * times that on a shared one. The budgets themselves are measured by benchmarks, not by unit tests.
 */
export const RUNAWAY_MILLISECONDS = 10_000;

/** Processor time of some work in milliseconds, which grows less than the clock on a busy machine. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A whole table as one string. */
export const csvText = (...table: Parameters<typeof csvChunks>): string => [...csvChunks(...table)].join('');
