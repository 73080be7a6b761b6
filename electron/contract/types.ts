/** Types that cross the border between the page and main. Schemas that check them are in `contract.ts`. */
import type { AgreementResult } from '../../core/agreement/agreementResult.js';
import type { RatingFile } from '../../core/agreement/readRatingTable.js';
import type { AnnotationSet } from '../../core/interchange/annotationSet.js';
import type { Analysis, BundleFacts } from '../../core/analysis/analysis.js';
import type { LearnedReadout } from '../../core/learn/learnedReadout.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { AdditionalMedia } from '../../core/project/project.js';
import type { PackedProject } from '../../core/project/packedProject.js';
import type { FilePreview } from '../../core/report/previewFiles.js';
import type { Problem } from '../../core/problems/problem.js';
import type { WhatIf } from '../../core/recovery/whatIf.js';
import type { SelfTest } from '../../core/selfTest/selfTest.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import type { Segment, TranscriptCue } from '../../core/segments/segment.js';
import type { WaveformPeaks } from '../../core/perception/perception.js';
import type { Microseconds } from '../../core/time/microseconds.js';

export interface BundleSummary {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly licence: string;
  readonly intendedUse: string;
  /** SHA-256 of its bundle.json; absent when it was refused. */
  readonly sha256?: string;
  /** What it says of itself; absent when it was refused. */
  readonly facts?: BundleFacts;
  /** Made for the ready-made features of a benchmark; not offered for recordings. */
  readonly benchmark?: boolean;
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

/** A second file of a recording, as the project keeps it; offset and drift are the person's. */
export type MediaResult =
  | { readonly ok: true; readonly media: Pick<AdditionalMedia, 'mediaId' | 'fileName' | 'sizeBytes' | 'kind'> }
  | { readonly ok: false; readonly fileName: string; readonly problem: Problem };

/** Whether a media file is known to lie somewhere; `other …`: another file lies there, and what of it differs. */
export type MediaState = 'found' | 'other size' | 'other content' | 'missing';

/** What a project file is opened for. */
export const PROJECT_PURPOSES = ['open', 'merge', 'template'] as const;
export type ProjectPurpose = (typeof PROJECT_PURPOSES)[number];

/** What a project file says. Nothing is taken over by it. */
export interface ProjectOpened {
  readonly fileName: string;
  /** SHA-256 of the file, to see later whether somebody else changed it. */
  readonly hash: string;
  readonly read: PackedProject;
  /** By media id. */
  readonly media: Readonly<Record<string, MediaState>>;
}

/** What came of saving a project file. */
export type ProjectSaved =
  /** `problems`: media that were replaced meanwhile. */
  | { readonly changed: false; readonly fileName: string; readonly hash: string; readonly problems: readonly Problem[] }
  /** The file is not as it was last read or written here; nothing was written. */
  | { readonly changed: true; readonly fileName: string };

/** What perception tells the page: enough to draw, mark and segment; the tracks themselves stay in the cache. */
export interface PerceptionSummary {
  readonly info: MediaInfo;
  readonly inputSha256: string;
  readonly peaks?: WaveformPeaks;
  readonly segments: readonly Segment[];
  readonly proposals: readonly CorruptionMark[];
  readonly problems: readonly Problem[];
}

/** What there is of a recording's spectrogram; its tiles are asked for one by one. */
export interface SpectrogramSummary {
  /** Frequency bands of a column, from low to high, equally wide on the mel scale. */
  readonly bands: number;
  readonly lowHz: number;
  readonly highHz: number;
  /** Byte that is drawn darkest; a byte is 2 (dB re full scale + 120), 0 is silence. */
  readonly loudest: number;
  readonly columnsPerTile: number;
  /** Resolutions from fine to coarse, each with the time from column to column. */
  readonly levels: readonly { readonly hop: Microseconds; readonly columns: number }[];
}

/** What the timeline draws and steps by besides the perception. */
export interface TrackSummary {
  /** Start of every frame, microseconds, ascending; empty without video. */
  readonly frameTimes: Float64Array;
  readonly spectrogram?: SpectrogramSummary;
}

/** Annotations of a file, before anything of them is taken over. */
export interface ImportedAnnotations {
  readonly fileName: string;
  /** Name of the format in words. */
  readonly format: string;
  readonly set: AnnotationSet;
  /** Every row that was not taken or was changed, with line and reason. */
  readonly problems: readonly Problem[];
}

/** Raters of a file, to be compared with others; nothing of them is taken over. */
export interface RatingSource extends RatingFile {
  readonly fileName: string;
  /** Tells the file's raters from those of the same name elsewhere. */
  readonly name: string;
}

export interface ReportFiles {
  readonly folder: string;
  readonly files: readonly string[];
}

export type JobKind =
  | 'perceive'
  | 'analyze'
  | 'whatIf'
  | 'selfTest'
  | 'learn'
  | 'export'
  | 'repeat'
  | 'tracks'
  | 'import'
  | 'exportAs'
  | 'agreement'
  | 'ratings'
  | 'openProject'
  | 'saveProject'
  | 'packProject'
  | 'preview';

/** Something that the program keeps about a recording. */
export interface StoredItem {
  /** In words, `Measurements of voice and face`. */
  readonly what: string;
  readonly count: number;
  readonly bytes?: number;
  /** Set after a deletion. */
  readonly deleted?: boolean;
}

/** One table of a repeated report beside the earlier one. */
export interface FileComparison {
  readonly name: string;
  /** `changed since`: the earlier file no longer fits its own checksum, so it cannot be compared. */
  readonly verdict: 'identical' | 'differs' | 'changed since' | 'only before' | 'only now';
  /** The first line that differs, from 1 (the header), and the first column in it. */
  readonly difference?: {
    readonly line: number;
    readonly column: string;
    readonly before: string;
    readonly now: string;
  };
}

export interface ReportComparison {
  readonly identical: boolean;
  readonly files: readonly FileComparison[];
}

/** What came of repeating an analysis. */
export interface RepeatResult {
  readonly report: ReportFiles;
  /** Versions that differ and were accepted. */
  readonly differences: readonly Problem[];
  /** Absent where the earlier report has no checksums to compare with. */
  readonly comparison?: ReportComparison;
}

export type JobState = 'waiting' | 'running' | 'cancelling' | 'finished' | 'failed' | 'cancelled';

/** The state of a job, pushed at most ten times a second and at every change of state or step. */
export interface JobSnapshot {
  readonly jobId: string;
  readonly kind: JobKind;
  /** `''` for a job on a project file. */
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
    | { readonly kind: 'whatIf'; readonly whatIf: WhatIf }
    | { readonly kind: 'learn'; readonly readout: LearnedReadout }
    | { readonly kind: 'selfTest'; readonly selfTest: SelfTest }
    | { readonly kind: 'export'; readonly report: ReportFiles }
    | { readonly kind: 'repeat'; readonly outcome: RepeatResult }
    | { readonly kind: 'tracks'; readonly tracks: TrackSummary }
    | { readonly kind: 'import'; readonly file: ImportedAnnotations }
    | { readonly kind: 'exportAs'; readonly fileName: string }
    | { readonly kind: 'agreement'; readonly agreement: AgreementResult }
    | { readonly kind: 'ratings'; readonly sources: readonly RatingSource[] }
    | { readonly kind: 'openProject'; readonly opened: ProjectOpened }
    | { readonly kind: 'saveProject'; readonly saved: ProjectSaved }
    | { readonly kind: 'packProject'; readonly report: ReportFiles; readonly problems: readonly Problem[] }
    | { readonly kind: 'preview'; readonly files: readonly FilePreview[] };
}
