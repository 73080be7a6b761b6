import path from 'node:path';
import { parseArgs } from 'node:util';
import { MAX_SAMPLES, type QualityThresholds } from '../../core/analysis/analysis.js';
import { defaultParameters } from '../../core/analysis/defaultParameters.js';
import type { ReportOptions } from '../../core/report/reportOptions.js';
import { THRESHOLD_DESCRIPTIONS } from '../../core/quality/thresholds.js';

/** A command line that cannot be understood; the message says which part and what would be right. */
export class UsageError extends Error {}

export interface AnalyzeOptions {
  readonly input: string;
  readonly out: string;
  readonly transcript?: string;
  readonly marks?: string;
  readonly bundle: string;
  readonly seed: number;
  readonly samples: number;
  readonly provider: string;
  readonly recover: boolean;
  readonly overwrite: boolean;
  readonly report: ReportOptions;
  readonly thresholds: QualityThresholds;
  /** Folder of the perception cache as given; undefined for the default one, null for none. */
  readonly cache: string | null | undefined;
  readonly models?: string;
}

/** A command line that repeats an analysis. */
export interface RepeatOptions {
  /** provenance.json of the report to repeat. */
  readonly from: string;
  readonly recording?: string;
  readonly transcript?: string;
  readonly out: string;
  readonly overwrite: boolean;
  readonly despiteDifferences: boolean;
  readonly cache: string | null | undefined;
  readonly models?: string;
}

const DEFAULTS = defaultParameters();

/** Every option with what the help says about it. */
const OPTIONS = {
  out: {
    type: 'string',
    value: 'DIR',
    help: 'Folder of the report. It must be new or empty unless --overwrite is given.',
  },
  transcript: {
    type: 'string',
    value: 'FILE',
    help: 'Transcript with times: .srt, .vtt or .csv (start_s,end_s,text).',
  },
  marks: { type: 'string', value: 'FILE', help: 'Damaged stretches: CSV with modality,start_s,end_s,kind,severity.' },
  bundle: { type: 'string', value: 'ID', help: `Model bundle. Default ${DEFAULTS.bundleId}.` },
  seed: {
    type: 'string',
    value: 'N',
    help: `Seed of the recovery samples, a whole number from 0. Default ${DEFAULTS.seed}.`,
  },
  samples: {
    type: 'string',
    value: 'K',
    help: `Recovery samples per missing modality, 1 to ${MAX_SAMPLES}. Default ${DEFAULTS.samples}.`,
  },
  provider: {
    type: 'string',
    value: 'NAME',
    help: `Execution provider: auto, cpu, or one of this platform. Default ${DEFAULTS.provider}.`,
  },
  'no-recovery': { type: 'boolean', help: 'Leave missing modalities missing.' },
  threshold: { type: 'string', multiple: true, value: 'NAME=X', help: 'Set a quality threshold; may be repeated.' },
  wide: { type: 'boolean', help: 'Add segments_wide.csv: one row per segment.' },
  bom: { type: 'boolean', help: 'Begin CSV files with a byte order mark, for spreadsheets that need one.' },
  'no-transcripts': { type: 'boolean', help: 'Leave words and speakers out of the report.' },
  'no-notes': { type: 'boolean', help: 'Leave notes out of the report.' },
  'file-names': { type: 'boolean', help: 'Name the input file and its place; left out by default.' },
  'rater-names': { type: 'boolean', help: 'Keep names of raters and speakers; numbered by default.' },
  'no-agreement': { type: 'boolean', help: 'Leave agreement.csv and agreement_matrix.csv out of the report.' },
  'data-handling': { type: 'boolean', help: 'Add data-handling.md, a statement for an ethics board.' },
  html: { type: 'boolean', help: 'Add report.html: timeline, figures, problems and methods on a page.' },
  from: {
    type: 'string',
    value: 'FILE',
    help: 'Repeat the analysis of a provenance.json and say whether the result is identical.',
  },
  recording: { type: 'string', value: 'FILE', help: 'With --from: the recording, where the report does not name it.' },
  'despite-differences': {
    type: 'boolean',
    help: 'With --from: go on with another version of Lacuna, of the bundle or of the extractors.',
  },
  overwrite: { type: 'boolean', help: 'Replace an earlier report in the folder; other files there are kept.' },
  cache: {
    type: 'string',
    value: 'DIR',
    help: 'Where measurements are kept for the next run. Default: the user cache folder.',
  },
  'no-cache': { type: 'boolean', help: 'Measure again and keep nothing.' },
  models: {
    type: 'string',
    value: 'DIR',
    help: 'Folder with perception/ and bundles/. Default: the one of this program.',
  },
  help: { type: 'boolean', short: 'h', help: 'Show this help.' },
  version: { type: 'boolean', help: 'Show the version.' },
} as const satisfies Record<
  string,
  { type: 'string' | 'boolean'; multiple?: boolean; short?: string; value?: string; help: string }
>;

const USAGE =
  'usage: analyze RECORDING --out DIR [options]\n       analyze --from provenance.json [--recording FILE] --out DIR';

/** The whole help text. */
export function helpText(): string {
  const rows = Object.entries(OPTIONS).map(([name, option]) => {
    const short = 'short' in option ? `-${option.short}, ` : '';
    return [`  ${short}--${name}${'value' in option ? ` ${option.value}` : ''}`, option.help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    USAGE,
    '',
    'Analyses one recording: measures voice, face and words, judges what is damaged, recovers missing modalities, and',
    'writes a CSV report of emotions per segment and over time. A RECORDING may also be a feature recording (npz or CSV',
    'with the ready-made vectors of one video); name a bundle made for such vectors, for example --bundle mosi-utterance.',
    '',
    'options:',
    ...rows.map(([left, right]) => left.padEnd(width) + right),
    '',
    'thresholds:',
    ...THRESHOLD_DESCRIPTIONS.map(
      ({ name, meaning, defaultValue, unit }) => `  ${name.padEnd(20)}${meaning} Default ${defaultValue} ${unit}.`,
    ),
    '',
    'exit status:',
    '  0    done',
    '  1    another failure: the report cannot be written (no access, disk full), a provider cannot be used, a bug',
    '  2    wrong use: unknown option, value out of range, output folder not empty without --overwrite',
    '  3    unreadable input: recording, transcript or marks file; nothing is written',
    '  4    bundle refused: unknown, damaged or not made for this version',
    '  5    repeated with --from, and the result is not identical',
    '  130  cancelled (Ctrl+C or SIGTERM); nothing is written',
    '',
    'Progress goes to stderr, a short summary to stdout.',
    '',
  ].join('\n');
}

/** One line that points to the help. */
export const USAGE_HINT = `${USAGE}\nTry --help for all options.\n`;

/**
 * Reads the command line of `analyze`.
 * @returns the options, or which text was asked for instead.
 * @throws UsageError naming what is wrong and what is allowed.
 */
export function parseAnalyzeOptions(
  argv: readonly string[],
  cwd: string,
): AnalyzeOptions | RepeatOptions | 'help' | 'version' {
  const { values, positionals } = parse(argv);
  if (values.help === true) return 'help';
  if (values.version === true) return 'version';
  if (values.from !== undefined) return repeatOptions(values, positionals, cwd);
  const [input, ...rest] = positionals;
  if (input === undefined) throw new UsageError('no recording was named');
  if (rest.length > 0) throw new UsageError(`one recording at a time, but also given: ${rest.join(', ')}`);
  if (values.recording !== undefined || values['despite-differences'] === true) {
    throw new UsageError('--recording and --despite-differences belong to --from');
  }
  const absolute = (file: string): string => path.resolve(cwd, file);
  return {
    input: absolute(input),
    ...commonOptions(values, cwd),
    ...(values.marks === undefined ? {} : { marks: absolute(values.marks) }),
    bundle: identifier('--bundle', values.bundle ?? DEFAULTS.bundleId),
    seed: wholeNumber('--seed', values.seed ?? String(DEFAULTS.seed), 0, Number.MAX_SAFE_INTEGER),
    samples: wholeNumber('--samples', values.samples ?? String(DEFAULTS.samples), 1, MAX_SAMPLES),
    provider: identifier('--provider', values.provider ?? DEFAULTS.provider),
    recover: DEFAULTS.recover && values['no-recovery'] !== true,
    thresholds: thresholds(values.threshold ?? []),
    report: {
      wide: values.wide === true,
      byteOrderMark: values.bom === true,
      transcripts: values['no-transcripts'] !== true,
      notes: values['no-notes'] !== true,
      fileNames: values['file-names'] === true,
      raterNames: values['rater-names'] === true,
      agreement: values['no-agreement'] !== true,
      dataHandling: values['data-handling'] === true,
      html: values.html === true,
      pdf: false,
    },
  };
}

type Values = ReturnType<typeof parse>['values'];

/** Options that an analysis and its repetition share. */
function commonOptions(values: Values, cwd: string) {
  const absolute = (file: string): string => path.resolve(cwd, file);
  if (values.out === undefined || values.out === '') throw new UsageError('--out DIR is missing');
  if (values.cache !== undefined && values['no-cache'] === true) {
    throw new UsageError('--cache and --no-cache exclude each other');
  }
  return {
    out: absolute(values.out),
    overwrite: values.overwrite === true,
    ...(values.transcript === undefined ? {} : { transcript: absolute(values.transcript) }),
    cache: values['no-cache'] === true ? null : values.cache === undefined ? undefined : absolute(values.cache),
    ...(values.models === undefined ? {} : { models: absolute(values.models) }),
  };
}

/** Options that a repetition takes; everything else comes from provenance.json. */
const REPEAT_OPTIONS: ReadonlySet<string> = new Set([
  ...['from', 'recording', 'transcript', 'out', 'overwrite', 'cache', 'no-cache', 'models', 'despite-differences'],
]);

function repeatOptions(values: Values, positionals: readonly string[], cwd: string): RepeatOptions {
  const given = Object.keys(values).find((name) => !REPEAT_OPTIONS.has(name));
  if (given !== undefined) throw new UsageError(`--${given} is taken from provenance.json and excludes --from`);
  if (positionals.length > 0) throw new UsageError('with --from, the recording is named by --recording');
  return {
    from: path.resolve(cwd, values.from ?? ''),
    ...(values.recording === undefined ? {} : { recording: path.resolve(cwd, values.recording) }),
    despiteDifferences: values['despite-differences'] === true,
    ...commonOptions(values, cwd),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(message.split('. ')[0] ?? message);
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`${option} must be a whole number ${range}, not "${text}"`);
}

function identifier(option: string, text: string): string {
  if (/^[A-Za-z0-9._-]{1,80}$/.test(text)) return text;
  throw new UsageError(`${option} must be a name of letters, digits, dots and dashes, not "${text}"`);
}

function thresholds(settings: readonly string[]): QualityThresholds {
  const result: Record<keyof QualityThresholds, number> = { ...DEFAULTS.thresholds };
  for (const setting of settings) {
    const [name = '', text = ''] = setting.split(/=(.*)/s);
    const known = THRESHOLD_DESCRIPTIONS.find((description) => description.name === name);
    if (known === undefined) {
      const names = THRESHOLD_DESCRIPTIONS.map((description) => description.name).join(', ');
      throw new UsageError(`--threshold "${setting}" names no threshold; there are ${names}`);
    }
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= known.min && value <= known.max)) {
      throw new UsageError(
        `--threshold ${name} must be from ${known.min} to ${known.max} ${known.unit}, not "${text}"`,
      );
    }
    result[known.name] = value;
  }
  return result;
}
