import type { Analysis, AnalysisParameters } from '../analysis/analysis.js';
import type { MediaInfo } from '../recording/mediaInfo.js';
import type { Problem } from '../problems/problem.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { RaterLabel } from '../labels/label.js';
import { DEFAULT_REVIEW_THRESHOLD, type SegmentReview } from '../review/review.js';
import { UNCERTAINTY_DEFINITION } from '../review/uncertainty.js';
import type { Segment } from '../segments/segment.js';
import type { Coding } from '../tiers/coding.js';
import type { Trace } from '../traces/trace.js';
import { formatHms } from '../time/format.js';
import { MICROSECONDS_PER_SECOND } from '../time/microseconds.js';
import { INTENDED_USE_NOTICE } from './intendedUse.js';
import type { ReportOptions } from './reportOptions.js';

/** Hash and size of an input file; its name and place are left out on purpose. */
export interface InputFileRecord {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What only the program around the core knows. */
export interface ProvenanceInput {
  readonly appVersion: string;
  /** Commit of the source, when known. */
  readonly appCommit?: string;
  readonly recordingId: string;
  readonly inputSha256: string;
  readonly info: MediaInfo;
  readonly analysis: Analysis;
  /** Rows of problems.csv. */
  readonly problemCount: number;
  /** Transcript and marks files, when there were any. */
  readonly transcript?: InputFileRecord;
  readonly marksFile?: InputFileRecord;
  /** Extractor ids with versions, for example `face-expression/1`. */
  readonly extractors: readonly string[];
  /** Versions of what results depend on: node, electron, onnxruntime, ffmpeg, … */
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: { readonly os: string; readonly arch: string };
  /** Start and end of the analysis and time of writing, ISO 8601 UTC. */
  readonly createdUtc: string;
  /** Where the report was asked for. */
  readonly interface: 'app' | 'command line';
  /** What the analysis was made from beside the file, as the report may show it. */
  readonly work: ReportWork;
  readonly options: ReportOptions;
  /** Uncertainty from which segments were to be reviewed; the default when absent. */
  readonly reviewThreshold?: number;
  /** Place of the input file, for reports that may hold it. */
  readonly inputPath?: string;
  /** When the person at the screen closed the notice on intended use, ISO 8601 UTC; absent on the command line. */
  readonly intendedUseReadUtc?: string;
}

/** What people made: the input of an analysis that is in no file. Times are integer microseconds. */
interface ReportWork extends Coding {
  readonly segments: readonly Segment[];
  readonly marks: readonly CorruptionMark[];
  readonly labels: readonly RaterLabel[];
  /** Decisions in the review queue; absent where there are none. */
  readonly reviews?: readonly SegmentReview[];
  /** Problems that were handed to the report, for example of the transcript. */
  readonly problems: readonly Problem[];
  /** Who, when and under which conditions, from the project. */
  readonly participant?: string;
  readonly session?: string;
  readonly conditions?: Readonly<Record<string, string>>;
}

/** One continuous rating, as provenance.json tells it. */
interface TraceRecord extends Pick<Trace, 'id' | 'raterId' | 'dimension' | 'input' | 'speeds' | 'recordedUtc'> {
  readonly valuesPerSecond: number;
  /** Reaction lag that the rater stated; the times in traces.csv are as recorded, this is never taken off them. */
  readonly reactionLagMicroseconds: number;
}

/** How people marked and rated while the recording played. */
interface LiveCoding {
  readonly traces: readonly TraceRecord[];
  /**
   * Lags that were taken off the times at which keys were pressed, each once; the lag of each segment and annotation is
   * in `work`. Empty where nothing was marked live with a lag.
   */
  readonly reactionLagsTakenOffMicroseconds: {
    readonly segments: readonly number[];
    readonly annotations: readonly number[];
  };
}

/** Content of provenance.json: enough to run the analysis again, nothing that names a person or a place. */
export interface Provenance {
  readonly schema: 'lacuna.provenance/2';
  readonly createdUtc: string;
  readonly app: {
    readonly name: 'Lacuna';
    readonly version: string;
    readonly commit?: string;
    readonly interface: string;
  };
  readonly platform: { readonly os: string; readonly arch: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly input: {
    readonly recordingId: string;
    /** Present in reports that may hold names of files. */
    readonly path?: string;
    readonly sha256: string;
    readonly sizeBytes: number;
    readonly durationMicroseconds: number;
    readonly duration: string;
    readonly container: string;
    readonly audio: MediaInfo['audio'] | null;
    readonly video: MediaInfo['video'] | null;
    readonly transcript: InputFileRecord | null;
    readonly marks: InputFileRecord | null;
  };
  readonly extractors: readonly string[];
  readonly bundle: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly provider: { readonly requested: string; readonly used: string };
  readonly seed: number;
  readonly parameters: AnalysisParameters;
  readonly intervalLevel: number;
  /** Which segments were to be reviewed by a person. */
  readonly review: { readonly threshold: number; readonly uncertainty: string };
  readonly live: LiveCoding;
  readonly counts: { readonly segments: number; readonly marks: number; readonly problems: number };
  readonly intendedUse: string;
  readonly intendedUseReadUtc: string | null;
  /** What the report shows and leaves out. */
  readonly report: ReportOptions;
  readonly work: ReportWork;
}

function sortedRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function liveCoding({ segments, annotations = [], traces = [] }: ReportWork): LiveCoding {
  const lagsOf = (items: readonly { readonly reactionLag?: number }[]) =>
    [...new Set(items.flatMap(({ reactionLag }) => reactionLag ?? []))].sort((a, b) => a - b);
  return {
    traces: traces.map(({ id, raterId, dimension, input, speeds, recordedUtc, step, reactionLag }) => ({
      ...{ id, raterId, dimension, input, speeds, recordedUtc },
      valuesPerSecond: MICROSECONDS_PER_SECOND / step,
      reactionLagMicroseconds: reactionLag,
    })),
    reactionLagsTakenOffMicroseconds: { segments: lagsOf(segments), annotations: lagsOf(annotations) },
  };
}

/** Builds provenance.json's object. Everything but `createdUtc` is the same for the same input on the same machine. */
export function buildProvenance(input: ProvenanceInput): Provenance {
  const { analysis, info } = input;
  return {
    schema: 'lacuna.provenance/2',
    createdUtc: input.createdUtc,
    app: {
      name: 'Lacuna',
      version: input.appVersion,
      ...(input.appCommit === undefined ? {} : { commit: input.appCommit }),
      interface: input.interface,
    },
    platform: { os: input.platform.os, arch: input.platform.arch },
    versions: sortedRecord(input.versions),
    input: {
      recordingId: input.recordingId,
      ...(input.inputPath === undefined ? {} : { path: input.inputPath }),
      sha256: input.inputSha256,
      sizeBytes: info.sizeBytes,
      durationMicroseconds: info.duration,
      duration: formatHms(info.duration),
      container: info.container,
      audio: info.audio ?? null,
      video: info.video ?? null,
      transcript: input.transcript ?? null,
      marks: input.marksFile ?? null,
    },
    extractors: [...input.extractors].sort(),
    bundle: { id: analysis.bundle.id, version: analysis.bundle.version, sha256: analysis.bundle.sha256 },
    provider: { requested: analysis.parameters.provider, used: analysis.provider },
    seed: analysis.parameters.seed,
    parameters: analysis.parameters,
    intervalLevel: analysis.intervalLevel,
    review: { threshold: input.reviewThreshold ?? DEFAULT_REVIEW_THRESHOLD, uncertainty: UNCERTAINTY_DEFINITION },
    live: liveCoding(input.work),
    counts: {
      segments: analysis.segments.length,
      marks: analysis.marks.length,
      problems: input.problemCount,
    },
    intendedUse: INTENDED_USE_NOTICE,
    intendedUseReadUtc: input.intendedUseReadUtc ?? null,
    report: input.options,
    work: input.work,
  };
}

/** The file's text: two-space JSON, one line per segment, mark, label and problem, with a line end. */
export function formatProvenance(provenance: Provenance): string {
  const { work, ...rest } = provenance;
  const lists = Object.entries(work).map(([name, items]) => {
    if (!Array.isArray(items)) return `    ${JSON.stringify(name)}: ${JSON.stringify(items)}`;
    const lines = items.map((item) => `      ${JSON.stringify(item)}`);
    return `    ${JSON.stringify(name)}: [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n    `}]`;
  });
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  return `${head},\n  "work": {\n${lists.join(',\n')}\n  }\n}\n`;
}
