import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  EXPORT_FORMATS,
  EXPORT_FORMAT_IDS,
  exportLoss,
  takesUtf16,
  type ExportFormatId,
} from '../../core/interchange/formats.js';
import { ProblemError, type Problem } from '../../core/problems/problem.js';
import { readAnnotationFile } from '../interchange/readAnnotationFile.js';
import { writeAnnotationFile } from '../interchange/writeAnnotationFile.js';
import { probeMedia } from '../media/probe.js';
import { UsageError } from './analyzeOptions.js';
import { callersFolder } from './appFolder.js';
import { EXIT, exitCodeOf } from './exitCodes.js';

const USAGE = 'usage: convert INPUT --to FORMAT --out FILE [--media FILE] [--utf16] [--overwrite]';

function helpText(): string {
  const formats = EXPORT_FORMAT_IDS.map((id) => {
    const { label, leavesOut } = EXPORT_FORMATS[id];
    return `  ${id.padEnd(16)}${label}${leavesOut === '' ? '' : `; leaves out ${leavesOut}`}`;
  });
  return [
    USAGE,
    '',
    'Converts annotations. INPUT is an EAF, TextGrid, SRT, WebVTT or Audacity file, events of BORIS, the JSON of Whisper,',
    'a table with start_s, end_s and text or label (rater_id, score and note where there are any), a table of tiers or marks,',
    'or the folder of a report.',
    '',
    'formats:',
    ...formats,
    '',
    'options:',
    '  --media FILE  the recording: its name goes into the file, its length closes the last gap',
    '  --utf16       write a TextGrid in UTF-16 in place of UTF-8',
    '  --overwrite   replace the output',
    '',
    'Every annotation that was not taken is listed on stderr with its line and the reason.',
    '',
    'exit status: 0 done, 1 not written, 2 wrong use, 3 unreadable input (nothing written), 130 cancelled',
    '',
  ].join('\n');
}

interface ConvertOptions {
  readonly input: string;
  readonly to: ExportFormatId;
  readonly out: string;
  readonly media: string | undefined;
  readonly overwrite: boolean;
  readonly utf16: boolean;
}

const FLAGS = {
  to: { type: 'string' },
  out: { type: 'string' },
  media: { type: 'string' },
  overwrite: { type: 'boolean' },
  utf16: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError naming what is wrong. */
function readOptions(argv: readonly string[], cwd: string): ConvertOptions | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help === true) return 'help';
  const [input, ...rest] = positionals;
  if (input === undefined) throw new UsageError('no input was named');
  if (rest.length > 0) throw new UsageError(`one input at a time, but also given: ${rest.join(', ')}`);
  if (values.out === undefined || values.out === '') throw new UsageError('--out FILE is missing');
  const to = EXPORT_FORMAT_IDS.find((id) => id === values.to);
  if (to === undefined) {
    throw new UsageError(`--to "${values.to ?? ''}" is no format; there are ${EXPORT_FORMAT_IDS.join(', ')}`);
  }
  if (values.utf16 === true && !takesUtf16(to)) throw new UsageError(`--utf16 is for TextGrid, not for ${to}`);
  return {
    input: path.resolve(cwd, input),
    to,
    out: path.resolve(cwd, values.out),
    media: values.media === undefined ? undefined : path.resolve(cwd, values.media),
    overwrite: values.overwrite === true,
    utf16: values.utf16 === true,
  };
}

function tell({ severity, message, tip }: Problem): void {
  process.stderr.write(`${severity}: ${message} ${tip}\n`);
}

async function convert(
  { input, to, out, media, overwrite, utf16 }: ConvertOptions,
  signal: AbortSignal,
): Promise<string> {
  const probed = media === undefined ? undefined : await probeMedia(media, { signal });
  const { set, problems, format } = await readAnnotationFile(input, { signal });
  const known = {
    ...set,
    ...(media === undefined ? {} : { mediaName: path.basename(media) }),
    ...(probed === undefined ? {} : { duration: probed.info.duration }),
  };
  problems.forEach(tell);
  const count = known.tiers.reduce((sum, { items }) => sum + items.length, 0);
  const error = problems.find(({ severity }) => severity === 'error');
  if (count === 0 && error !== undefined) throw new ProblemError(error);
  const loss = exportLoss(known, to);
  if (loss) tell(loss);
  await writeAnnotationFile(known, to, out, { overwrite, signal, utf16, createdUtc: new Date().toISOString() });
  return `${format} to ${EXPORT_FORMATS[to].label}: ${count} annotations on ${known.tiers.length} tiers, ${out}\n`;
}

function failureText(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Cancelled. Nothing was written.\n';
  if (error instanceof UsageError) return `convert: ${error.message}\n${USAGE}\nTry --help for the formats.\n`;
  if (error instanceof ProblemError) return `convert: ${error.problem.message}\n${error.problem.tip}\n`;
  return `convert: this should not have happened, please report it:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

/** Runs `convert`. Answers with the exit status; never throws for expected trouble. */
export async function convertMain(argv: readonly string[]): Promise<number> {
  const cancel = new AbortController();
  const onSignal = (): void => {
    cancel.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const options = readOptions(argv, callersFolder(process.cwd(), process.env));
    process.stdout.write(options === 'help' ? helpText() : await convert(options, cancel.signal));
    return EXIT.done;
  } catch (error) {
    process.stderr.write(failureText(error, cancel.signal));
    return cancel.signal.aborted ? EXIT.cancelled : exitCodeOf(error);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
