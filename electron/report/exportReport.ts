import path from 'node:path';
import { homedir } from 'node:os';
import { env } from 'onnxruntime-node';
import type { Analysis } from '../../core/analysis/analysis.js';
import type { Perception } from '../../core/perception/perception.js';
import { placeInProject } from '../../core/report/reportInput.js';
import { reportFiles, reportPage, type ReportSources } from '../../core/report/reportFiles.js';
import { codingOf } from '../../core/tiers/coding.js';
import { DEFAULT_REPORT_OPTIONS } from '../../core/report/reportOptions.js';
import { FEATURE_EXTRACTORS } from '../analysis/checkFit.js';
import type { ReportFiles } from '../contract/types.js';
import type { ExportArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { mediaPrograms } from '../media/ffmpegPrograms.js';
import { writeReport } from './writeReport.js';

/** What the report is about: the latest perception and analysis of the recording. */
export interface Results {
  readonly perception: Perception;
  readonly analysis: Analysis;
}

/**
 * Makes the report of an analysis and writes it to `argument.outDir`.
 * @throws ProblemError `report.*` when the folder cannot take it.
 */
export async function exportReport(
  argument: ExportArgument,
  results: Results,
  { signal, onProgress }: TaskContext,
): Promise<ReportFiles> {
  const sources = await reportSources(argument, results);
  const files = reportFiles(sources, argument.options ?? DEFAULT_REPORT_OPTIONS);
  return writeReport(files, argument.outDir, {
    overwrite: argument.overwrite,
    signal,
    onProgress: (done, total) => {
      onProgress({ step: 'Write the report', stepNumber: 5, stepCount: 5, fraction: done / total });
    },
  });
}

/** The page that is printed for report.pdf. */
export async function reportHtml(argument: ExportArgument, results: Results): Promise<string> {
  return reportPage(await reportSources(argument, results), argument.options ?? DEFAULT_REPORT_OPTIONS);
}

async function reportSources(argument: ExportArgument, { perception, analysis }: Results): Promise<ReportSources> {
  const { appVersion, labels, recordingId, path: file } = argument;
  const { info, inputSha256 } = perception;
  return {
    input: {
      recordingId,
      inputSha256,
      duration: info.duration,
      ...(info.video === undefined ? {} : { framesPerSecond: info.video.framesPerSecond }),
      appVersion,
      analysis,
      labels,
      ...codingOf(argument),
      ...placeInProject(argument),
      ...(argument.reviews === undefined ? {} : { reviews: argument.reviews }),
      ...(argument.reviewThreshold === undefined ? {} : { reviewThreshold: argument.reviewThreshold }),
      problems: [...argument.problems, ...perception.problems],
      sourceFile: path.basename(file),
      ...(perception.features === undefined ? {} : { featureArrays: extractorsOf(perception) }),
    },
    about: {
      info,
      ...(argument.transcript === undefined ? {} : { transcript: argument.transcript }),
      ...(argument.marksFile === undefined ? {} : { marksFile: argument.marksFile }),
      extractors: extractorsOf(perception),
      versions: await versions(),
      platform: { os: process.platform, arch: process.arch },
      createdUtc: new Date().toISOString(),
      interface: argument.interface ?? 'app',
      inputPath: file,
      ...(argument.intendedUseReadUtc === undefined ? {} : { intendedUseReadUtc: argument.intendedUseReadUtc }),
    },
    ...(perception.peaks === undefined ? {} : { peaks: perception.peaks }),
    ...(argument.pdf === undefined ? {} : { pdf: argument.pdf }),
    names: [...[file, ...(argument.textFiles ?? [])].flatMap(namesOf), homedir()],
  };
}

/** What names a file in a message: its path, its folder, its name. */
function namesOf(file: string): string[] {
  return [file, path.dirname(file), path.basename(file)].filter((name) => name !== path.parse(file).root);
}

/** Extractors behind an analysis, with versions. */
export function extractorsOf({ audio, visual, features }: Perception): string[] {
  if (features !== undefined)
    return Object.entries(features.widths)
      .map(([name, width]) => `${name} (${width})`)
      .sort();
  return [
    ...(audio === undefined ? [] : [audio.extractor, FEATURE_EXTRACTORS.audio]),
    ...(visual === undefined ? [] : [visual.extractor, FEATURE_EXTRACTORS.visual]),
    FEATURE_EXTRACTORS.text,
  ].sort();
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
