import { beforeAll, describe, expect, it } from 'vitest';
import type { Analysis, AnalysisParameters } from '../../../core/analysis/analysis.js';
import type { CorruptionMark } from '../../../core/marks/mark.js';
import type { Perception, VisualTrack } from '../../../core/perception/perception.js';
import { DEFAULT_THRESHOLDS } from '../../../core/quality/thresholds.js';
import { seededNormal } from '../../../core/random/seededNormal.js';
import type { Segment } from '../../../core/segments/segment.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import type { AnalysisServices } from '../../../electron/analysis/prepareRecording.js';
import { analyzeRecording } from '../../../electron/analysis/analyzeRecording.js';
import { perceiveRecording } from '../../../electron/analysis/perceiveRecording.js';
import type { AnalyzeArgument, HostProgress } from '../../../electron/host/protocol.js';
import type { TaskContext } from '../../../electron/host/serveHost.js';
import type { LoadedBundle } from '../../../electron/inference/loadBundle.js';
import { loadBundle } from '../../../electron/inference/loadBundle.js';
import { FIXTURE_MODELS } from '../inference/tinyBundle.js';

const RATE = 5;
const SECONDS = 8;

/** Eight seconds of silent film: a face in the first four seconds, none after, expressions unreadable in second 1. */
function silentFilm(): Perception {
  const frames = RATE * SECONDS;
  const column = (width: number, value: (frame: number, i: number) => number): Float32Array =>
    Float32Array.from({ length: frames * width }, (_, i) => value(Math.floor(i / width), i % width));
  const hasFace = (frame: number): boolean => frame < frames / 2;
  const readable = (frame: number): boolean => hasFace(frame) && !(frame >= RATE && frame < 2 * RATE);
  const visual: VisualTrack = {
    extractor: 'face-expression/1',
    rateHz: RATE,
    frameCount: frames,
    timestamps: Float64Array.from({ length: frames }, (_, i) => (i * 1e6) / RATE),
    faceCount: Uint8Array.from({ length: frames }, (_, i) => (hasFace(i) ? 1 : 0)),
    faceScore: column(1, (f) => (hasFace(f) ? 0.9 : Number.NaN)),
    faceBox: column(4, (f) => (hasFace(f) ? 0.25 : Number.NaN)),
    landmarkScore: column(1, (f) => (hasFace(f) ? 0.95 : Number.NaN)),
    expression: column(7, (f, i) => (readable(f) ? (i === 1 ? 0.7 : 0.05) : Number.NaN)),
    embedding: new Float32Array(0),
    embeddingSize: 0,
    facePoints: new Float32Array(0),
    sharpness: column(1, () => 100),
    luminance: column(1, () => 120),
    change: column(1, (f) => (f === 0 ? Number.NaN : 3)),
  };
  return {
    info: {
      container: 'mov',
      sizeBytes: 1000,
      duration: fromSeconds(SECONDS),
      video: {
        codec: 'h264',
        width: 640,
        height: 480,
        framesPerSecond: 25,
        rotationDegrees: 0,
        start: microseconds(0),
        end: fromSeconds(SECONDS),
      },
    },
    inputSha256: 'ab'.repeat(32),
    visual,
    decodedVideoEnd: fromSeconds(SECONDS),
    speech: [],
    problems: [],
  };
}

const segment = (id: string, start: number, end: number, text?: string): Segment => ({
  id,
  range: { start: fromSeconds(start), end: fromSeconds(end) },
  origin: 'human',
  ...(text === undefined ? {} : { text }),
});

const mark = (start: number, end: number, severity: 1 | 2 | 3): CorruptionMark => ({
  id: `m${start}`,
  modality: 'visual',
  range: { start: fromSeconds(start), end: fromSeconds(end) },
  kind: 'occluded',
  severity,
  source: 'human',
  review: 'confirmed',
  note: '',
});

const PARAMETERS: AnalysisParameters = {
  bundleId: 'tiny',
  seed: 3,
  samples: 4,
  provider: 'cpu',
  recover: true,
  thresholds: DEFAULT_THRESHOLDS,
};

let bundle: LoadedBundle;
beforeAll(async () => {
  bundle = await loadBundle(FIXTURE_MODELS, 'tiny', 'cpu');
});

function services(replace: Partial<AnalysisServices> = {}): AnalysisServices {
  return {
    perceive: () => Promise.resolve(silentFilm()),
    bundle: () => Promise.resolve(bundle),
    text: () =>
      Promise.resolve({
        embed: (words) => {
          const next = seededNormal(words);
          return Promise.resolve(Float32Array.from({ length: 384 }, next));
        },
      }),
    ...replace,
  };
}

interface Change {
  readonly segments: readonly Segment[];
  readonly marks?: readonly CorruptionMark[];
  readonly parameters?: Partial<AnalysisParameters>;
  readonly services?: Partial<AnalysisServices>;
}

const silent: TaskContext = { signal: new AbortController().signal, onProgress: () => undefined };

function analyze(change: Change, context = silent): Promise<Analysis> {
  const argument: AnalyzeArgument = {
    path: '/film.mp4',
    recordingId: 'rec-0123456789ab',
    modelsDir: FIXTURE_MODELS,
    segments: change.segments,
    marks: change.marks ?? [],
    parameters: { ...PARAMETERS, ...change.parameters },
  };
  return analyzeRecording(argument, services(change.services), context);
}

describe('the analysis of a recording', () => {
  it('observes what is there, recovers what is not, and says why', async () => {
    const { results, problems, intervalLevel } = await analyze({ segments: [segment('a', 2, 4, 'good morning')] });
    const { use, estimate } = results[0]!;
    expect(use.text.state).toBe('observed');
    expect(use.visual.state).toBe('observed');
    expect(use.audio).toMatchObject({ state: 'recovered', samples: 4, reason: 'the recording has no sound track' });
    expect(use.audio.spread).toBeGreaterThan(0);
    expect(estimate?.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1);
    expect(problems).toEqual([]);
    expect(intervalLevel).toBe(0.9);
  });

  it('gives no estimate where nothing is usable: states missing and a note', async () => {
    const { results, problems } = await analyze({ segments: [segment('a', 5, 7), segment('b', 2, 4)] });
    expect(results[0]?.estimate).toBeUndefined();
    expect(Object.values(results[0]!.use).map(({ state }) => state)).toEqual(['missing', 'missing', 'missing']);
    expect(results[1]?.estimate).toBeDefined();
    expect(problems).toMatchObject([{ code: 'segment.no-input', severity: 'note', range: { start: fromSeconds(5) } }]);
  });

  it('flags a modality under a slight mark and rejects it under an unusable one', async () => {
    const segments = [segment('a', 2, 4, 'good morning')];
    const slight = await analyze({ segments, marks: [mark(2, 4, 2)] });
    expect(slight.results[0]?.use.visual.state).toBe('degraded');
    const unusable = await analyze({ segments, marks: [mark(2, 4, 3)] });
    expect(unusable.results[0]?.use.visual.state).toBe('recovered');
    expect(unusable.results[0]?.estimate?.decoded?.visual).toHaveLength(7);
  });

  it('takes a modality whose features cannot be computed as unavailable and says so', async () => {
    const { results } = await analyze({ segments: [segment('a', 1, 2, 'good morning')] });
    expect(results[0]?.use.visual.state).toBe('recovered');
    expect(results[0]?.use.visual.reason).toContain('no frame with a measured expression');
  });

  it('leaves missing modalities missing when recovery is off', async () => {
    const { results } = await analyze({ segments: [segment('a', 2, 4)], parameters: { recover: false } });
    expect(results[0]?.use.audio.state).toBe('missing');
    expect(results[0]?.use.audio.samples).toBeUndefined();
    expect(results[0]?.estimate).toBeDefined();
  });

  it('gives a segment the same result alone and among others', async () => {
    const one = segment('b', 2, 4, 'good morning');
    const alone = await analyze({ segments: [one] });
    const among = await analyze({ segments: [segment('a', 0, 1), one, segment('c', 5, 7, 'bye')] });
    expect(among.results[1]).toEqual(alone.results[0]);
  });

  it('refuses a bundle made for other features before anything is measured', async () => {
    const { manifest } = bundle;
    const audio = { ...manifest.modalities.audio, extractor: 'acoustic-functionals/99' };
    const other = { ...bundle, manifest: { ...manifest, modalities: { ...manifest.modalities, audio } } };
    const run = analyze({
      segments: [],
      services: { bundle: () => Promise.resolve(other), perceive: () => Promise.reject(new Error('measured')) },
    });
    await expect(run).rejects.toMatchObject({ problem: { code: 'bundle.extractor' } });
    await expect(run).rejects.toThrow('acoustic-functionals/99');
  });

  it('refuses a bundle whose audio features have other names', async () => {
    const { manifest } = bundle;
    const audio = { ...manifest.modalities.audio, names_sha256: '0'.repeat(64) };
    const other = { ...bundle, manifest: { ...manifest, modalities: { ...manifest.modalities, audio } } };
    await expect(analyze({ segments: [], services: { bundle: () => Promise.resolve(other) } })).rejects.toThrow(
      'other names',
    );
  });

  it('refuses more samples than the bundle allows', async () => {
    await expect(analyze({ segments: [], parameters: { samples: 65 } })).rejects.toThrow('allows 64');
  });

  it('reports progress that never falls and ends at 1', async () => {
    const seen: HostProgress[] = [];
    const context = { ...silent, onProgress: (progress: HostProgress) => void seen.push(progress) };
    await analyze({ segments: [segment('a', 2, 4), segment('b', 0, 1)] }, context);
    const fractions = seen.flatMap(({ fraction }) => (fraction === undefined ? [] : [fraction]));
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const segments = Array.from({ length: 50 }, (_, i) => segment(`s${i}`, 2, 4, `words ${i}`));
    const run = analyze(
      { segments },
      {
        signal: controller.signal,
        onProgress: () => {
          setTimeout(() => {
            controller.abort();
          }, 1);
        },
      },
    );
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the first look at a recording', () => {
  it('cuts windows where there is neither transcript nor speech and proposes what is damaged', async () => {
    const summary = await perceiveRecording(
      {
        path: '/film.mp4',
        recordingId: 'rec-0123456789ab',
        modelsDir: FIXTURE_MODELS,
        cues: [],
        thresholds: DEFAULT_THRESHOLDS,
      },
      () => Promise.resolve(silentFilm()),
      silent,
    );
    expect(summary.segments.map(({ origin }) => origin)).toEqual(['window', 'window']);
    expect(summary.proposals.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['no_face', 'missing_transcript']),
    );
    expect(summary.problems.map(({ code }) => code)).toContain('segments.from_windows');
  });
});
