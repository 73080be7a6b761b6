import * as v from 'valibot';
import { EMOTIONS } from '../../core/recording/emotion.js';

/** Version of the bundle format that this app reads. */
export const BUNDLE_FORMAT = 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex'));
/** A plain name: a bundle never reaches outside its own folder. */
const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/, 'must be a plain file name'));

const tensor = v.object({
  name: v.string(),
  shape: v.pipe(v.array(v.union([count, v.string()])), v.maxLength(8)),
  type: v.literal('float32'),
});
export type TensorSpec = v.InferOutput<typeof tensor>;

const graph = v.object({ file: fileName, sha256, inputs: v.array(tensor), outputs: v.array(tensor) });

const featureSpec = v.object({ extractor: v.string(), dimension: count, names_sha256: v.optional(sha256) });

const halfWidths = v.object({
  T: positive,
  A: positive,
  V: positive,
  TA: positive,
  TV: positive,
  AV: positive,
  TAV: positive,
});

/** `bundle.json`. Keys that only people read (training data, evaluation tables) are not checked. */
export const bundleSchema = v.object({
  format: v.literal(BUNDLE_FORMAT),
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,80}$/)),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'must be a version like 0.1.0')),
  title: v.string(),
  description: v.string(),
  licence: v.string(),
  intended_use: v.string(),
  configuration: v.string(),
  modalities: v.object({ text: featureSpec, audio: featureSpec, visual: featureSpec }),
  latent: v.object({ tokens: count, width: count }),
  fused_width: count,
  labels: v.pipe(
    v.array(v.string()),
    v.check((labels) => labels.join() === EMOTIONS.join(), `must be ${EMOTIONS.join(', ')} in this order`),
  ),
  score_range: v.tuple([v.literal(-3), v.literal(3)]),
  graphs: v.object({ encode: graph, recover: graph, readout: graph, decode: graph }),
  decoded: v.object({ acoustics: v.array(v.object({ name: v.string(), unit: v.string() })) }),
  sampler: v.object({ kind: v.string(), steps: count, samples_default: count, samples_max: count }),
  calibration: v.object({
    interval_level: v.pipe(finite, v.gtValue(0), v.ltValue(1)),
    temperature: v.object({ 1: positive, 2: positive, 3: positive }),
    half_width: halfWidths,
    fitted_on: v.optional(v.string()),
  }),
  parity: v.object({ file: fileName, sha256, tolerance: positive }),
  /** For people: a methods section names the data. */
  training: v.optional(v.object({ data: v.optional(v.array(v.string())) })),
  /** Only for comparison on ready-made features: names of the arrays in the data file, and of the rows to test on. */
  benchmark: v.optional(
    v.object({
      data: v.string(),
      ids: v.string(),
      label: v.string(),
      split: v.string(),
      part: v.string(),
      arrays: v.object({ text: v.string(), audio: v.string(), visual: v.string() }),
    }),
  ),
});
export type BundleManifest = v.InferOutput<typeof bundleSchema>;

export const GRAPH_NAMES = ['encode', 'recover', 'readout', 'decode'] as const;
export type GraphName = (typeof GRAPH_NAMES)[number];

/** A tensor as the contract demands it; `null` is the free batch axis. */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** Inputs and outputs that every graph must have, derived from the sizes the manifest declares. */
export function expectedTensors(
  manifest: BundleManifest,
): Readonly<
  Record<GraphName, { readonly inputs: readonly ExpectedTensor[]; readonly outputs: readonly ExpectedTensor[] }>
> {
  const { text, audio, visual } = manifest.modalities;
  const latent = [null, 3, manifest.latent.tokens, manifest.latent.width];
  return {
    encode: {
      inputs: [
        { name: 'text', shape: [null, text.dimension] },
        { name: 'audio', shape: [null, audio.dimension] },
        { name: 'visual', shape: [null, visual.dimension] },
        { name: 'available', shape: [null, 3] },
      ],
      outputs: [{ name: 'latents', shape: latent }],
    },
    recover: {
      inputs: [
        { name: 'latents', shape: latent },
        { name: 'available', shape: [null, 3] },
        { name: 'noise', shape: latent },
      ],
      outputs: [{ name: 'recovered', shape: latent }],
    },
    readout: {
      inputs: [
        { name: 'latents', shape: latent },
        { name: 'present', shape: [null, 3] },
        { name: 'recovered', shape: [null, 3] },
      ],
      outputs: [
        { name: 'logits', shape: [null, EMOTIONS.length] },
        { name: 'score', shape: [null] },
        { name: 'fused', shape: [null, manifest.fused_width] },
      ],
    },
    decode: {
      inputs: [{ name: 'latents', shape: latent }],
      outputs: [
        { name: 'expression', shape: [null, EMOTIONS.length] },
        { name: 'acoustics', shape: [null, manifest.decoded.acoustics.length] },
      ],
    },
  };
}
