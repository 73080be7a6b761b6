import path from 'node:path';
import { ProblemError } from '../../core/problems/problem.js';
import { parseTranscript } from '../../core/transcript/parseTranscript.js';
import type { FileComparison, RepeatResult } from '../contract/types.js';
import { startChildHost } from '../host/childHost.js';
import { HostClient } from '../host/hostClient.js';
import { readProvenance } from '../repeat/readProvenance.js';
import { checkReportFolder } from '../report/reportFolder.js';
import type { RepeatOptions } from './analyzeOptions.js';
import { defaultCacheFolder, findAnalysisHost, findAppFolder } from './appFolder.js';
import { EXIT } from './exitCodes.js';
import { readInputText } from '../files/inputText.js';
import type { ProgressLine } from './progressLine.js';

/** What a command ends with. */
export interface CommandOutcome {
  readonly text: string;
  readonly exit: number;
}

/** Repeats an analysis from its provenance.json; the exit status says whether the result is identical. */
export async function repeat(
  options: RepeatOptions,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<CommandOutcome> {
  await checkReportFolder(options.out, options.overwrite);
  const provenance = await readProvenance(options.from);
  const recording = options.recording ?? provenance.input.path;
  if (recording === undefined) throw noRecording(provenance.input.recordingId);
  const transcript = await readInputText(options.transcript, 'transcript');
  const app = findAppFolder();
  const cacheDir = options.cache === undefined ? defaultCacheFolder(process.env) : options.cache;
  const client = new HostClient(() => startChildHost(findAnalysisHost()));
  try {
    const argument = {
      path: recording,
      recordingId: provenance.input.recordingId,
      modelsDir: options.models ?? path.join(app.root, 'models'),
      ...(cacheDir === null ? {} : { cacheDir }),
      provenanceFile: options.from,
      cues: transcript === undefined ? [] : parseTranscript(transcript.fileName, transcript.bytes).cues,
      ...(transcript === undefined ? {} : { transcriptSha256: transcript.record.sha256 }),
      despiteDifferences: options.despiteDifferences,
      outDir: options.out,
      overwrite: options.overwrite,
      appVersion: app.version,
      interface: 'command line' as const,
    };
    const result = await client.run('repeat', argument, {
      signal,
      onProgress: (step) => {
        progress.show(step);
      },
    });
    return outcomeOf(result);
  } finally {
    client.dispose();
  }
}

function noRecording(recordingId: string): ProblemError {
  return new ProblemError({
    code: 'repeat.no-recording',
    severity: 'error',
    message: `The report does not say where the recording ${recordingId} lies.`,
    tip: 'Name it: --recording FILE.',
  });
}

function outcomeOf({ report, differences, comparison }: RepeatResult): CommandOutcome {
  const lines = [
    ...differences.map(({ message }) => `note       ${message}`),
    ...(comparison?.files.map(fileLine) ?? []),
    `report     ${report.folder} (${report.files.length} files)`,
  ];
  if (comparison === undefined) {
    const text = 'result     cannot be compared: there is no SHA256SUMS beside provenance.json';
    return { text: `${[...lines, text].join('\n')}\n`, exit: EXIT.differs };
  }
  const { identical, files } = comparison;
  const count = files.filter(({ verdict }) => verdict !== 'identical').length;
  const result = identical
    ? `result     identical: all ${files.length} tables have the same bytes`
    : `result     not identical: ${count} of ${files.length} tables`;
  return { text: `${[...lines, result].join('\n')}\n`, exit: identical ? EXIT.done : EXIT.differs };
}

const VERDICTS: Readonly<Record<FileComparison['verdict'], string>> = {
  identical: 'identical',
  differs: 'differs',
  'changed since': 'was changed after it was written, so it cannot be compared',
  'only before': 'is in the earlier report only',
  'only now': 'is in the new report only',
};

function fileLine({ name, verdict, difference }: FileComparison): string {
  const where =
    difference === undefined
      ? ''
      : `, first in line ${difference.line}, ${difference.column}: ${difference.before} before, ${difference.now} now`;
  return `table      ${name} ${VERDICTS[verdict]}${where}`;
}
