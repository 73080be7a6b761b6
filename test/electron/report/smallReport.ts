import type { Analysis } from '../../../core/analysis/analysis.js';
import { DEFAULT_THRESHOLDS } from '../../../core/quality/thresholds.js';
import { type ReportFile, reportFiles } from '../../../core/report/reportFiles.js';
import { DEFAULT_REPORT_OPTIONS, type ReportOptions } from '../../../core/report/reportOptions.js';
import { fromSeconds } from '../../../core/time/microseconds.js';

/** An analysis of `count` segments of one second without any estimate. */
export function analysisOf(count: number): Analysis {
  const segments = Array.from({ length: count }, (_, i) => ({
    id: `s${String(i + 1).padStart(4, '0')}`,
    range: { start: fromSeconds(i), end: fromSeconds(i + 1) },
    origin: 'window' as const,
  }));
  const missing = { state: 'missing', reason: 'no sound', usableFraction: 0 } as const;
  return {
    parameters: {
      bundleId: 'tiny',
      seed: 1,
      samples: 8,
      provider: 'cpu',
      recover: true,
      thresholds: DEFAULT_THRESHOLDS,
    },
    bundle: { id: 'tiny', version: '0.1.0', sha256: 'ab'.repeat(32) },
    provider: 'cpu',
    segments,
    marks: [],
    results: segments.map(({ id }) => ({ segmentId: id, use: { text: missing, audio: missing, visual: missing } })),
    problems: [],
    intervalLevel: 0.9,
  };
}

/** A whole report of `count` segments. */
export function reportOf(count: number, options: Partial<ReportOptions> = {}): ReportFile[] {
  const duration = fromSeconds(count);
  return reportFiles(
    {
      input: {
        recordingId: 'rec-0123456789ab',
        inputSha256: 'cd'.repeat(32),
        duration,
        appVersion: '0.1.0',
        analysis: analysisOf(count),
        labels: [],
        problems: [],
      },
      about: {
        info: { container: 'wav', sizeBytes: 1, duration },
        extractors: ['a/1'],
        versions: { node: '1' },
        platform: { os: 'linux', arch: 'x64' },
        createdUtc: '2026-01-01T00:00:00Z',
        interface: 'app',
      },
    },
    { ...DEFAULT_REPORT_OPTIONS, ...options },
  );
}
