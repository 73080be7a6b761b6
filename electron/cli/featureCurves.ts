import type { AudioTrack } from '../../core/perception/perception.js';
import { VOICE_CURVES, voiceCurves } from '../../core/recovery/measuredCurves.js';
import { valuesInParts } from '../../core/recovery/valuesInParts.js';
import { microseconds, toSeconds, type TimeRange } from '../../core/time/microseconds.js';
import { HOP_MICROSECONDS } from '../perception/audio/audioClock.js';

/** Equally long parts of the spoken stretch that contours are written at. */
const CURVE_POINTS = 16;

/** Columns of curves.npy: the stretch, then every curve point by point. */
export const CURVE_COLUMNS: readonly string[] = [
  'start[s]',
  'end[s]',
  ...VOICE_CURVES.flatMap(({ name, unit }) => Array.from({ length: CURVE_POINTS }, (_, i) => `${name}.${i}[${unit}]`)),
];

/**
 * Contours of the voice from the first to the last speech of a recording, which is what a segment of the app spans; of
 * the whole recording where no speech was found. Parts where nothing was measured are NaN.
 */
export function curveRow(track: AudioTrack, speech: readonly TimeRange[]): Float32Array {
  const whole = microseconds(track.rowCount * HOP_MICROSECONDS);
  const range = { start: speech[0]?.start ?? microseconds(0), end: speech.at(-1)?.end ?? whole };
  const contours = voiceCurves(track, range).flatMap((curve) => valuesInParts(curve, range, CURVE_POINTS));
  return Float32Array.from([toSeconds(range.start), toSeconds(range.end), ...contours.map((v) => v ?? Number.NaN)]);
}
