/** Types that cross the border between the page and main. Schemas that check them are in `contract.ts`. */
import type { Analysis } from '../../core/analysis/analysis.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Problem } from '../../core/problems/problem.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import type { Segment, TranscriptCue } from '../../core/segments/segment.js';
import type { WaveformPeaks } from '../../core/perception/perception.js';

export interface BundleSummary {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly licence: string;
  readonly intendedUse: string;
  /** Set when the bundle was refused; says which file and what does not fit. */
  readonly refused?: Problem;
}

export interface AppInfo {
  readonly version: string;
  readonly platform: string;
  readonly bundles: readonly BundleSummary[];
  readonly providers: readonly string[];
}

export interface ImportedTranscript {
  readonly fileName: string;
  readonly cues: readonly TranscriptCue[];
  readonly problems: readonly Problem[];
}

export interface OpenedRecording {
  /** `rec-` and 12 hex digits of the file's fingerprint; the same file has the same id wherever it lies. */
  readonly recordingId: string;
  readonly fileName: string;
  /** URL on the app's own media scheme, playable in a media element. */
  readonly mediaUrl: string;
  readonly info: MediaInfo;
  /** Transcript of the same name found beside the recording. */
  readonly transcript?: ImportedTranscript;
  readonly problems: readonly Problem[];
}

export type OpenResult =
  | { readonly ok: true; readonly recording: OpenedRecording }
  | { readonly ok: false; readonly fileName: string; readonly problem: Problem };

/** What perception tells the page: enough to draw, mark and segment; the tracks themselves stay in the cache. */
export interface PerceptionSummary {
  readonly info: MediaInfo;
  readonly inputSha256: string;
  readonly peaks?: WaveformPeaks;
  readonly segments: readonly Segment[];
  readonly proposals: readonly CorruptionMark[];
  readonly problems: readonly Problem[];
}

export interface ReportFiles {
  readonly folder: string;
  readonly files: readonly string[];
}

export type JobKind = 'perceive' | 'analyze' | 'export';
export type JobState = 'waiting' | 'running' | 'cancelling' | 'finished' | 'failed' | 'cancelled';

/** The state of a job, pushed at most ten times a second and at every change of state or step. */
export interface JobSnapshot {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly recordingId: string;
  readonly state: JobState;
  /** Step name in words, `Find faces and expressions`. */
  readonly step: string;
  readonly stepNumber: number;
  readonly stepCount: number;
  /** Done share of the whole job, 0 to 1; undefined while it cannot be known. */
  readonly fraction?: number;
  readonly elapsedMs: number;
  readonly problems: readonly Problem[];
  /** Why the job failed, for `failed`. */
  readonly failure?: Problem;
  /** Present when finished, by kind. */
  readonly result?:
    | { readonly kind: 'perceive'; readonly summary: PerceptionSummary }
    | { readonly kind: 'analyze'; readonly analysis: Analysis }
    | { readonly kind: 'export'; readonly report: ReportFiles };
}
