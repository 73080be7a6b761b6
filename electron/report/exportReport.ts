import { env } from 'onnxruntime-node';
import type { Analysis } from '../../core/analysis/analysis.js';
import type { Perception } from '../../core/perception/perception.js';
import { buildReport, reportProblems } from '../../core/report/buildReport.js';
import { buildProvenance, formatProvenance } from '../../core/report/provenance.js';
import { FEATURE_EXTRACTORS } from '../analysis/analyzeRecording.js';
import type { ReportFiles } from '../contract/types.js';
import type { ExportArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { mediaPrograms } from '../media/ffmpegPrograms.js';
import { writeReport } from './writeReport.js';

export interface ReportSources {
  readonly perception: Perception;
  readonly analysis: Analysis;
}

/**
 * Makes the report of an analysis and writes it to `argument.outDir`.
 * @throws ProblemError `report.*` when the folder cannot take it.
 */
export async function exportReport(
  argument: ExportArgument,
  { perception, analysis }: ReportSources,
  { signal, onProgress }: TaskContext,
): Promise<ReportFiles> {
  const { appVersion, labels, recordingId } = argument;
  const { info, inputSha256 } = perception;
  const problems = [...argument.problems, ...perception.problems];
  const input = { recordingId, inputSha256, duration: info.duration, appVersion, analysis, labels, problems };
  const tables = buildReport(input);
  const provenance = buildProvenance({
    appVersion,
    recordingId,
    inputSha256,
    info,
    analysis,
    problemCount: reportProblems(input).length,
    ...(argument.transcript === undefined ? {} : { transcript: argument.transcript }),
    ...(argument.marksFile === undefined ? {} : { marksFile: argument.marksFile }),
    extractors: extractorsOf(perception),
    versions: await versions(),
    platform: { os: process.platform, arch: process.arch },
    createdUtc: new Date().toISOString(),
    interface: argument.interface ?? 'app',
  });
  const report = { tables, provenance: formatProvenance(provenance) };
  return writeReport(report, argument.outDir, {
    overwrite: argument.overwrite,
    signal,
    onProgress: (done, total) => {
      onProgress({ step: 'Write the report', stepNumber: 5, stepCount: 5, fraction: done / total });
    },
  });
}

function extractorsOf({ audio, visual }: Perception): string[] {
  return [
    ...(audio === undefined ? [] : [audio.extractor, FEATURE_EXTRACTORS.audio]),
    ...(visual === undefined ? [] : [visual.extractor, FEATURE_EXTRACTORS.visual]),
    FEATURE_EXTRACTORS.text,
  ];
}

async function versions(): Promise<Record<string, string>> {
  const { ffmpeg, ffprobe } = await mediaPrograms();
  const { node, v8, electron } = process.versions;
  return {
    ...(electron === undefined ? {} : { electron }),
    node,
    v8,
    onnxruntime: env.versions.node ?? env.versions.common,
    ffmpeg: ffmpeg.version,
    ffprobe: ffprobe.version,
  };
}
