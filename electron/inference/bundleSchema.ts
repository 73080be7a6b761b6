import * as v from 'valibot';
import { EMOTIONS } from '../../core/recording/emotion.js';
import { MODALITIES } from '../../core/recording/modality.js';

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

/**
 * A decoded quantity with what its band is made of: `residual` is the standard deviation of the decoder's own error in
 * each part, `tails` how many standard deviations (samples and decoder together) the 90 % band reaches below and above,
 * by the pattern of the available modalities.
 */
const decodedQuantity = v.object({
  name: v.string(),
  unit: v.string(),
  minimum: v.optional(finite),
  maximum: v.optional(finite),
  residual: v.array(v.pipe(finite, v.minValue(0))),
  tails: v.record(v.string(), v.tuple([v.pipe(finite, v.minValue(0)), v.pipe(finite, v.minValue(0))])),
});
export type DecodedQuantity = v.InferOutput<typeof decodedQuantity>;

const decodedCurves = v.pipe(
  v.object({
    points: v.pipe(count, v.maxValue(1_000)),
    expression: v.pipe(v.array(decodedQuantity), v.length(EMOTIONS.length)),
    proxies: v.array(decodedQuantity),
    voice: v.array(decodedQuantity),
    rates: v.array(decodedQuantity),
  }),
  v.check(
    ({ points, expression, proxies, voice, rates }) =>
      [...expression, ...proxies, ...voice].every(({ residual }) => residual.length === points) &&
      rates.every(({ residual }) => residual.length === 1),
    'every curve needs one residual per point, every rate one',
  ),
);

const decoderError = v.object({
  modality: v.picklist(MODALITIES),
  kind: v.picklist(['curve', 'descriptor']),
  name: v.string(),
  unit: v.string(),
  from: v.string(),
  mae: finite,
  constant: finite,
  conditional_mean: v.optional(finite),
  coverage: v.optional(finite),
});

/** `bundle.json`. Keys that only people read (training data, evaluation tables) are not checked. */
export const bundleSchema = v.pipe(
  v.object({
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
    graphs: v.object({ encode: graph, recover: graph, readout: graph, decode: graph, curves: v.optional(graph) }),
    decoded: v.object({
      acoustics: v.array(v.object({ name: v.string(), unit: v.string() })),
      /** What the graph `curves` gives; both or none. */
      curves: v.optional(decodedCurves),
      errors: v.optional(v.array(decoderError)),
    }),
    /** Phrases that recovered texts are compared with. */
    phrases: v.optional(v.object({ file: fileName, sha256 })),
    sampler: v.object({ kind: v.string(), steps: count, samples_default: count, samples_max: count }),
    calibration: v.object({
      interval_level: v.pipe(finite, v.gtValue(0), v.ltValue(1)),
      temperature: v.object({ 1: positive, 2: positive, 3: positive }),
      half_width: halfWidths,
      fitted_on: v.optional(v.string()),
    }),
    parity: v.object({ file: fileName, sha256, tolerance: positive }),
    /** Tables for people; what the program shows of them is read with care, and nothing of it is a reason to refuse. */
    evaluation: v.optional(v.unknown()),
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
  }),
  v.check(
    ({ graphs, decoded }) => (graphs.curves === undefined) === (decoded.curves === undefined),
    'graphs.curves and decoded.curves belong together',
  ),
);
export type BundleManifest = v.InferOutput<typeof bundleSchema>;

const REQUIRED_GRAPHS = ['encode', 'recover', 'readout', 'decode'] as const;
export type GraphName = (typeof REQUIRED_GRAPHS)[number] | 'curves';

/** The graphs of a bundle; decoders of curves are not in every one. */
export function graphNames(manifest: BundleManifest): readonly GraphName[] {
  return manifest.decoded.curves === undefined ? REQUIRED_GRAPHS : [...REQUIRED_GRAPHS, 'curves'];
}

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
    curves: { inputs: [{ name: 'latents', shape: latent }], outputs: curveTensors(manifest) },
  };
}

function curveTensors({ decoded: { curves } }: BundleManifest): ExpectedTensor[] {
  if (curves === undefined) return [];
  const { points, expression, proxies, voice, rates } = curves;
  return [
    { name: 'expression_curve', shape: [null, points, expression.length] },
    { name: 'proxy_curve', shape: [null, points, proxies.length] },
    { name: 'voice_curve', shape: [null, points, voice.length] },
    { name: 'rates', shape: [null, rates.length] },
  ];
}
