import type { AudioTrack, Perception, VisualTrack } from '../perception/perception.js';
import { firstFrameFrom } from '../quality/tracks.js';
import { EMOTIONS } from '../recording/emotion.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import type { MeasuredCurve, MeasuredCurves } from './decodedCurve.js';

/** Most times of a curve of the voice; a longer stretch is averaged over whole rows, so that the page stays quick. */
const MOST_TIMES = 1500;

/** Curves of the voice: the descriptor they show, and the unit it is shown in. */
export const VOICE_CURVES = [
  { name: 'pitch', descriptor: 'f0', unit: 'semitones re 27.5 Hz', factor: 1 },
  { name: 'loudness', descriptor: 'loudness', unit: 'auditory units', factor: 1 },
  { name: 'harmonics to noise', descriptor: 'hnr', unit: 'dB', factor: 1 },
  { name: 'jitter', descriptor: 'jitter_local', unit: '%', factor: 100 },
] as const;

/**
 * What was measured of face and voice in a stretch, as curves in the quantities that recovered modalities are decoded to.
 * Values are undefined where nothing was measured; a modality that the recording does not have has no curves.
 * @param range half-open; frames and rows whose time or centre lies in it.
 */
export function measuredCurves(perception: Perception, range: TimeRange): MeasuredCurves {
  const { visual, audio } = perception;
  return {
    range,
    curves: {
      ...(audio === undefined ? {} : { audio: voiceCurves(audio, range) }),
      ...(visual === undefined ? {} : { visual: expressionCurves(visual, range) }),
    },
    descriptors: {},
  };
}

function expressionCurves(track: VisualTrack, range: TimeRange): MeasuredCurve[] {
  const first = firstFrameFrom(track, range.start);
  const last = firstFrameFrom(track, range.end);
  const frames = Array.from({ length: last - first }, (_, index) => first + index);
  const times = frames.map((frame) => microseconds(Math.round(track.timestamps[frame]!)));
  return EMOTIONS.map((name, emotion) => ({
    name,
    unit: 'probability',
    times,
    values: frames.map((frame) => measured(track.expression[frame * EMOTIONS.length + emotion]!)),
  }));
}

function voiceCurves(track: AudioTrack, range: TimeRange): MeasuredCurve[] {
  const { hop, rowCount, descriptors, descriptorNames } = track;
  const first = Math.max(0, Math.ceil(range.start / hop - 0.5));
  const last = Math.min(rowCount, Math.ceil(range.end / hop - 0.5));
  const step = Math.max(1, Math.ceil((last - first) / MOST_TIMES));
  const starts: number[] = [];
  for (let row = first; row < last; row += step) starts.push(row);
  const times = starts.map((row) => centreOf(row, Math.min(row + step, last), hop));
  return VOICE_CURVES.map(({ name, descriptor, unit, factor }) => {
    const column = descriptorNames.findIndex((full) => full.startsWith(`${descriptor}[`));
    const value = (row: number): number => descriptors[row * descriptorNames.length + column]!;
    const values = starts.map((row) => meanOfRows(row, Math.min(row + step, last), value));
    return { name, unit, times, values: values.map((mean) => (mean === undefined ? undefined : mean * factor)) };
  });
}

function centreOf(first: number, last: number, hop: Microseconds): Microseconds {
  return microseconds(Math.round(((first + last) / 2) * hop));
}

/** Mean of the rows where something was measured. */
function meanOfRows(first: number, last: number, value: (row: number) => number): number | undefined {
  let sum = 0;
  let count = 0;
  for (let row = first; row < last; row += 1) {
    const found = value(row);
    if (!Number.isFinite(found)) continue;
    sum += found;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

function measured(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
