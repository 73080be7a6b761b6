import { readdirSync } from 'node:fs';
import { listSupportedBackends } from 'onnxruntime-node';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import type { Graphs } from './graphs.js';
import type { ParityCase } from './parity.js';
import { maxDifference } from './parity.js';

/** Largest difference to the cpu that a GPU provider may show on the bundle's parity input. */
const PROVIDER_TOLERANCE = 1e-3;

/** GPU providers in the order in which `auto` tries them. TensorRT is left out: building its engines takes minutes. */
const GPU_ORDER = ['cuda', 'dml', 'coreml', 'webgpu'] as const;

/** Names that can be asked for on this platform: `auto`, `cpu` and the GPU providers that its runtime knows. */
export function availableProviders(): readonly string[] {
  const known = new Set(listSupportedBackends().map((backend) => backend.name));
  return ['auto', 'cpu', ...GPU_ORDER.filter((name) => known.has(name))];
}

export interface ProviderTrial {
  /** The graphs opened on the cpu, the reference. */
  readonly cpu: Graphs;
  readonly parity: ParityCase;
  /** Opens the same graphs on another provider. */
  open(provider: string): Promise<Graphs>;
  /** Says why `auto` need not try a provider on this machine; undefined when it should. */
  readonly absent?: (provider: string) => string | undefined;
}

/**
 * Chooses the execution provider. `auto` takes the first GPU provider that opens the graphs and agrees with the cpu
 * on the parity input, else the cpu, with a note that says why.
 * @throws ProblemError when a forced provider is unknown here, cannot be opened or disagrees with the cpu.
 */
export async function chooseProvider(
  wish: string,
  trial: ProviderTrial,
): Promise<{ readonly graphs: Graphs; readonly problems: readonly Problem[] }> {
  if (wish === 'cpu') return { graphs: trial.cpu, problems: [] };
  const available = availableProviders();
  if (!available.includes(wish)) throw new ProblemError(unknownProvider(wish, available));
  const candidates = wish === 'auto' ? available.slice(2) : [wish];
  const reasons: string[] = [];
  for (const name of candidates) {
    const absent = wish === 'auto' ? (trial.absent ?? absentDevice)(name) : undefined;
    const outcome = absent ?? (await tryProvider(name, trial));
    if (typeof outcome !== 'string') {
      await trial.cpu.release();
      return { graphs: outcome, problems: [] };
    }
    reasons.push(`${name}: ${outcome}`);
  }
  if (wish !== 'auto') throw new ProblemError(forcedFailed(wish, reasons.join('; ')));
  return { graphs: trial.cpu, problems: reasons.length === 0 ? [] : [fellBack(reasons)] };
}

/** The opened graphs, or the reason why the provider cannot be used. */
async function tryProvider(name: string, trial: ProviderTrial): Promise<Graphs | string> {
  let graphs: Graphs | undefined;
  try {
    graphs = await trial.open(name);
    const expected = await trial.cpu.runParity(trial.parity);
    const actual = await graphs.runParity(trial.parity);
    for (const [output, values] of Object.entries(expected)) {
      const difference = maxDifference(values, actual[output as keyof typeof actual]);
      if (difference <= PROVIDER_TOLERANCE) continue;
      await graphs.release();
      return `${output} differs by ${difference.toPrecision(2)} from the cpu, ${PROVIDER_TOLERANCE} allowed`;
    }
    return graphs;
  } catch (error) {
    await graphs?.release().catch(() => undefined);
    return firstSentence((error as Error).message);
  }
}

/**
 * Why a provider need not be tried, where the system's device folder already tells. Trying costs seconds and makes the
 * native libraries write to stderr.
 */
function absentDevice(name: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const has = (folder: string, pattern: RegExp): boolean => {
    try {
      return readdirSync(folder).some((entry) => pattern.test(entry));
    } catch {
      return false;
    }
  };
  const nvidia = has('/dev', /^nvidia\d+$/);
  if (name === 'cuda' && !nvidia) return 'there is no NVIDIA device';
  if (name === 'webgpu' && !nvidia && !has('/dev/dri', /^renderD/)) return 'there is no graphics device';
  return undefined;
}

/** Runtime messages run over many lines of paths and build flags; the beginning says what is wrong. */
function firstSentence(message: string): string {
  const line = message.split('\n')[0]?.trim() ?? '';
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}

function unknownProvider(wish: string, available: readonly string[]): Problem {
  return {
    code: 'provider.unknown',
    severity: 'error',
    message: `The execution provider "${wish}" does not exist on this platform.`,
    tip: `Choose one of: ${available.join(', ')}.`,
  };
}

function forcedFailed(wish: string, reason: string): Problem {
  return {
    code: 'provider.unusable',
    severity: 'error',
    message: `The execution provider "${wish}" cannot be used here (${reason}).`,
    tip: 'Choose "auto" or "cpu".',
  };
}

function fellBack(reasons: readonly string[]): Problem {
  return {
    code: 'provider.fallback',
    severity: 'note',
    message: `The model runs on the processor, no graphics provider could be used (${reasons.join('; ')}).`,
    tip: 'Nothing has to be done: results are the same, only slower. Choose "cpu" to skip the search.',
  };
}
