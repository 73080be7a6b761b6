import type { ReportInput } from '../../../core/report/reportInput.js';
import type { ReportSources } from '../../../core/report/reportFiles.js';
import { microseconds, fromSeconds } from '../../../core/time/microseconds.js';
import { analysis, estimate, mark, perception, range, segment, use } from '../fixtures.js';

const INPUT: ReportInput = {
  recordingId: 'rec-0123456789ab',
  inputSha256: '0123456789abcdef'.repeat(4),
  duration: fromSeconds(6),
  framesPerSecond: 25,
  appVersion: '0.2.0',
  sourceFile: 'Anna interview.mp4',
  labels: [
    { segmentId: 's0001', raterId: 'Berta', label: 'sadness', score: -1, modifiedUtc: '2026-01-01T00:00:00Z' },
    { segmentId: 's0001', raterId: 'R1', label: 'anger', note: '=SUM(A1)', modifiedUtc: '2026-01-02T00:00:00Z' },
  ],
  schemes: [{ id: 'k0001', name: 'Gaze', values: [{ value: 'camera', colour: 'blue', letter: 'C' }] }],
  tiers: [
    { id: 't0001', name: 'Gaze', schemeId: 'k0001' },
    { id: 't0002', name: 'Remarks' },
  ],
  annotations: [
    {
      ...{ id: 'a0001', tierId: 't0001', range: range(0.25, 1.5), value: 'camera', raterId: 'Clara', flagged: true },
      ...{ note: 'Anna looks up', reactionLag: microseconds(300_000), modifiedUtc: '2026-01-03T00:00:00Z' },
    },
    {
      ...{ id: 'a0002', tierId: 't0002', range: range(2, 3), value: '=Anna laughs', raterId: 'R1' },
      modifiedUtc: '2026-01-03T00:00:00Z',
    },
    { id: 'a0003', tierId: 't0001', range: range(4, 5), raterId: 'R1', modifiedUtc: '2026-01-03T00:00:00Z' },
  ],
  traces: [
    {
      ...{ id: 'v0001', dimension: 'valence', raterId: 'Clara', start: microseconds(100_000), input: 'gamepad' },
      ...{
        step: microseconds(50_000),
        values: [250, null, -1000],
        reactionLag: microseconds(400_000),
        speeds: [1, 0.5],
      },
      recordedUtc: '2026-01-04T00:00:00Z',
    },
  ],
  problems: [
    {
      code: 'media.truncated',
      severity: 'warning',
      message: 'The file /home/anna/study 1/Anna interview.mp4 ends early; so does C:\\Users\\anna\\b.wav.',
      tip: 'Look at and/or replace it.',
      range: range(5, 6),
    },
  ],
  analysis: analysis({
    segments: [segment('s0002', 3, 5), { ...segment('s0001', 0.5, 2, 'Hello, "you"'), speaker: 'Anna' }],
    marks: [
      mark({ id: 'human-1', range: range(1, 2), severity: 3, note: 'Anna coughs' }),
      mark({ id: 'auto-1', range: range(4, 5), source: 'auto', detector: 'snr/1', review: 'proposed', note: 'SNR 3' }),
    ],
    excluded: [
      {
        modality: 'visual',
        range: range(3, 4),
        reason: 'no_face',
        rows: { first: 15, last: 19 },
        measured: 0.21,
        threshold: 'faceScoreMin',
      },
      { modality: 'audio', range: range(5, 6), reason: 'not_decoded' },
    ],
    bundle: {
      id: 'speech-face-en',
      version: '0.1.0',
      sha256: 'cd'.repeat(32),
      facts: {
        title: 'Speech and face',
        licence: 'CC-BY-NC-SA-4.0',
        intendedUse: 'Research.',
        sampler: { kind: 'edm-dpmpp2m', steps: 6 },
        calibratedOn: 'two actors',
        trainingData: ['RAVDESS speech'],
        limits: ['Acted emotions only.'],
      },
    },
    results: [
      {
        segmentId: 's0001',
        use: {
          text: use(),
          audio: use({ quality: 0.75 }),
          visual: use({ state: 'recovered', usableFraction: 0.2, samples: 8, spread: 0.31, reason: 'no face' }),
        },
        estimate: estimate({
          scoreSpread: 0.1,
          scoreWithoutRecovery: 0,
          decoded: { visual: [{ name: 'smile', unit: '0 to 1', mean: 0.5, low: 0.4, high: 0.6 }] },
        }),
      },
      {
        segmentId: 's0002',
        use: {
          text: use({ state: 'missing', usableFraction: 0 }),
          audio: use({ state: 'missing', usableFraction: 0 }),
          visual: use({ state: 'missing', usableFraction: 0 }),
        },
      },
    ],
  }),
};

/** A small report with everything that can name a person in it. */
export const SOURCES: ReportSources = {
  input: INPUT,
  about: {
    info: perception(6).info,
    extractors: ['a/1'],
    versions: { node: '1' },
    platform: { os: 'linux', arch: 'x64' },
    createdUtc: '2026-01-01T00:00:00Z',
    interface: 'app',
    inputPath: '/home/anna/study 1/Anna interview.mp4',
  },
  names: ['/home/anna/study 1/Anna interview.mp4', '/home/anna/study 1', 'Anna interview.mp4', '/home/anna'],
};
