import type { Analysis, AnalysisParameters } from '../analysis/analysis.js';
import type { MediaInfo } from '../recording/mediaInfo.js';
import { formatHms } from '../time/format.js';

/** Part of every report. */
const INTENDED_USE_NOTICE =
  'Offline research tool. Estimates of expressed emotion are not direct readings of what a person feels. Not for ' +
  'decisions about individuals, and not for use in hiring, grading, the workplace or education.';

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
  /** Command line options or app actions that led here, without paths. */
  readonly interface: 'app' | 'command line';
}

/** Content of provenance.json: enough to run the analysis again, nothing that names a person or a place. */
export interface Provenance {
  readonly schema: 'lacuna.provenance/1';
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
  readonly counts: { readonly segments: number; readonly marks: number; readonly problems: number };
  readonly intendedUse: string;
}

function sortedRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Builds provenance.json's object. Everything but `createdUtc` is the same for the same input on the same machine. */
export function buildProvenance(input: ProvenanceInput): Provenance {
  const { analysis, info } = input;
  return {
    schema: 'lacuna.provenance/1',
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
    counts: {
      segments: analysis.segments.length,
      marks: analysis.marks.length,
      problems: input.problemCount,
    },
    intendedUse: INTENDED_USE_NOTICE,
  };
}

/** The file's text: two-space JSON with a line end. */
export function formatProvenance(provenance: Provenance): string {
  return `${JSON.stringify(provenance, null, 2)}\n`;
}
