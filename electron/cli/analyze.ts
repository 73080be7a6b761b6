import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Analysis } from '../../core/analysis/analysis.js';
import { parseMarksCsv } from '../../core/marks/parseMarksCsv.js';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import type { Microseconds } from '../../core/time/microseconds.js';
import { TRANSCRIPT_EXTENSIONS, parseTranscript } from '../../core/transcript/parseTranscript.js';
import type { PerceptionSummary, ReportFiles } from '../contract/types.js';
import { HostClient } from '../host/hostClient.js';
import type { HostProgress } from '../host/protocol.js';
import { startChildHost } from '../host/childHost.js';
import { fingerprintFile } from '../media/fingerprint.js';
import { probeRecording } from '../perception/features/perceiveFeatures.js';
import { checkReportFolder } from '../report/reportFolder.js';
import type { AnalyzeOptions } from './analyzeOptions.js';
import { USAGE_HINT, UsageError, helpText, parseAnalyzeOptions } from './analyzeOptions.js';
import { callersFolder, defaultCacheFolder, findAnalysisHost, findAppFolder } from './appFolder.js';
import { EXIT, exitCodeOf } from './exitCodes.js';
import type { InputText } from '../files/inputText.js';
import { readInputText } from '../files/inputText.js';
import { ProgressLine } from './progressLine.js';
import { type CommandOutcome, repeat } from './repeat.js';
import { summaryText } from './summary.js';

/** Runs `analyze`. Answers with the exit status; never throws for expected trouble. */
export async function analyzeMain(argv: readonly string[]): Promise<number> {
  const progress = new ProgressLine(process.stderr);
  const cancel = new AbortController();
  const onSignal = (): void => {
    cancel.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const options = parseAnalyzeOptions(argv, callersFolder(process.cwd(), process.env));
    if (typeof options === 'string') {
      process.stdout.write(options === 'help' ? helpText() : `${findAppFolder().version}\n`);
      return EXIT.done;
    }
    const { text, exit } =
      'from' in options
        ? await repeat(options, cancel.signal, progress)
        : await analyze(options, cancel.signal, progress);
    progress.clear();
    process.stdout.write(text);
    return exit;
  } catch (error) {
    progress.clear();
    process.stderr.write(failureText(error, cancel.signal));
    return cancel.signal.aborted ? EXIT.cancelled : exitCodeOf(error);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Everything that was read before the long work starts. */
interface Inputs {
  readonly recordingId: string;
  readonly transcript: InputText | undefined;
  readonly marks: InputText | undefined;
}

interface Run {
  readonly client: HostClient;
  readonly options: AnalyzeOptions;
  readonly inputs: Inputs;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: HostProgress) => void;
}

async function analyze(options: AnalyzeOptions, signal: AbortSignal, progress: ProgressLine): Promise<CommandOutcome> {
  progress.show({ step: 'Check the inputs', stepNumber: 0, stepCount: 0 });
  await checkReportFolder(options.out, options.overwrite);
  const inputs = await readInputs(options, signal);
  const host = findAnalysisHost();
  const client = new HostClient(() => startChildHost(host));
  try {
    const onProgress = (step: HostProgress): void => {
      progress.show(step);
    };
    const done = await runTasks({ client, options, inputs, signal, onProgress });
    const unusedTranscript = options.transcript === undefined ? sidecarTranscript(options.input) : undefined;
    const text = summaryText({
      recordingId: inputs.recordingId,
      duration: done.perception.info.duration,
      analysis: done.analysis,
      problems: done.problems,
      report: done.report,
      elapsedMs: progress.elapsedMs,
      ...(unusedTranscript === undefined ? {} : { unusedTranscript }),
    });
    return { text, exit: EXIT.done };
  } finally {
    client.dispose();
  }
}

/** @throws ProblemError when the recording, the transcript or the marks file cannot be used at all. */
async function readInputs(options: AnalyzeOptions, signal: AbortSignal): Promise<Inputs> {
  const { info } = await probeRecording(options.input, { signal });
  const recordingId = await fingerprintFile(options.input);
  const transcript = await readInputText(options.transcript, 'transcript');
  const marks = await readInputText(options.marks, 'marks');
  refuseUseless(readCues(transcript).problems, readCues(transcript).cues.length);
  const parsed = readMarks(marks, info.duration);
  refuseUseless(parsed.problems, parsed.marks.length);
  return { recordingId, transcript, marks };
}

/** A file of which nothing could be used, for a reason that is an error, is unreadable input. */
function refuseUseless(problems: readonly Problem[], usedCount: number): void {
  const error = problems.find(({ severity }) => severity === 'error');
  if (usedCount === 0 && error !== undefined) throw new ProblemError(error);
}

function readCues(file: InputText | undefined): ReturnType<typeof parseTranscript> {
  return file === undefined ? { cues: [], problems: [] } : parseTranscript(file.fileName, file.bytes);
}

function readMarks(file: InputText | undefined, duration: Microseconds): ReturnType<typeof parseMarksCsv> {
  return file === undefined ? { marks: [], problems: [] } : parseMarksCsv(file.bytes, duration);
}

interface Done {
  readonly perception: PerceptionSummary;
  readonly analysis: Analysis;
  readonly problems: readonly Problem[];
  readonly report: ReportFiles;
}

async function runTasks({ client, options, inputs, signal, onProgress }: Run): Promise<Done> {
  const app = findAppFolder();
  const modelsDir = options.models ?? path.join(app.root, 'models');
  const cacheDir = options.cache === undefined ? defaultCacheFolder(process.env) : options.cache;
  const { recordingId } = inputs;
  const recording = { path: options.input, recordingId, modelsDir, ...(cacheDir === null ? {} : { cacheDir }) };
  const { bundle: bundleId, provider, thresholds } = options;
  onProgress({ step: 'Check the bundle', stepNumber: 0, stepCount: 0 });
  await client.run('bundle', { modelsDir, bundleId, provider }, { signal });
  const { cues, problems: cueProblems } = readCues(inputs.transcript);
  const perception = await client.run('perceive', { ...recording, cues, thresholds }, { signal, onProgress });
  const { marks, problems: markProblems } = readMarks(inputs.marks, perception.info.duration);
  const problems = [...cueProblems, ...markProblems, ...perception.problems];
  const { seed, samples, recover } = options;
  const analyzeArgument = {
    ...recording,
    segments: perception.segments,
    marks: [...perception.proposals, ...marks],
    parameters: { bundleId, seed, samples, provider, recover, thresholds },
  };
  const analysis = await client.run('analyze', analyzeArgument, { signal, onProgress });
  const report = await client.run(
    'export',
    {
      ...analyzeArgument,
      labels: [],
      outDir: options.out,
      overwrite: options.overwrite,
      appVersion: app.version,
      problems,
      interface: 'command line',
      options: options.report,
      textFiles: [options.transcript, options.marks].flatMap((file) => (file === undefined ? [] : [file])),
      ...(inputs.transcript === undefined ? {} : { transcript: inputs.transcript.record }),
      ...(inputs.marks === undefined ? {} : { marksFile: inputs.marks.record }),
    },
    { signal, onProgress },
  );
  return { perception, analysis, problems, report };
}

/** Name of a transcript of the same name beside the recording. It is told, not taken: a run must not depend on luck. */
function sidecarTranscript(input: string): string | undefined {
  const stem = input.slice(0, input.length - path.extname(input).length);
  const found = TRANSCRIPT_EXTENSIONS.map((ending) => `${stem}.${ending}`).find((file) => existsSync(file));
  return found === undefined ? undefined : path.basename(found);
}

function failureText(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Cancelled. Nothing was written.\n';
  if (error instanceof UsageError) return `analyze: ${error.message}\n${USAGE_HINT}`;
  if (error instanceof ProblemError) return `analyze: ${error.problem.message}\n${error.problem.tip}\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `analyze: this should not have happened, please report it:\n${stack}\n`;
}
