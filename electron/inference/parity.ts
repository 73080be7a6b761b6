import * as v from 'valibot';
import type { BundleManifest } from './bundleSchema.js';

/** Nested lists of numbers; `null` stands for NaN, which JSON cannot hold. */
type Nested = number | null | readonly Nested[];
const nested: v.GenericSchema<Nested> = v.lazy(() => v.union([v.number(), v.null(), v.array(nested)]));

const INPUTS = ['text', 'audio', 'visual', 'available', 'noise'] as const;
const OUTPUTS = ['latents', 'recovered', 'logits', 'score', 'expression', 'acoustics'] as const;
/** Of the decoders of curves, where the bundle has them. */
const CURVE_OUTPUTS = ['expression_curve', 'proxy_curve', 'voice_curve', 'rates'] as const;
export type CurveOutput = (typeof CURVE_OUTPUTS)[number];

/** `parity.json`: an input with all availability patterns of interest and what the trained network made of it. */
const paritySchema = v.object({
  inputs: v.object(Object.fromEntries(INPUTS.map((name) => [name, nested])) as Record<ParityInput, typeof nested>),
  outputs: v.record(v.string(), nested),
});
type ParityInput = (typeof INPUTS)[number];
type ParityOutput = (typeof OUTPUTS)[number] | CurveOutput;
export type ParityOutputs = Readonly<Partial<Record<ParityOutput, Float32Array>>>;

export interface ParityCase {
  readonly batch: number;
  readonly inputs: Readonly<Record<ParityInput, Float32Array>>;
  readonly outputs: ParityOutputs;
}

function flatten(value: Nested, into: number[] = []): number[] {
  if (value === null) into.push(Number.NaN);
  else if (typeof value === 'number') into.push(value);
  else for (const item of value) flatten(item, into);
  return into;
}

/**
 * Reads the parity case.
 * @throws Error naming what does not fit the schema or the sizes of the bundle.
 */
export function parseParity(json: unknown, manifest: BundleManifest): ParityCase {
  const parsed = v.safeParse(paritySchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new Error(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  const { inputs, outputs } = parsed.output;
  const batch = Array.isArray(inputs.available) ? inputs.available.length : 0;
  if (batch === 0) throw new Error('inputs.available holds no rows');
  const { text, audio, visual } = manifest.modalities;
  const latent = 3 * manifest.latent.tokens * manifest.latent.width;
  const { curves } = manifest.decoded;
  const points = curves?.points ?? 0;
  const widths: Record<ParityInput | ParityOutput, number> = {
    text: text.dimension,
    audio: audio.dimension,
    visual: visual.dimension,
    available: 3,
    noise: latent,
    latents: latent,
    recovered: latent,
    logits: manifest.labels.length,
    score: 1,
    expression: manifest.labels.length,
    acoustics: manifest.decoded.acoustics.length,
    expression_curve: points * manifest.labels.length,
    proxy_curve: points * (curves?.proxies.length ?? 0),
    voice_curve: points * (curves?.voice.length ?? 0),
    rates: curves?.rates.length ?? 0,
  };
  const read = (name: ParityInput | ParityOutput, value: Nested | undefined): Float32Array => {
    if (value === undefined) throw new Error(`outputs.${name} is missing`);
    const flat = Float32Array.from(flatten(value));
    const wanted = batch * widths[name];
    if (flat.length !== wanted) throw new Error(`${name} holds ${flat.length} numbers, ${wanted} expected`);
    return flat;
  };
  const expected: readonly ParityOutput[] = curves === undefined ? OUTPUTS : [...OUTPUTS, ...CURVE_OUTPUTS];
  return {
    batch,
    inputs: Object.fromEntries(INPUTS.map((name) => [name, read(name, inputs[name])])) as ParityCase['inputs'],
    outputs: Object.fromEntries(expected.map((name) => [name, read(name, outputs[name])])),
  };
}

/**
 * Largest difference between two results, relative to the larger of 1 and the expected value, so that descriptors in
 * physical units (hertz) and probabilities share one tolerance. Infinity where one is finite and the other is not.
 */
export function maxDifference(expected: Float32Array, actual: Float32Array | undefined): number {
  if (expected.length !== actual?.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const e = expected[i] ?? Number.NaN;
    const a = actual[i] ?? Number.NaN;
    if (Number.isNaN(e) && Number.isNaN(a)) continue;
    const difference = Math.abs(e - a) / Math.max(1, Math.abs(e));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
