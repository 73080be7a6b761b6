import { FACE_POINT_VALUES } from '../perception/facePoints.js';
import { FACE_PROXIES, FACE_PROXY_UNIT, faceProxies } from '../perception/faceProxies.js';
import type { AudioTrack, Perception, VisualTrack } from '../perception/perception.js';
import { firstFrameFrom } from '../quality/tracks.js';
import { EMOTIONS } from '../recording/emotion.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import type { MeasuredCurve, MeasuredCurves, MeasuredFace } from './decodedCurve.js';

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
      ...(visual === undefined ? {} : { visual: faceCurves(visual, range) }),
    },
    descriptors: {},
    ...(visual === undefined ? {} : { face: measuredFace(visual, range) }),
  };
}

/** Expressions, then the proxies of action units as differences to the median of the whole recording. */
function faceCurves(track: VisualTrack, range: TimeRange): MeasuredCurve[] {
  const frames = framesOf(track, range);
  const times = frames.map((frame) => timeOf(track, frame));
  const expressions = EMOTIONS.map((name, emotion) => ({
    name,
    unit: 'probability',
    times,
    values: frames.map((frame) => measured(track.expression[frame * EMOTIONS.length + emotion]!)),
  }));
  const medians = proxyMedians(track);
  const proxies = frames.map((frame) => faceProxies(track.facePoints, frame * FACE_POINT_VALUES));
  const moved = FACE_PROXIES.map(({ name }, proxy) => ({
    name,
    unit: FACE_PROXY_UNIT,
    times,
    values: proxies.map((values) => (values === undefined ? undefined : values[proxy]! - medians[proxy]!)),
  }));
  return [...expressions, ...moved];
}

function measuredFace(track: VisualTrack, range: TimeRange): MeasuredFace {
  const frames = framesOf(track, range);
  return {
    times: frames.map((frame) => timeOf(track, frame)),
    points: frames.map((frame) => {
      const points = track.facePoints.subarray(frame * FACE_POINT_VALUES, (frame + 1) * FACE_POINT_VALUES);
      return Number.isFinite(points[0]) ? Array.from(points) : undefined;
    }),
  };
}

function framesOf(track: VisualTrack, range: TimeRange): number[] {
  const first = firstFrameFrom(track, range.start);
  return Array.from({ length: firstFrameFrom(track, range.end) - first }, (_, index) => first + index);
}

function timeOf(track: VisualTrack, frame: number): Microseconds {
  return microseconds(Math.round(track.timestamps[frame]!));
}

/** Faces differ more than expressions move them, so proxies are read against the same face at its most usual. */
const medianCache = new WeakMap<VisualTrack, readonly number[]>();

function proxyMedians(track: VisualTrack): readonly number[] {
  const known = medianCache.get(track);
  if (known !== undefined) return known;
  const all = FACE_PROXIES.map((): number[] => []);
  for (let frame = 0; frame < track.frameCount; frame += 1) {
    faceProxies(track.facePoints, frame * FACE_POINT_VALUES)?.forEach((value, proxy) => all[proxy]!.push(value));
  }
  const medians = all.map((values) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN);
  medianCache.set(track, medians);
  return medians;
}

/** Curves of the voice of the rows whose centre lies in `range`, in the order of `VOICE_CURVES`. */
export function voiceCurves(track: AudioTrack, range: TimeRange): MeasuredCurve[] {
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
