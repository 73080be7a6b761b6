import path from 'node:path';
import type { Analysis } from '../../core/analysis/analysis.js';
import type { Perception } from '../../core/perception/perception.js';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import type { Segment } from '../../core/segments/segment.js';
import { segmentRecording } from '../../core/segments/segmentRecording.js';
import { hasWords } from '../../core/transcript/cueText.js';
import type { AnalysisServices } from '../analysis/prepareRecording.js';
import type { RepeatResult } from '../contract/types.js';
import type { AnalyzeArgument, ExportArgument, RepeatArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { codingOf } from '../../core/tiers/coding.js';
import { placeInProject } from '../../core/report/reportInput.js';
import { exportReport, extractorsOf } from '../report/exportReport.js';
import { checkReportFolder } from '../report/reportFolder.js';
import { compareReports } from './compareReports.js';
import { readProvenance, type RepeatableProvenance } from './readProvenance.js';

/** What a repetition needs of the host. */
export interface RepeatServices extends AnalysisServices {
  analyze(argument: AnalyzeArgument, context: TaskContext): Promise<Analysis>;
}

/**
 * Repeats the analysis of a report from its provenance.json, writes a new report and compares the tables.
 * @throws ProblemError `repeat.*` when the recording is another one, when bundle, program or extractors differ (unless
 * differences are accepted), or when words that the report left out are needed; and whatever an analysis throws.
 */
export async function repeatAnalysis(
  argument: RepeatArgument,
  services: RepeatServices,
  context: TaskContext,
): Promise<RepeatResult> {
  await checkReportFolder(argument.outDir, argument.overwrite);
  const provenance = await readProvenance(argument.provenanceFile);
  context.onProgress({ step: 'Compare versions', stepNumber: 0, stepCount: 0 });
  const { bundle, provider, input, work } = provenance;
  const open = (name: string) => services.bundle(argument.modelsDir, bundle.id, name);
  const wished = await open(provenance.parameters.provider);
  const same = wished.graphs.provider === provider.used;
  const parameters = same ? provenance.parameters : { ...provenance.parameters, provider: provider.used };
  const loaded = same ? wished : await open(provider.used);
  const differences = [...versionDifferences(provenance, argument.appVersion), ...bundleDifference(bundle, loaded)];
  refuse(differences, argument.despiteDifferences);
  const perception = await services.perceive(argument, {
    signal: context.signal,
    onProgress: (fraction, step) => {
      context.onProgress({ step, stepNumber: 2, stepCount: 5, fraction: fraction * 0.8 });
    },
  });
  if (perception.inputSha256 !== input.sha256) throw otherRecording(argument.path, input.sha256, perception);
  const extractors = extractorDifference(provenance, perception);
  refuse(extractors, argument.despiteDifferences);
  const segments = provenance.report.transcripts ? work.segments : withWords(provenance, argument, perception);
  const exporting: ExportArgument = {
    ...argument,
    recordingId: input.recordingId,
    segments,
    marks: work.marks,
    parameters,
    labels: work.labels,
    ...(work.reviews === undefined ? {} : { reviews: work.reviews }),
    ...(provenance.review === undefined ? {} : { reviewThreshold: provenance.review.threshold }),
    problems: work.problems,
    ...codingOf(work),
    ...placeInProject(work),
    options: provenance.report,
    ...(input.transcript === null ? {} : { transcript: input.transcript }),
    ...(input.marks === null ? {} : { marksFile: input.marks }),
  };
  const analysis = await services.analyze(exporting, context);
  const report = await exportReport(exporting, { perception, analysis }, context);
  const comparison = await compareReports(path.dirname(argument.provenanceFile), argument.outDir);
  return {
    report,
    differences: [...differences, ...extractors],
    ...(comparison === undefined ? {} : { comparison }),
  };
}

function difference(code: string, message: string): Problem {
  return {
    code: `repeat.${code}`,
    severity: 'warning',
    message,
    tip: 'Repeat with the same version, or accept the difference (--despite-differences) and see what it changes.',
  };
}

function refuse(differences: readonly Problem[], accepted: boolean): void {
  const [first] = differences;
  if (first !== undefined && !accepted) throw new ProblemError({ ...first, severity: 'error' });
}

function versionDifferences({ app }: RepeatableProvenance, now: string): Problem[] {
  if (app.version === now) return [];
  return [difference('version-differs', `The report was written by Lacuna ${app.version}, this is ${now}.`)];
}

function bundleDifference(
  bundle: RepeatableProvenance['bundle'],
  loaded: { readonly sha256: string; readonly manifest: { readonly version: string } },
): Problem[] {
  if (bundle.sha256 === loaded.sha256) return [];
  const [was, is] = [bundle.sha256.slice(0, 12), loaded.sha256.slice(0, 12)];
  const message = `The report used the bundle ${bundle.id} ${bundle.version} with SHA-256 ${was}…, here it is ${loaded.manifest.version} with ${is}….`;
  return [difference('bundle-differs', message)];
}

function extractorDifference({ extractors }: RepeatableProvenance, perception: Perception): Problem[] {
  const now = extractorsOf(perception);
  if (now.join() === extractors.join()) return [];
  return [
    difference('extractors-differ', `The report used ${extractors.join(', ')}; this version has ${now.join(', ')}.`),
  ];
}

function otherRecording(file: string, wanted: string, { inputSha256 }: Perception): ProblemError {
  return new ProblemError({
    code: 'repeat.other-recording',
    severity: 'error',
    message: `${file} is not the recording of the report: its SHA-256 begins with ${inputSha256.slice(0, 12)}, the report says ${wanted.slice(0, 12)}.`,
    tip: 'Name the same file, unchanged. Its name does not matter, its content does.',
  });
}

/** Segments with the words that the report left out, taken from the transcript again. */
function withWords(
  { work, input }: RepeatableProvenance,
  { cues, transcriptSha256 }: RepeatArgument,
  perception: Perception,
): readonly Segment[] {
  if (input.transcript === null && !work.segments.some(({ origin }) => origin === 'cue')) return work.segments;
  if (transcriptSha256 === undefined || (input.transcript && input.transcript.sha256 !== transcriptSha256)) {
    throw new ProblemError({
      code: transcriptSha256 === undefined ? 'repeat.words-left-out' : 'repeat.other-transcript',
      severity: 'error',
      message:
        transcriptSha256 === undefined
          ? 'The report left out the words, and the analysis needs them.'
          : 'This is not the transcript of the report: its SHA-256 differs.',
      tip: 'Name the same transcript (--transcript FILE), or repeat from a report that holds the words.',
    });
  }
  const { duration } = perception.info;
  const made = segmentRecording({
    duration,
    cues,
    speech: perception.speech,
    hasAudio: perception.audio !== undefined,
  });
  const words = new Map(made.segments.map(({ range, text }) => [`${range.start}-${range.end}`, text]));
  return work.segments.map((segment) => {
    const text = words.get(`${segment.range.start}-${segment.range.end}`);
    return text === undefined || !hasWords(text) ? segment : { ...segment, text };
  });
}
