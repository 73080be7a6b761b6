import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  type AgreementOptions,
  DEFAULT_AGREEMENT_OPTIONS as DEFAULTS,
  MAX_DRAWS,
} from '../../core/agreement/agreementOptions.js';
import { parseTime } from '../../core/time/format.js';
import { type Microseconds, toSeconds } from '../../core/time/microseconds.js';
import { UsageError } from './analyzeOptions.js';

/** The command line of `agreement`. */
export interface AgreementCommand {
  readonly inputs: readonly string[];
  readonly out: string;
  /** Where the numbers also go as JSON; `-` for stdout instead of the table. */
  readonly json?: string;
  /** Files or ids of the recordings to compare; all where empty. */
  readonly recordings: readonly string[];
  readonly states?: string;
  readonly tiers: readonly string[];
  readonly raters: readonly string[];
  readonly overwrite: boolean;
  readonly options: AgreementOptions;
}

const OPTIONS = {
  out: { type: 'string', value: 'DIR', help: 'Folder for agreement.csv and agreement_matrix.csv; new or empty.' },
  json: { type: 'string', value: 'FILE', help: 'Also write everything as JSON; - for stdout in place of the table.' },
  recording: {
    type: 'string',
    multiple: true,
    value: 'FILE|ID',
    help: 'Compare this recording only; names the recording of files that do not. May be repeated.',
  },
  states: {
    type: 'string',
    value: 'FILE',
    help: 'segments.csv with the modality states, where the ratings have none.',
  },
  rater: { type: 'string', multiple: true, value: 'ID', help: 'Compare these raters only. May be repeated.' },
  tier: { type: 'string', multiple: true, value: 'NAME', help: 'Take a tier of any name as labels. May be repeated.' },
  unit: { type: 'string', value: 'S', help: `Length of a time unit, s. Default ${toSeconds(DEFAULTS.unit)}.` },
  tolerance: {
    type: 'string',
    value: 'S',
    help: `Time by which boundaries may differ, s. Default ${toSeconds(DEFAULTS.tolerance)}.`,
  },
  'min-overlap': {
    type: 'string',
    value: 'X',
    help: `Overlap of matching annotations, share of the longer one. Default ${DEFAULTS.minOverlap}.`,
  },
  'max-lag': { type: 'string', value: 'S', help: `Largest lag searched, s. Default ${toSeconds(DEFAULTS.maxLag)}.` },
  'take-lag-off': {
    type: 'boolean',
    help: 'Take the reaction lags that raters of traces stated off their times; without it times are as recorded.',
  },
  draws: { type: 'string', value: 'N', help: `Bootstrap draws, 0 to ${MAX_DRAWS}. Default ${DEFAULTS.draws}.` },
  seed: { type: 'string', value: 'N', help: `Seed of the draws. Default ${DEFAULTS.seed}.` },
  overwrite: { type: 'boolean', help: 'Replace earlier results in the folder; other files there are kept.' },
  help: { type: 'boolean', short: 'h', help: 'Show this help.' },
} as const satisfies Record<
  string,
  { type: 'string' | 'boolean'; multiple?: boolean; short?: string; value?: string; help: string }
>;

const USAGE = 'usage: agreement RATINGS [RATINGS …] --out DIR [options]';

/** One line that points to the help. */
export const AGREEMENT_HINT = `${USAGE}\nTry --help for all options.\n`;

/** The whole help text. */
export function agreementHelp(): string {
  const rows = Object.entries(OPTIONS).map(([name, option]) => {
    const short = 'short' in option ? `-${option.short}, ` : '';
    return [`  ${short}--${name}${'value' in option ? ` ${option.value}` : ''}`, option.help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    USAGE,
    '',
    'Agreement of raters, people and model alike, by modality state. RATINGS is segments.csv of a report, a table with',
    'start_s, end_s and label or score, or EAF, TextGrid, Audacity labels, BORIS events and the like; traces.csv and',
    'annotations.csv of a report compare continuous ratings and tiers with a vocabulary. Every rater found in the files is',
    'compared with every other who rated the same; from three on all together, too.',
    '',
    'options:',
    ...rows.map(([left, right]) => left.padEnd(width) + right),
    '',
    'exit status:',
    '  0  done',
    '  1  the results could not be written',
    '  2  wrong use, or an output folder that is not empty without --overwrite',
    '  3  unreadable input, or fewer than two raters; nothing is written',
    '',
  ].join('\n');
}

function seconds(name: string, text: string | undefined, fallback: Microseconds, least: number): Microseconds {
  if (text === undefined) return fallback;
  const time = parseTime(text);
  if (time === undefined || time < least) {
    throw new UsageError(`--${name} must be a time in seconds of at least ${least / 1e6}, not "${text}"`);
  }
  return time;
}

function wholeNumber(name: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new UsageError(`--${name} must be a whole number from 0 to ${most}, not "${text}"`);
}

function share(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value > 0 && value <= 1) return value;
  throw new UsageError(`--${name} must be above 0 and at most 1, not "${text}"`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? 'the command line cannot be read');
  }
}

/**
 * Reads the command line of `agreement`.
 * @throws UsageError naming what is wrong and what is allowed.
 */
export function parseAgreementOptions(argv: readonly string[], cwd: string): AgreementCommand | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help === true) return 'help';
  if (positionals.length === 0) throw new UsageError('no ratings were named');
  if (values.out === undefined || values.out === '') throw new UsageError('--out DIR is missing');
  const absolute = (file: string): string => path.resolve(cwd, file);
  const { json, states } = values;
  return {
    inputs: positionals.map(absolute),
    out: absolute(values.out),
    ...(json === undefined ? {} : { json: json === '-' ? json : absolute(json) }),
    ...(states === undefined ? {} : { states: absolute(states) }),
    recordings: (values.recording ?? []).map((name) => (/^rec-[0-9a-f]{12}$/.test(name) ? name : absolute(name))),
    tiers: values.tier ?? [],
    raters: values.rater ?? [],
    overwrite: values.overwrite ?? false,
    options: {
      unit: seconds('unit', values.unit, DEFAULTS.unit, 1_000),
      tolerance: seconds('tolerance', values.tolerance, DEFAULTS.tolerance, 0),
      minOverlap: share('min-overlap', values['min-overlap'], DEFAULTS.minOverlap),
      maxLag: seconds('max-lag', values['max-lag'], DEFAULTS.maxLag, 0),
      takeLagOff: values['take-lag-off'] ?? false,
      draws: wholeNumber('draws', values.draws, DEFAULTS.draws, MAX_DRAWS),
      seed: wholeNumber('seed', values.seed, DEFAULTS.seed, Number.MAX_SAFE_INTEGER),
    },
  };
}
