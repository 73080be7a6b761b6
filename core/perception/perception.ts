import type { MediaInfo } from '../recording/mediaInfo.js';
import type { FeatureRows } from './featureRows.js';
import type { Problem } from '../problems/problem.js';
import type { Microseconds, TimeRange } from '../time/microseconds.js';

/** What was measured in the picture, one row per sampled frame, column-wise. Undefined numbers are NaN, never 0. */
export interface VisualTrack {
  /** Extractor id and version that made it, `face-expression/3`. */
  readonly extractor: string;
  /** Nominal sampling rate in frames per second. */
  readonly rateHz: number;
  readonly frameCount: number;
  /** Presentation time of each sampled frame, microseconds. */
  readonly timestamps: Float64Array;
  /** Number of faces found per frame. */
  readonly faceCount: Uint8Array;
  /** Detector score of the followed face, 0 to 1; NaN without a face. */
  readonly faceScore: Float32Array;
  /** Box of the followed face, [frameCount x 4] x, y, width, height as fractions of the picture; NaN without a face. */
  readonly faceBox: Float32Array;
  /** Presence score of the landmark network, 0 to 1; low where the face is covered; NaN without a face. */
  readonly landmarkScore: Float32Array;
  /** Expression posteriors [frameCount x 7] in EMOTIONS order; NaN without a usable face. */
  readonly expression: Float32Array;
  /** Expression embedding [frameCount x embeddingSize]; NaN without a usable face. */
  readonly embedding: Float32Array;
  readonly embeddingSize: number;
  /**
   * Kept points of the face [frameCount x FACE_POINT_VALUES], x and y as seen from straight ahead in eye distances from
   * midway between the eyes, right and down positive; NaN without a usable face.
   */
  readonly facePoints: Float32Array;
  /** Variance of the Laplacian of the face (or the picture without one), 8-bit grey levels squared. */
  readonly sharpness: Float32Array;
  /** Mean luminance of the face (or the picture without one), 0 to 255. */
  readonly luminance: Float32Array;
  /** Mean absolute grey-level difference to the previous sampled frame, 0 to 255; NaN for the first. */
  readonly change: Float32Array;
}

/** What was measured in the sound, one row per 10 ms, column-wise. Undefined numbers are NaN, never 0. */
export interface AudioTrack {
  /** Extractor id and version that made it, `acoustic-descriptors/1`. */
  readonly extractor: string;
  /** Time from row to row, 10 000 microseconds. */
  readonly hop: Microseconds;
  readonly rowCount: number;
  /** Names of the low-level descriptors, with units, in column order. */
  readonly descriptorNames: readonly string[];
  /** Low-level descriptors [rowCount x descriptorNames.length]; NaN where undefined (pitch where unvoiced). */
  readonly descriptors: Float32Array;
  /** Speech probability per row (Silero), 0 to 1. */
  readonly speechProbability: Float32Array;
  /** Level of each row in dBFS; -Infinity is digital silence. */
  readonly levelDbfs: Float32Array;
  /** Share of samples of each row at full scale, 0 to 1. */
  readonly clippedShare: Float32Array;
  /** Speech embedding [embeddingRows x embeddingSize], one row per embeddingHop, first row centred at embeddingStart. */
  readonly embedding: Float32Array;
  readonly embeddingSize: number;
  readonly embeddingRows: number;
  readonly embeddingHop: Microseconds;
  readonly embeddingStart: Microseconds;
}

/** Waveform overview: minimum and maximum of every bin of `hop`, as 16-bit integers, interleaved. */
export interface WaveformPeaks {
  readonly hop: Microseconds;
  readonly minMax: Int16Array;
}

/** Everything measured in one recording. Decoded stretches are listed so that what was lost is known, not guessed. */
export interface Perception {
  readonly info: MediaInfo;
  /** SHA-256 of the whole input file, hex. */
  readonly inputSha256: string;
  /** Ready-made feature vectors, in a feature recording; then there are no tracks. */
  readonly features?: FeatureRows;
  readonly visual?: VisualTrack;
  readonly audio?: AudioTrack;
  readonly peaks?: WaveformPeaks;
  /** End of what could be decoded, per stream. Earlier than `info.duration` where the file is truncated. */
  readonly decodedAudioEnd?: Microseconds;
  readonly decodedVideoEnd?: Microseconds;
  /** Stretches with speech (Silero voice activity), in order. */
  readonly speech: readonly TimeRange[];
  readonly problems: readonly Problem[];
}
