import { FACE_POINT_VALUES } from '../perception/facePoints.js';
import { FACE_PROXIES, FACE_PROXY_UNIT, faceProxies } from '../perception/faceProxies.js';
import type { AudioTrack, Perception, VisualTrack } from '../perception/perception.js';
import { firstFrameFrom } from '../quality/tracks.js';
import { EMOTIONS } from '../recording/emotion.js';
import { microseconds, type Microseconds, type TimeRange } from '../time/microseconds.js';
import type { FaceZero, MeasuredCurve, MeasuredCurves, MeasuredFace } from './decodedCurve.js';

/** Most times of a curve of the voice; a longer stretch is averaged over whole rows, so that the page stays quick. */
const MOST_TIMES = 1500;

const NEUTRAL = EMOTIONS.indexOf('neutral');

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
    ...(visual === undefined ? {} : { face: measuredFace(visual, range), faceZero: proxyZero(visual).kind }),
  };
}

/** Expressions, then the proxies of action units as differences to the same face when it is neutral (`proxyZero`). */
function faceCurves(track: VisualTrack, range: TimeRange): MeasuredCurve[] {
  const frames = framesOf(track, range);
  const times = frames.map((frame) => timeOf(track, frame));
  const expressions = EMOTIONS.map((name, emotion) => ({
    name,
    unit: 'probability',
    times,
    values: frames.map((frame) => measured(track.expression[frame * EMOTIONS.length + emotion]!)),
  }));
  const zero = proxyZero(track);
  const proxies = frames.map((frame) => faceProxies(track.facePoints, frame * FACE_POINT_VALUES));
  const moved = FACE_PROXIES.map(({ name }, proxy) => ({
    name,
    unit: FACE_PROXY_UNIT,
    times,
    values: proxies.map((values) => (values === undefined ? undefined : values[proxy]! - zero.values[proxy]!)),
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

/**
 * A face counts as neutral from this probability on: the definition by which the decoders of recovered faces were made
 * (models/training, decoders/faces.py).
 */
const NEUTRAL_FROM = 0.6;
/** Fewest neutral frames that make a zero; 2 s at five per second. */
const FEWEST_NEUTRAL = 10;

interface ProxyZero {
  readonly kind: FaceZero;
  readonly values: readonly number[];
}

const zeroCache = new WeakMap<VisualTrack, ProxyZero>();

/** Faces differ more than expressions move them, so proxies are read against the same face when it is neutral. */
function proxyZero(track: VisualTrack): ProxyZero {
  const known = zeroCache.get(track);
  if (known !== undefined) return known;
  const all: number[][] = [];
  const neutral: number[][] = [];
  for (let frame = 0; frame < track.frameCount; frame += 1) {
    const values = faceProxies(track.facePoints, frame * FACE_POINT_VALUES);
    if (values === undefined) continue;
    all.push(values);
    if (track.expression[frame * EMOTIONS.length + NEUTRAL]! > NEUTRAL_FROM) neutral.push(values);
  }
  const kind = neutral.length >= FEWEST_NEUTRAL ? 'neutral' : 'median';
  const values = FACE_PROXIES.map((_, proxy) => {
    if (kind === 'neutral') return neutral.reduce((sum, face) => sum + face[proxy]!, 0) / neutral.length;
    return all.map((face) => face[proxy]!).sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
  });
  const zero: ProxyZero = { kind, values };
  zeroCache.set(track, zero);
  return zero;
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
