import { InferenceSession, Tensor, env } from 'onnxruntime-node';
import type { BundleManifest, ExpectedTensor, GraphName, TensorSpec } from './bundleSchema.js';
import { expectedTensors, graphNames } from './bundleSchema.js';
import type { CurveOutput, ParityCase, ParityOutputs } from './parity.js';

// What goes wrong comes back as an exception; the native log would only disturb the progress line.
env.logLevel = 'fatal';

/** The bytes of the graph files, already checked against their hashes. */
export type GraphFiles = ReadonlyMap<GraphName, Uint8Array>;

/** What the decoders of curves give for a batch. */
export type CurveOutputs = Readonly<Record<CurveOutput, Float32Array>>;

export interface EncodeInput {
  readonly text: Float32Array;
  readonly audio: Float32Array;
  readonly visual: Float32Array;
  readonly available: Float32Array;
}

/**
 * The graphs of a bundle, opened on one execution provider. All arrays are row-major with the batch first; a
 * "row" is one segment or one recovery sample of a segment.
 */
export class Graphs {
  readonly provider: string;
  readonly #sessions: ReadonlyMap<GraphName, InferenceSession>;
  readonly #manifest: BundleManifest;

  private constructor(provider: string, sessions: ReadonlyMap<GraphName, InferenceSession>, manifest: BundleManifest) {
    this.provider = provider;
    this.#sessions = sessions;
    this.#manifest = manifest;
  }

  /**
   * Opens all graphs on one execution provider.
   * @throws Error of the runtime when the provider or a graph cannot be used.
   */
  static async open(files: GraphFiles, manifest: BundleManifest, provider: string): Promise<Graphs> {
    const sessions = new Map<GraphName, InferenceSession>();
    for (const [name, bytes] of files) sessions.set(name, await openSession(bytes, provider));
    return new Graphs(provider, sessions, manifest);
  }

  /** The opened graph; every graph of the manifest is there. */
  session(name: GraphName): InferenceSession {
    const session = this.#sessions.get(name);
    if (session === undefined) throw new Error(`the graph ${name} was not opened`);
    return session;
  }

  /** Numbers per row of a latent: 3 modalities x tokens x width. */
  get latentSize(): number {
    return 3 * this.#manifest.latent.tokens * this.#manifest.latent.width;
  }

  async encode(batch: number, input: EncodeInput): Promise<Float32Array> {
    const { text, audio, visual } = this.#manifest.modalities;
    const outputs = await this.session('encode').run({
      text: new Tensor('float32', input.text, [batch, text.dimension]),
      audio: new Tensor('float32', input.audio, [batch, audio.dimension]),
      visual: new Tensor('float32', input.visual, [batch, visual.dimension]),
      available: new Tensor('float32', input.available, [batch, 3]),
    });
    return floats(outputs, 'latents');
  }

  async recover(
    batch: number,
    latents: Float32Array,
    available: Float32Array,
    noise: Float32Array,
  ): Promise<Float32Array> {
    const outputs = await this.session('recover').run({
      latents: this.#latent(batch, latents),
      available: new Tensor('float32', available, [batch, 3]),
      noise: this.#latent(batch, noise),
    });
    return floats(outputs, 'recovered');
  }

  async readout(
    batch: number,
    latents: Float32Array,
    present: Float32Array,
    recovered: Float32Array,
  ): Promise<{ readonly logits: Float32Array; readonly score: Float32Array; readonly fused: Float32Array }> {
    const outputs = await this.session('readout').run({
      latents: this.#latent(batch, latents),
      present: new Tensor('float32', present, [batch, 3]),
      recovered: new Tensor('float32', recovered, [batch, 3]),
    });
    return { logits: floats(outputs, 'logits'), score: floats(outputs, 'score'), fused: floats(outputs, 'fused') };
  }

  async decode(
    batch: number,
    latents: Float32Array,
  ): Promise<{ readonly expression: Float32Array; readonly acoustics: Float32Array }> {
    const outputs = await this.session('decode').run({ latents: this.#latent(batch, latents) });
    return { expression: floats(outputs, 'expression'), acoustics: floats(outputs, 'acoustics') };
  }

  /** Curves of every row; undefined for a bundle without their decoders. */
  async curves(batch: number, latents: Float32Array): Promise<CurveOutputs | undefined> {
    if (!this.#sessions.has('curves')) return undefined;
    const outputs = await this.session('curves').run({ latents: this.#latent(batch, latents) });
    return {
      expression_curve: floats(outputs, 'expression_curve'),
      proxy_curve: floats(outputs, 'proxy_curve'),
      voice_curve: floats(outputs, 'voice_curve'),
      rates: floats(outputs, 'rates'),
    };
  }

  /** Computes every output of a parity case from its inputs. */
  async runParity(parity: ParityCase): Promise<ParityOutputs> {
    const { batch, inputs } = parity;
    const latents = await this.encode(batch, inputs);
    const recovered = await this.recover(batch, latents, inputs.available, inputs.noise);
    const missing = inputs.available.map((value) => 1 - value);
    const present = new Float32Array(batch * 3).fill(1);
    const readout = await this.readout(batch, recovered, present, missing);
    const decoded = await this.decode(batch, recovered);
    return { latents, recovered, ...readout, ...decoded, ...(await this.curves(batch, recovered)) };
  }

  /** Frees the native memory of the sessions. */
  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
  }

  #latent(batch: number, data: Float32Array): Tensor {
    return new Tensor('float32', data, [batch, 3, this.#manifest.latent.tokens, this.#manifest.latent.width]);
  }
}

/** Opens one session; one thread, because several sessions share few cores and sums must not depend on their number. */
async function openSession(bytes: Uint8Array, provider: string): Promise<InferenceSession> {
  const executionProviders = provider === 'cpu' ? ['cpu'] : [provider, 'cpu'];
  return InferenceSession.create(bytes, {
    executionProviders,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });
}

function floats(outputs: InferenceSession.ReturnType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`the output ${name} is not a float32 tensor`);
  return data;
}

/**
 * Compares the tensors of the opened graphs with what the bundle format demands and what the manifest declares.
 * @returns the first mismatch in words, with the graph it is in; undefined when everything fits.
 */
export function findShapeMismatch(
  graphs: Graphs,
  manifest: BundleManifest,
): { readonly graph: GraphName; readonly mismatch: string } | undefined {
  const contract = expectedTensors(manifest);
  for (const graph of graphNames(manifest)) {
    const session = graphs.session(graph);
    const declared = manifest.graphs[graph];
    const sides = [
      ['input', session.inputMetadata, contract[graph].inputs, declared?.inputs ?? []],
      ['output', session.outputMetadata, contract[graph].outputs, declared?.outputs ?? []],
    ] as const;
    for (const [side, actual, expected, specs] of sides) {
      const mismatch = compareSide(side, actual, expected, specs);
      if (mismatch !== undefined) return { graph, mismatch };
    }
  }
  return undefined;
}

function compareSide(
  side: 'input' | 'output',
  actual: readonly InferenceSession.ValueMetadata[],
  expected: readonly ExpectedTensor[],
  declared: readonly TensorSpec[],
): string | undefined {
  for (const wanted of [...expected, ...declared.map(fromDeclared)]) {
    const found = actual.find((tensor) => tensor.name === wanted.name);
    if (found === undefined) return `it has no ${side} named ${wanted.name}`;
    const shape = found.isTensor ? found.shape : [];
    if (!found.isTensor || found.type !== 'float32') return `its ${side} ${wanted.name} is not a float32 tensor`;
    if (!fits(shape, wanted.shape)) {
      return `its ${side} ${wanted.name} has shape ${format(shape)}, ${format(wanted.shape)} expected`;
    }
  }
  const unknown = side === 'input' ? actual.find((t) => !expected.some((e) => e.name === t.name)) : undefined;
  return unknown === undefined ? undefined : `it asks for an unknown input ${unknown.name}`;
}

function fromDeclared(spec: TensorSpec): ExpectedTensor {
  return { name: spec.name, shape: spec.shape.map((size) => (typeof size === 'number' ? size : null)) };
}

/** A free axis must be free in the graph, too; a fixed one must agree unless the graph leaves it open. */
function fits(actual: readonly (number | string)[], expected: readonly (number | null)[]): boolean {
  if (actual.length !== expected.length) return false;
  return expected.every((size, axis) => {
    const found = actual[axis];
    const open = typeof found === 'string' || found === undefined || found < 0;
    return size === null ? open : open || found === size;
  });
}

function format(shape: readonly (number | string | null)[]): string {
  return `[${shape.map((size) => (size === null ? 'batch' : String(size))).join(', ')}]`;
}
