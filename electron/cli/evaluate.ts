import path from 'node:path';
import { parseArgs } from 'node:util';
import { ProblemError } from '../../core/problems/problem.js';
import { MODALITIES, MODALITY_KEY } from '../../core/recording/modality.js';
import { microseconds } from '../../core/time/microseconds.js';
import { writeAtomically } from '../files/writeAtomically.js';
import type { LoadedBundle } from '../inference/loadBundle.js';
import { loadBundle } from '../inference/loadBundle.js';
import { runRohydr } from '../inference/rohydr.js';
import type { SegmentInput } from '../inference/segmentTypes.js';
import { callersFolder, findAppFolder } from './appFolder.js';
import { EXIT, exitCodeOf } from './exitCodes.js';
import { meanCell, sentimentCell, type SentimentCell } from './sentimentMetrics.js';
import { readUtterances, type Utterance } from './utteranceVectors.js';

const USAGE = `usage: evaluate --bundle ID --data FILE.npz [--seed N] [--samples K] [--json FILE] [--models DIR]
Runs a benchmark bundle over the test rows of its data with every availability pattern and prints the metrics.
  --seed N     seed of the recovery noise, 0 to 2^31-1 (default 1)
  --samples K  recoveries per utterance (default: the bundle's own)
  --json FILE  also writes the table there
exit status: 0 done, 2 usage, 3 unreadable data, 4 bundle refused, 130 cancelled
`;

/** Availability patterns in the order of the table. */
const PATTERNS = ['T', 'A', 'V', 'TA', 'TV', 'AV', 'TAV'] as const;
type Pattern = (typeof PATTERNS)[number];

interface Arguments {
  readonly bundle: string;
  readonly data: string;
  readonly seed: number;
  readonly samples: number | undefined;
  readonly json: string | undefined;
  readonly modelsDir: string;
}

/** What `evaluate` prints and writes. */
interface Evaluation {
  readonly bundle: string;
  readonly version: string;
  readonly utterances: number;
  readonly seed: number;
  readonly samples: number;
  readonly patterns: Readonly<Record<Pattern, SentimentCell>>;
  readonly avg6: SentimentCell;
  readonly avg7: SentimentCell;
  /** Share of labels inside the interval, per pattern. */
  readonly coverage: Readonly<Record<Pattern, number>>;
  /** Wall time per utterance and pattern, milliseconds. */
  readonly ms_per_segment: number;
}

/** Runs `evaluate`. Answers with the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  if (typeof args === 'string') {
    const help = args === 'help';
    (help ? process.stdout : process.stderr).write(help ? USAGE : `${args}\n${USAGE}`);
    return help ? EXIT.done : EXIT.usage;
  }
  const stop = new AbortController();
  const cancel = (): void => {
    stop.abort();
  };
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    const evaluation = await evaluate(args, stop.signal);
    if (args.json !== undefined) await writeAtomically(args.json, `${JSON.stringify(evaluation, undefined, 2)}\n`);
    process.stdout.write(tableOf(evaluation));
    return EXIT.done;
  } catch (error) {
    if (stop.signal.aborted) {
      process.stderr.write('Cancelled; nothing was written.\n');
      return EXIT.cancelled;
    }
    const problem = error instanceof ProblemError ? error.problem : undefined;
    process.stderr.write(`${problem ? `${problem.message} ${problem.tip}` : String(error)}\n`);
    return exitCodeOf(error);
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
  }
}

function readArguments(argv: readonly string[]): Arguments | string {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...argv],
      options: {
        bundle: text, data: text, seed: text, samples: text, json: text, models: text,
        help: { type: 'boolean', short: 'h' },
      },
    }); // prettier-ignore
    if (values.help === true) return 'help';
    if (values.bundle === undefined || values.data === undefined) return 'Name the bundle and the data file.';
    const from = callersFolder(process.cwd(), process.env);
    return {
      bundle: values.bundle,
      data: path.resolve(from, values.data),
      seed: wholeNumber('seed', values.seed ?? '1', 0, 2 ** 31 - 1),
      samples: values.samples === undefined ? undefined : wholeNumber('samples', values.samples, 1, 4096),
      json: values.json === undefined ? undefined : path.resolve(from, values.json),
      modelsDir:
        values.models === undefined ? path.join(findAppFolder().root, 'models') : path.resolve(from, values.models),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new Error(`--${name} ${text}: a whole number from ${low} to ${high} is expected`);
  }
  return value;
}

async function evaluate(args: Arguments, signal: AbortSignal): Promise<Evaluation> {
  const bundle = await loadBundle(args.modelsDir, args.bundle, 'cpu');
  const { manifest } = bundle;
  if (manifest.benchmark === undefined) {
    const message = `The bundle ${manifest.id} is for recordings and names no benchmark data.`;
    throw new ProblemError({
      code: 'bundle.no-benchmark',
      severity: 'error',
      message,
      tip: 'Choose a benchmark bundle.',
    });
  }
  const samples = args.samples ?? manifest.sampler.samples_default;
  if (samples > manifest.sampler.samples_max) {
    const message = `${samples} samples were asked for, the bundle allows ${manifest.sampler.samples_max}.`;
    throw new ProblemError({ code: 'analysis.too-many-samples', severity: 'error', message, tip: 'Ask for fewer.' });
  }
  const utterances = await readUtterances(args.data, manifest.benchmark, manifest.modalities);
  const labels = utterances.map(({ label }) => label);
  const patterns: Partial<Record<Pattern, SentimentCell>> = {};
  const coverage: Partial<Record<Pattern, number>> = {};
  const started = performance.now();
  for (const pattern of PATTERNS) {
    const read = await readPattern(bundle, utterances, pattern, { seed: args.seed, samples, signal });
    patterns[pattern] = sentimentCell(
      labels,
      read.map(({ value }) => value),
    );
    const inside = read.filter(({ low, high }, i) => low <= (labels[i] ?? 0) && (labels[i] ?? 0) <= high);
    coverage[pattern] = inside.length / read.length;
  }
  const cells = patterns as Record<Pattern, SentimentCell>;
  return {
    bundle: manifest.id,
    version: manifest.version,
    utterances: utterances.length,
    seed: args.seed,
    samples,
    patterns: cells,
    avg6: meanCell(PATTERNS.filter((pattern) => pattern !== 'TAV').map((pattern) => cells[pattern])),
    avg7: meanCell(PATTERNS.map((pattern) => cells[pattern])),
    coverage: coverage as Record<Pattern, number>,
    ms_per_segment: (performance.now() - started) / (utterances.length * PATTERNS.length),
  };
}

async function readPattern(
  bundle: LoadedBundle,
  utterances: readonly Utterance[],
  pattern: Pattern,
  options: { readonly seed: number; readonly samples: number; readonly signal: AbortSignal },
): Promise<readonly { readonly value: number; readonly low: number; readonly high: number }[]> {
  const [text, audio, visual] = MODALITIES.map((m) => pattern.includes(MODALITY_KEY[m]));
  const inputs = utterances.map(({ id, features }): SegmentInput => ({
    segmentId: `${id}/${pattern}`,
    range: { start: microseconds(0), end: microseconds(1) },
    features: {
      text: text ? features.text : undefined,
      audio: audio ? features.audio : undefined,
      visual: visual ? features.visual : undefined,
    },
  }));
  const run = { recordingId: bundle.manifest.id, seed: options.seed, samples: options.samples, recover: true };
  const outputs = await runRohydr(bundle, inputs, { ...run, signal: options.signal });
  return outputs.map(({ estimate, problems }) => {
    if (estimate !== undefined) return estimate.score;
    const [problem] = problems;
    throw problem === undefined ? new Error('an utterance has no estimate') : new ProblemError(problem);
  });
}

function tableOf(evaluation: Evaluation): string {
  const { patterns, avg6, avg7 } = evaluation;
  const percent = (share: number): string => (100 * share).toFixed(1).padStart(6);
  const line = (name: string, cell: SentimentCell, inside?: number): string =>
    [
      name.padEnd(6), percent(cell.acc2), percent(cell.f1), percent(cell.acc7), cell.mae.toFixed(3).padStart(7),
      cell.corr.toFixed(3).padStart(7), inside === undefined ? '' : percent(inside),
    ].join(' ').trimEnd(); // prettier-ignore
  const head = `${evaluation.bundle} ${evaluation.version}: ${evaluation.utterances} utterances, K = ${evaluation.samples}, seed ${evaluation.seed}`;
  return [
    head,
    'has      ACC2     F1   ACC7     MAE       r  90 % in',
    ...PATTERNS.map((pattern) => line(pattern, patterns[pattern], evaluation.coverage[pattern])),
    line('Avg6', avg6),
    line('Avg7', avg7),
    `${evaluation.ms_per_segment.toFixed(2)} ms per utterance and pattern`,
    '',
  ].join('\n');
}
