import type { Analysis } from '../../core/analysis/analysis.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Problem } from '../../core/problems/problem.js';
import { EMOTIONS } from '../../core/recording/emotion.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import type { Modality, ModalityState } from '../../core/recording/modality.js';
import type { MeasuredCurves } from '../../core/recovery/decodedCurve.js';
import { parsePreviewSources, previewFiles } from '../../core/report/previewFiles.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import { VOICE_CURVES } from '../../core/recovery/measuredCurves.js';
import type { Segment } from '../../core/segments/segment.js';
import { fromSeconds, microseconds } from '../../core/time/microseconds.js';
import type { CallArgument, EventName, Events, LacunaBridge } from '../../electron/contract/contract.js';
import type {
  AppInfo,
  JobKind,
  JobSnapshot,
  OpenedRecording,
  OpenResult,
  PerceptionSummary,
} from '../../electron/contract/types.js';

const DURATION = fromSeconds(46.4);
export const RECORDING_ID = 'rec-0123456789ab';

const INFO: MediaInfo = {
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  sizeBytes: 3_400_000,
  duration: DURATION,
  audio: { codec: 'aac', sampleRateHz: 48_000, channels: 2, start: microseconds(0) },
  video: { codec: 'h264', width: 1280, height: 720, framesPerSecond: 25, rotationDegrees: 0, start: microseconds(0) },
};

const range = (start: number, end: number) => ({ start: fromSeconds(start), end: fromSeconds(end) });

const TEXTS: readonly (string | undefined)[] = [
  'We used to talk every Sunday, my sister and me.',
  'It was our thing, more or less.',
  'Then in March she moved.',
  'And at first I told myself she was busy with the new job.',
  'And then she just, she stopped calling, I guess.',
  undefined,
  'Sorry. Where was I?',
  'It sounds silly, but I kept the phone on the table.',
  'Then in June she turned up at the door with a cake.',
  'I laughed so hard I could not get a word out.',
];
const TIMES = [0.4, 5.2, 9.1, 13.0, 18.3, 24.0, 27.2, 31.4, 36.2, 40.8, 46.1];

export const SEGMENTS: readonly Segment[] = TEXTS.map((text, index) => ({
  id: `s${String(index + 1).padStart(4, '0')}`,
  range: range(TIMES[index]!, TIMES[index + 1]! - 0.24),
  origin: 'cue',
  ...(text === undefined ? {} : { text }),
}));

const auto = (
  id: string,
  modality: Modality,
  start: number,
  end: number,
  kind: CorruptionMark['kind'],
  confidence: number,
): CorruptionMark => ({
  id,
  modality,
  range: range(start, end),
  kind,
  severity: 2,
  source: 'auto',
  detector: `${kind}/1`,
  confidence,
  review: 'proposed',
  note: '',
});

export const PROPOSALS: readonly CorruptionMark[] = [
  auto('a1', 'visual', 9, 13.1, 'dark', 0.71),
  auto('a2', 'audio', 12.9, 18.1, 'noisy', 0.86),
  auto('a3', 'visual', 18, 27.1, 'out_of_frame', 0.93),
  auto('a4', 'audio', 23.9, 27.1, 'dropout', 0.99),
  auto('a5', 'text', 24, 26.9, 'missing_transcript', 0.98),
  auto('a6', 'audio', 31.3, 36, 'dropout', 0.97),
  auto('a7', 'visual', 41, 45.8, 'occluded', 0.62),
];

/** Speech-like peaks, 10 ms each; the same numbers every time. */
function fakePeaks(): PerceptionSummary['peaks'] {
  const bins = Math.ceil(DURATION / 10_000);
  const minMax = new Int16Array(bins * 2);
  for (let bin = 0; bin < bins; bin += 1) {
    const time = bin / 100;
    const inside = SEGMENTS.some((s) => time * 1e6 >= s.range.start && time * 1e6 < s.range.end);
    const noise = Math.abs(Math.sin(bin * 12.9898) * 43758.5453) % 1;
    const level = inside
      ? (0.15 + 0.8 * Math.abs(Math.sin(time * 7) * Math.sin(time * 1.3))) * (0.5 + noise / 2)
      : 0.02;
    minMax[bin * 2] = -Math.round(level * 30_000);
    minMax[bin * 2 + 1] = Math.round(level * 30_000);
  }
  return { hop: microseconds(10_000), minMax };
}

function fakeSummary(): PerceptionSummary {
  const peaks = fakePeaks();
  return {
    info: INFO,
    inputSha256: 'ab'.repeat(32),
    ...(peaks ? { peaks } : {}),
    segments: SEGMENTS,
    proposals: PROPOSALS,
    problems: [
      {
        code: 'face.low_rate',
        severity: 'warning',
        message: 'A face was found in 66 of 181 frames of segment 5.',
        tip: 'Look at the interval before using it.',
        modality: 'visual',
        range: SEGMENTS[4]!.range,
      },
      { code: 'provider.fallback', severity: 'note', message: 'webgpu differed from cpu.', tip: 'Nothing to do.' },
    ],
  };
}

const STATES: readonly (readonly ModalityState[])[] = [
  ['observed', 'observed', 'observed'],
  ['observed', 'observed', 'observed'],
  ['observed', 'observed', 'degraded'],
  ['observed', 'degraded', 'observed'],
  ['observed', 'observed', 'recovered'],
  ['missing', 'missing', 'missing'],
  ['observed', 'observed', 'observed'],
  ['observed', 'recovered', 'observed'],
  ['observed', 'observed', 'observed'],
  ['observed', 'observed', 'recovered'],
];
const SCORES = [0.62, 0.88, -0.18, -0.94, -1.42, Number.NaN, -0.12, -1.08, 1.36, 1.94];

function fakeResult(segment: Segment, index: number): SegmentResult {
  const [text, audio, visual] = STATES[index]!.map((state) => ({
    state,
    reason: state === 'observed' ? '' : state === 'missing' ? 'nothing usable' : 'out of frame in 63 % of frames',
    usableFraction: state === 'observed' ? 1 : state === 'degraded' ? 0.7 : 0.1,
    quality: state === 'observed' ? 0.93 : 0.31,
    ...(state === 'recovered' ? { samples: 8, spread: 0.42 } : {}),
  }));
  const use = { text: text!, audio: audio!, visual: visual! };
  const score = SCORES[index]!;
  if (Number.isNaN(score)) return { segmentId: segment.id, use };
  const recovered = STATES[index]!.includes('recovered');
  const half = recovered ? 0.8 : 0.45;
  const label = EMOTIONS[score < -0.5 ? 2 : score > 0.5 ? 1 : 0];
  const probabilities = EMOTIONS.map((emotion) => (emotion === label ? 0.52 : 0.08));
  const wide = recovered ? 0.06 : 0;
  return {
    segmentId: segment.id,
    use,
    estimate: {
      score: { value: score, low: score - half, high: score + half },
      probabilities,
      probabilityLow: probabilities.map((p) => p - wide),
      probabilityHigh: probabilities.map((p) => p + wide * 2),
      label,
      confidence: 0.52,
      ...(recovered
        ? {
            scoreSpread: 0.3,
            scoreWithoutRecovery: score / 2,
            decoded: {
              [STATES[index]![2] === 'recovered' ? 'visual' : 'audio']: [
                { name: 'happiness expression', unit: 'probability', mean: 0.12, low: 0.03, high: 0.31 },
                { name: 'sadness expression', unit: 'probability', mean: 0.55, low: 0.31, high: 0.72 },
                { name: 'mean pitch', unit: 'Hz', mean: 182.4, low: 160.2, high: 208.9 },
              ],
            },
          }
        : {}),
    },
  };
}

function fakeAnalysis(argument: CallArgument<'job/analyze'>): Analysis {
  return {
    parameters: argument.parameters,
    bundle: { id: 'speech-face-en', version: '0.1.0', sha256: 'cd'.repeat(32) },
    provider: 'cpu',
    segments: argument.segments,
    marks: argument.marks,
    results: SEGMENTS.map(fakeResult),
    problems: [],
    intervalLevel: 0.9,
  };
}

/** A face that was seen in the first half of the stretch only, and a voice that pauses. */
function fakeCurves({ range: asked }: CallArgument<'recovery/curves'>): MeasuredCurves {
  const count = 12;
  const times = Array.from({ length: count }, (_, i) =>
    microseconds(Math.round(asked.start + ((asked.end - asked.start) * (i + 0.5)) / count)),
  );
  const curve = (name: string, unit: string, value: (i: number) => number | undefined) => ({
    name,
    unit,
    times,
    values: times.map((_, i) => value(i)),
  });
  return {
    range: asked,
    curves: {
      visual: EMOTIONS.map((name, k) =>
        curve(name, 'probability', (i) => (i < 6 ? (k === 1 ? 0.7 : 0.05) : undefined)),
      ),
      audio: VOICE_CURVES.map(({ name, unit }) => curve(name, unit, (i) => (i % 4 === 3 ? undefined : 20 + i))),
    },
    descriptors: { audio: [{ name: 'voiced_segments_rate', unit: '1/s', value: 2.5 }] },
  };
}

const APP: AppInfo = {
  version: '0.1.0',
  platform: 'linux',
  bundles: [
    {
      id: 'speech-face-en',
      version: '0.1.0',
      title: 'Speech and face, English',
      licence: 'CC-BY-NC-SA-4.0',
      intendedUse: 'Research.',
    },
  ],
  providers: ['cpu'],
};

/** What was wrong with the transcript of `openedRecording`. */
export const TRANSCRIPT_PROBLEM: Problem = {
  code: 'transcript.cue_malformed',
  severity: 'warning',
  message: 'The transcript, line 9: no time; dropped.',
  tip: 'Write it as in the other lines.',
};

export function openedRecording(recordingId = RECORDING_ID, fileName = 'sample.mp4'): OpenedRecording {
  return {
    recordingId,
    fileName,
    mediaUrl: `${location.origin}/media.webm`,
    info: INFO,
    problems: [],
    transcript: {
      fileName: 'sample.srt',
      cues: SEGMENTS.flatMap((s) => (s.text === undefined ? [] : [{ range: s.range, text: s.text }])),
      problems: [TRANSCRIPT_PROBLEM],
    },
  };
}

/** Answers like main does, without decoding anything; jobs move when the test says so, or by themselves. */
export class FakeBridge implements LacunaBridge {
  readonly calls: { name: string; argument: unknown }[] = [];
  chooseAnswer: readonly OpenResult[] = [];
  reopenAnswer: OpenResult = { ok: true, recording: openedRecording() };
  /** Time between steps of a job, ms; undefined: jobs wait for `advance`. */
  stepMs: number | undefined;
  /** What jobs of a kind that only the host can do answer with. */
  readonly results: Partial<Record<JobKind, JobSnapshot['result']>> = {};
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private readonly running = new Map<string, { snapshot: JobSnapshot; finish: () => JobSnapshot['result'] }>();
  private jobCount = 0;

  call: LacunaBridge['call'] = (async (name: string, argument?: unknown) => {
    // what crosses the border must survive structured cloning, as with the real one
    this.calls.push({ name, argument: structuredClone(argument) });
    await Promise.resolve();
    if (name === 'app/info') return APP;
    if (name === 'recording/choose') return this.chooseAnswer;
    if (name === 'recording/locate') return this.chooseAnswer[0] ?? null;
    if (name === 'recording/openSample') return { ok: true, recording: openedRecording() };
    if (name === 'recording/reopen') return this.reopenAnswer;
    if (name === 'recovery/curves') return fakeCurves(argument as CallArgument<'recovery/curves'>);
    if (name === 'handover/begin') return { handoverId: this.beginHandover() };
    if (name === 'handover/part') return this.addPart(argument as CallArgument<'handover/part'>);
    if (name === 'job/cancel') return this.cancel((argument as { jobId: string }).jobId);
    if (name.startsWith('job/')) return { jobId: this.begin(name.slice(4) as JobKind, argument as never) };
    return null;
  }) as LacunaBridge['call'];

  async openDropped(files: readonly File[]): Promise<readonly OpenResult[]> {
    await Promise.resolve();
    return files.map((file) => ({
      ok: false,
      fileName: file.name,
      problem: {
        code: 'media.not_media',
        severity: 'error',
        message: `${file.name} holds text, not sound or video.`,
        tip: 'Choose the recording itself.',
      },
    }));
  }

  on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit<N extends EventName>(name: N, payload: Events[N]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(structuredClone(payload) as never);
  }

  /** Moves every running job to its next step, the last one to its end. */
  advance(): void {
    for (const [jobId, job] of this.running) {
      const { snapshot } = job;
      const stepNumber = snapshot.stepNumber + 1;
      if (stepNumber > snapshot.stepCount) {
        this.running.delete(jobId);
        const result = job.finish();
        this.emit('job/update', { ...snapshot, state: 'finished', fraction: 1, ...(result ? { result } : {}) });
      } else {
        const step = STEPS[snapshot.kind][stepNumber - 1]!;
        const next = {
          ...snapshot,
          step,
          stepNumber,
          fraction: (stepNumber - 1) / snapshot.stepCount,
          elapsedMs: snapshot.elapsedMs + 900,
        };
        this.running.set(jobId, { ...job, snapshot: next });
        this.emit('job/update', next);
      }
    }
    if (this.stepMs !== undefined && this.running.size > 0) setTimeout(() => this.advance(), this.stepMs);
  }

  fail(failure: NonNullable<JobSnapshot['failure']>): void {
    for (const [jobId, { snapshot }] of this.running) {
      this.running.delete(jobId);
      this.emit('job/update', { ...snapshot, state: 'failed', failure, problems: [failure] });
    }
  }

  private cancel(jobId: string): null {
    const job = this.running.get(jobId);
    this.running.delete(jobId);
    if (job) this.emit('job/update', { ...job.snapshot, state: 'cancelled' });
    return null;
  }

  /** What the timeline draws is read at once: no test waits for it. */
  private tracks(jobId: string, recordingId: string): void {
    const frameTimes = Float64Array.from({ length: Math.round(DURATION / 40_000) }, (_, frame) => frame * 40_000);
    this.emit('job/update', { ...ended(jobId, 'tracks', { kind: 'tracks', tracks: { frameTimes } }), recordingId });
  }

  private readonly handedOver: Uint8Array[][] = [];

  private beginHandover(): string {
    this.handedOver.push([]);
    return String(this.handedOver.length - 1);
  }

  private addPart({ handoverId, bytes }: CallArgument<'handover/part'>): null {
    this.handedOver[Number(handoverId)]?.push(bytes);
    return null;
  }

  /** What was handed over, the latest one last. */
  handed(): readonly string[] {
    const decoder = new TextDecoder();
    return this.handedOver.map((parts) => parts.map((part) => decoder.decode(part, { stream: true })).join(''));
  }

  /** The preview as the host makes it, by the same code. */
  private preview({ handoverId, options }: PreviewCall): JobSnapshot['result'] {
    const making = previewFiles(parsePreviewSources(this.handed()[Number(handoverId)] ?? ''), options);
    for (;;) {
      const step = making.next();
      if (step.done === true) return { kind: 'preview', files: step.value };
    }
  }

  private begin(kind: JobKind, argument: CallArgument<'job/analyze'>): string {
    this.jobCount += 1;
    const jobId = `job-${this.jobCount}`;
    if (kind === 'tracks') {
      this.tracks(jobId, argument.recordingId);
      return jobId;
    }
    const result = kind === 'preview' ? this.preview(argument as unknown as PreviewCall) : this.results[kind];
    if (result) {
      this.emit('job/update', ended(jobId, kind, result));
      return jobId;
    }
    const snapshot: JobSnapshot = {
      jobId,
      kind,
      recordingId: argument.recordingId,
      state: 'running',
      step: STEPS[kind][0]!,
      stepNumber: 1,
      stepCount: STEPS[kind].length,
      fraction: 0,
      elapsedMs: 0,
      problems: [],
    };
    const finish = (): JobSnapshot['result'] => {
      if (kind === 'perceive') return { kind, summary: fakeSummary() };
      if (kind === 'analyze') return { kind, analysis: fakeAnalysis(argument) };
      const report = { folder: 'report_sample_2026-11-23', files: ['segments.csv', 'timeline.csv'] };
      return kind === 'repeat' ? { kind, outcome: { report, differences: [] } } : { kind: 'export', report };
    };
    this.running.set(jobId, { snapshot, finish });
    this.emit('job/update', snapshot);
    if (this.stepMs !== undefined && this.running.size === 1) setTimeout(() => this.advance(), this.stepMs);
    return jobId;
  }
}

type PreviewCall = CallArgument<'job/preview'>;

/** A job that ends as soon as it begins. */
function ended(jobId: string, kind: JobKind, result: JobSnapshot['result']): JobSnapshot {
  return {
    ...{ jobId, kind, recordingId: '', state: 'finished', step: '', stepNumber: 1, stepCount: 1, elapsedMs: 1 },
    problems: [],
    ...(result ? { result } : {}),
  };
}

const STEPS: Readonly<Record<JobKind, readonly string[]>> = {
  perceive: ['Decode audio and video', 'Find speech', 'Find faces and expressions', 'Propose marks'],
  analyze: ['Judge quality', 'Recover what is missing', 'Fuse and read out'],
  whatIf: ['Hide and recover'],
  selfTest: ['Hide and recover', 'Compare with what was measured'],
  learn: ['Read the labelled segments again', 'Learn and compare'],
  export: ['Write results'],
  repeat: ['Repeat'],
  import: ['Read the annotations'],
  agreement: ['Compare the raters'],
  ratings: ['Read the ratings'],
  openProject: ['Read the project file'],
  saveProject: ['Write the project file'],
  packProject: ['Copy the media'],
  preview: ['Prepare the preview'],
  exportAs: ['Write the annotations'],
  tracks: ['Read the times of the frames', 'Make the spectrogram'],
};
