/**
 * What crosses the border between a process that asks (main, the command line) and the analysis host that does the
 * heavy work. Everything is plain data that structured clone copies.
 */
import type { AgreementOptions } from '../../core/agreement/agreementOptions.js';
import type { AgreementResult } from '../../core/agreement/agreementResult.js';
import type { RaterTrack, StateStretch } from '../../core/agreement/rating.js';
import type { Analysis, AnalysisParameters, QualityThresholds } from '../../core/analysis/analysis.js';
import type { AnnotationSet } from '../../core/interchange/annotationSet.js';
import type { ExportFormatId } from '../../core/interchange/formats.js';
import type { RaterLabel } from '../../core/labels/label.js';
import type { LearnedReadout } from '../../core/learn/learnedReadout.js';
import type { CorruptionMark } from '../../core/marks/mark.js';
import type { Problem } from '../../core/problems/problem.js';
import type { ReportOptions } from '../../core/report/reportOptions.js';
import type { InputFileRecord } from '../../core/report/provenance.js';
import type { MeasuredCurves } from '../../core/recovery/decodedCurve.js';
import type { WhatIf, Withheld } from '../../core/recovery/whatIf.js';
import type { SelfTest } from '../../core/selfTest/selfTest.js';
import type { SegmentReview } from '../../core/review/review.js';
import type { Coding } from '../../core/tiers/coding.js';
import type { Segment, TranscriptCue } from '../../core/segments/segment.js';
import type { FilePreview } from '../../core/report/previewFiles.js';
import type { Microseconds, TimeRange } from '../../core/time/microseconds.js';
import type {
  BundleSummary,
  ImportedAnnotations,
  PerceptionSummary,
  ProjectOpened,
  ProjectPurpose,
  ProjectSaved,
  RatingSource,
  RepeatResult,
  ReportFiles,
  TrackSummary,
} from '../contract/types.js';

/** Where a long task stands. */
export interface HostProgress {
  /** Step name in words, `Find faces and expressions`. */
  readonly step: string;
  /** 1-based. */
  readonly stepNumber: number;
  readonly stepCount: number;
  /** Done share of the whole task, 0 to 1; absent while it cannot be known. */
  readonly fraction?: number;
}

interface TracksArgument {
  /** Absolute path of the media file. */
  readonly path: string;
  readonly recordingId: string;
  /** Folder where frame times and spectrograms are kept. */
  readonly tracksDir: string;
}

interface OnRecording {
  /** Absolute path of the media file. */
  readonly path: string;
  /** SHA-256 that the file must have; one with another is refused before anything of it is measured. */
  readonly sha256?: string;
  readonly recordingId: string;
  /** Folder that holds `perception/` and `bundles/`. */
  readonly modelsDir: string;
  /** Folder of the perception cache; absent: measure again every time and keep nothing. */
  readonly cacheDir?: string;
}

export interface PerceiveArgument extends OnRecording {
  /** Transcript cues on the recording's clock; empty when there is no transcript. */
  readonly cues: readonly TranscriptCue[];
  readonly thresholds: QualityThresholds;
}

export interface AnalyzeArgument extends OnRecording {
  readonly segments: readonly Segment[];
  readonly marks: readonly CorruptionMark[];
  readonly parameters: AnalysisParameters;
}

export interface CurvesArgument extends OnRecording {
  readonly range: TimeRange;
}

export interface WhatIfArgument extends AnalyzeArgument {
  /** What to hide; segments that are not named are left out. */
  readonly withheld: readonly Withheld[];
}

export interface ExportArgument extends AnalyzeArgument, Coding {
  readonly labels: readonly RaterLabel[];
  /** Decisions in the review queue; none when absent. */
  readonly reviews?: readonly SegmentReview[];
  /** Uncertainty from which segments were to be reviewed; the default when absent. */
  readonly reviewThreshold?: number;
  /** Absolute path of the report's folder. */
  readonly outDir: string;
  /** Replace an earlier report in the folder; other files there are kept. Without it the folder must be empty. */
  readonly overwrite: boolean;
  /** Version of the app, for provenance. */
  readonly appVersion: string;
  /**
   * Problems that belong in the report and that the host does not meet by itself: of the transcript, of the marks file, of
   * cutting the recording into segments. Those of perception and analysis may be among them.
   */
  readonly problems: readonly Problem[];
  /** Where the report was asked for. Default `app`. */
  readonly interface?: 'app' | 'command line';
  /** What the report shows and leaves out. Default: `DEFAULT_REPORT_OPTIONS`. */
  readonly options?: ReportOptions;
  /** report.pdf, printed from the answer of `reportHtml`. */
  readonly pdf?: Uint8Array;
  /** Paths of further input files, whose names may have to be taken out of messages. */
  readonly textFiles?: readonly string[];
  /** Who, when and under which conditions, from the project; see `ReportInput`. */
  readonly participant?: string;
  readonly session?: string;
  readonly conditions?: Readonly<Record<string, string>>;
  /** When the person closed the notice on intended use, ISO 8601 UTC. */
  readonly intendedUseReadUtc?: string;
  /** Hash and size of the transcript and marks files, when there were any. */
  readonly transcript?: InputFileRecord;
  readonly marksFile?: InputFileRecord;
}

/** Repeats the analysis of a report. The recording's id is the one of the report. */
export interface RepeatArgument extends OnRecording {
  /** Absolute path of the report's provenance.json. */
  readonly provenanceFile: string;
  /** Cues of the transcript, for reports that left out the words, and the transcript's SHA-256. */
  readonly cues: readonly TranscriptCue[];
  readonly transcriptSha256?: string;
  /** Go on with another version of the program, the bundle or the extractors. */
  readonly despiteDifferences: boolean;
  readonly outDir: string;
  readonly overwrite: boolean;
  readonly appVersion: string;
  readonly interface: 'app' | 'command line';
}

export interface ImportArgument {
  readonly recordingId: string;
  /** Absolute path of the annotation file, or of a report folder. */
  readonly file: string;
}

export interface ExportAsArgument {
  readonly recordingId: string;
  readonly set: AnnotationSet;
  readonly format: ExportFormatId;
  /** Absolute path of the file, or of the folder for formats of several files. */
  readonly out: string;
  readonly overwrite: boolean;
  /** UTF-16 in place of UTF-8. */
  readonly utf16?: boolean;
}

export interface AgreementArgument {
  /** Recording on screen. */
  readonly recordingId: string;
  readonly tracks: readonly RaterTrack[];
  readonly states: readonly StateStretch[];
  readonly options: AgreementOptions;
}

export interface RatingsArgument {
  /** Recording of the ratings of files that name none. */
  readonly recordingId: string;
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** What this computer knows of a media file. */
export interface KnownMedium {
  readonly mediaId: string;
  /** Absolute path where it was last. */
  readonly path?: string;
  /** SHA-256 of its whole content. */
  readonly sha256?: string;
}

interface OpenProjectArgument {
  /** Absolute path of the project file. */
  readonly file: string;
  readonly purpose: ProjectPurpose;
  /** Media of this computer. */
  readonly known: readonly KnownMedium[];
}

/** Contents of a project and what has to be known of its media to write them. */
interface ProjectWork {
  /** Absolute path of a file with `ProjectContents` as JSON. */
  readonly contents: string;
  readonly known: readonly KnownMedium[];
  /** Folder where hashes of media are kept. */
  readonly keptIn: string;
  readonly appVersion: string;
}

interface SaveProjectArgument extends ProjectWork {
  /** Absolute path of the project file. */
  readonly file: string;
  /** Whose file it is from now on; absent for a template. */
  readonly projectId?: string;
  /** Hash that the file had when it was last read or written; another one is left as it is. */
  readonly fileHash?: string;
}

interface PackProjectArgument extends ProjectWork {
  /** Absolute path of the folder, which does not exist. */
  readonly outDir: string;
}

interface PreviewArgument {
  readonly recordingId: string;
  /** Absolute path of a file with `PreviewSources` as JSON. */
  readonly sources: string;
  /** Bytes of the waveform's envelope, 16-bit. */
  readonly peaks?: { readonly hop: Microseconds; readonly minMax: Uint8Array };
  readonly options: ReportOptions;
}

/** One labelled recording to learn from. */
export interface LearnRecording extends Pick<OnRecording, 'sha256'> {
  /** Absolute path of the media file. */
  readonly path: string;
  readonly recordingId: string;
  /** Pseudonym of who was recorded, where it is known. */
  readonly participant?: string;
  readonly segments: readonly Segment[];
  readonly marks: readonly CorruptionMark[];
  /** Labels of the rater who is learned from. */
  readonly labels: readonly RaterLabel[];
  readonly parameters: AnalysisParameters;
}

export interface LearnArgument {
  /** The recording on screen, which the job belongs to. */
  readonly recordingId: string;
  readonly raterId: string;
  readonly recordings: readonly LearnRecording[];
  readonly modelsDir: string;
  readonly cacheDir?: string;
}

/** Every task of the host: its argument and its answer. */
interface HostTasks {
  /** All bundles under `modelsDir/bundles`, refused ones with the reason. */
  bundles: { readonly argument: { readonly modelsDir: string }; readonly answer: readonly BundleSummary[] };
  /** Verifies and opens one bundle on a provider, so that a refusal comes before any long work. */
  bundle: {
    readonly argument: { readonly modelsDir: string; readonly bundleId: string; readonly provider: string };
    readonly answer: { readonly provider: string };
  };
  /** Execution providers that can be asked for on this machine, `auto` and `cpu` always among them. */
  providers: { readonly argument: Record<string, never>; readonly answer: readonly string[] };
  perceive: { readonly argument: PerceiveArgument; readonly answer: PerceptionSummary };
  analyze: { readonly argument: AnalyzeArgument; readonly answer: Analysis };
  /** Hides modalities that are there and recovers them. */
  whatIf: { readonly argument: WhatIfArgument; readonly answer: WhatIf };
  /** Hides every intact modality once, and says how far recovery can be trusted in the recording. */
  /** Learns a read-out from labels. */
  learn: { readonly argument: LearnArgument; readonly answer: LearnedReadout };
  selfTest: { readonly argument: AnalyzeArgument; readonly answer: SelfTest };
  /** What was measured of face and voice in one stretch; quick when the recording was perceived before. */
  curves: { readonly argument: CurvesArgument; readonly answer: MeasuredCurves };
  tracks: { readonly argument: TracksArgument; readonly answer: TrackSummary };
  export: { readonly argument: ExportArgument; readonly answer: ReportFiles };
  /** The page of a report, for printing. */
  reportHtml: { readonly argument: ExportArgument; readonly answer: string };
  repeat: { readonly argument: RepeatArgument; readonly answer: RepeatResult };
  /** Reads annotations of a file of another program. */
  import: { readonly argument: ImportArgument; readonly answer: ImportedAnnotations };
  /** Reads a portable project file and looks for its media. */
  openProject: {
    readonly argument: OpenProjectArgument;
    readonly answer: {
      readonly opened: ProjectOpened;
      readonly media: readonly KnownMedium[];
      /** Set where the file is that of a project that can be worked on here: no template, of no newer version. */
      readonly projectId?: string;
    };
  };
  /** Measures the media and writes the project file. */
  saveProject: {
    readonly argument: SaveProjectArgument;
    readonly answer: { readonly saved: ProjectSaved; readonly media: readonly KnownMedium[] };
  };
  /** A copy of the project with all its media. */
  packProject: {
    readonly argument: PackProjectArgument;
    readonly answer: { readonly report: ReportFiles; readonly problems: readonly Problem[] };
  };
  /** The files that an export would write. */
  preview: { readonly argument: PreviewArgument; readonly answer: readonly FilePreview[] };
  /** Writes annotations for another program; answers with the file's name. */
  exportAs: { readonly argument: ExportAsArgument; readonly answer: string };
  agreement: { readonly argument: AgreementArgument; readonly answer: AgreementResult };
  /** Reads raters of files, to be compared. */
  ratings: { readonly argument: RatingsArgument; readonly answer: readonly RatingSource[] };
}

export type HostTaskKind = keyof HostTasks;
export type HostArgument<K extends HostTaskKind> = HostTasks[K]['argument'];
export type HostAnswer<K extends HostTaskKind> = HostTasks[K]['answer'];

/** Client to host. */
export type HostRequest =
  | {
      [K in HostTaskKind]: {
        readonly type: 'run';
        readonly id: number;
        readonly kind: K;
        readonly argument: HostArgument<K>;
      };
    }[HostTaskKind]
  | { readonly type: 'cancel'; readonly id: number };

/** Why a task gave no answer: expected trouble, a cancellation, or a bug. */
export type HostFailure =
  { readonly problem: Problem } | { readonly cancelled: true } | { readonly message: string; readonly stack: string };

/** Host to client. */
export type HostReply =
  | { readonly type: 'progress'; readonly id: number; readonly progress: HostProgress }
  | { readonly type: 'result'; readonly id: number; readonly answer: HostAnswer<HostTaskKind> }
  | { readonly type: 'failure'; readonly id: number; readonly failure: HostFailure };
