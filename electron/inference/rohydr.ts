import type { Problem } from '../../core/problems/problem.js';
import { fillNormal } from '../../core/random/seededNormal.js';
import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES } from '../../core/recording/modality.js';
import { readLess } from './ablations.js';
import type { LoadedBundle } from './loadBundle.js';
import type { PhraseBank } from './phraseBank.js';
import type { BatchOutput } from './readout.js';
import { estimateOf } from './readout.js';
import { type SegmentInput, type SegmentOutput, toGenerate } from './segmentTypes.js';

/** Single samples of curves are kept for this many samples, and only where their number stays small: they are large. */
const KEPT_SAMPLES = 8;
const MOST_WITH_SAMPLES = 500;

/** Segments that go through the graphs together. */
const BATCH_SEGMENTS = 32;

export interface RohydrOptions {
  readonly recordingId: string;
  readonly seed: number;
  /** Recovery samples per segment with a missing modality. */
  readonly samples: number;
  /** Off: missing modalities are dropped, not generated. */
  readonly recover: boolean;
  /** Phrases to compare a recovered text with; asked for when the first text is recovered. */
  readonly phrases?: () => Promise<PhraseBank | undefined>;
  /** Most segments per batch; for measurements, results do not depend on it. */
  readonly batchSegments?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs RoHyDR over segments: encode what is available, sample what is missing K times, fuse, read out, calibrate.
 * A segment without any modality gets no estimate. Noise is keyed by recording, segment, seed and sample, so the
 * result of a segment depends neither on the other segments nor on the batches.
 * @returns one output per input, in order.
 * @throws the signal's reason when aborted, between batches.
 */
export async function runRohydr(
  bundle: LoadedBundle,
  inputs: readonly SegmentInput[],
  options: RohydrOptions,
): Promise<readonly SegmentOutput[]> {
  const outputs = new Array<SegmentOutput>(inputs.length);
  const groups: Record<'complete' | 'sampled', number[]> = { complete: [], sampled: [] };
  inputs.forEach((input, index) => {
    const missing = MODALITIES.filter((modality) => input.features[modality] === undefined);
    if (missing.length === MODALITIES.length) outputs[index] = noInput(input);
    else groups[options.recover && toGenerate(input).length > 0 ? 'sampled' : 'complete'].push(index);
  });
  const size = options.batchSegments ?? BATCH_SEGMENTS;
  const total = groups.complete.length + groups.sampled.length;
  let done = 0;
  for (const kind of ['complete', 'sampled'] as const) {
    const group = groups[kind];
    for (let start = 0; start < group.length; start += size) {
      options.signal?.throwIfAborted();
      const indices = group.slice(start, start + size);
      const batch = indices.map((index) => inputs[index] as SegmentInput);
      const output = await (kind === 'sampled' ? runSampled : runComplete)(bundle, batch, options);
      const keptSamples = groups.sampled.length > MOST_WITH_SAMPLES ? 0 : KEPT_SAMPLES;
      indices.forEach((index, row) => {
        outputs[index] = estimateOf(bundle.manifest, batch[row] as SegmentInput, row, { ...output, keptSamples });
      });
      done += indices.length;
      options.onProgress?.(done, total);
    }
  }
  options.signal?.throwIfAborted();
  return outputs;
}

/** Nothing is generated: complete segments, or missing modalities dropped. */
async function runComplete(bundle: LoadedBundle, batch: readonly SegmentInput[]): Promise<BatchOutput> {
  const available = availability(batch);
  const latents = await bundle.graphs.encode(batch.length, stack(bundle, batch, available));
  const readout = await bundle.graphs.readout(batch.length, latents, available, new Float32Array(batch.length * 3));
  const less = await readLess(bundle.graphs, latents, available, false);
  return { samples: 1, latents, ...readout, less };
}

async function runSampled(
  bundle: LoadedBundle,
  batch: readonly SegmentInput[],
  options: RohydrOptions,
): Promise<BatchOutput> {
  const { graphs } = bundle;
  const { samples } = options;
  const available = availability(batch);
  const encoded = await graphs.encode(batch.length, stack(bundle, batch, available));
  const less = await readLess(graphs, encoded, available, true);
  const rows = batch.length * samples;
  const size = graphs.latentSize;
  const noise = new Float32Array(rows * size);
  batch.forEach((input, index) => {
    for (let k = 0; k < samples; k++) {
      const row = index * samples + k;
      const key = [options.recordingId, input.segmentId, options.seed, k].join('/');
      fillNormal(key, noise.subarray(row * size, (row + 1) * size));
    }
  });
  const availableRows = repeatRows(available, 3, samples);
  const latents = await graphs.recover(rows, repeatRows(encoded, size, samples), availableRows, noise);
  const wanted = batch.flatMap((input) => MODALITIES.map((m) => (toGenerate(input).includes(m) ? 1 : 0)));
  const generated = repeatRows(Float32Array.from(wanted), 3, samples);
  const present = availableRows.map((value, index) => value + (generated[index] ?? 0));
  const readout = await graphs.readout(rows, latents, present, generated);
  const decoded = await graphs.decode(rows, latents);
  const curves = await graphs.curves(rows, latents);
  const lacksText = batch.some((input) => toGenerate(input).includes('text'));
  const phrases = lacksText ? await options.phrases?.() : undefined;
  return {
    samples,
    latents,
    ...readout,
    decoded,
    ...(curves === undefined ? {} : { curves }),
    ...(phrases === undefined ? {} : { phrases }),
    less,
  };
}

function availability(batch: readonly SegmentInput[]): Float32Array {
  return Float32Array.from(batch.flatMap(({ features }) => MODALITIES.map((m) => (features[m] === undefined ? 0 : 1))));
}

function stack(
  bundle: LoadedBundle,
  batch: readonly SegmentInput[],
  available: Float32Array,
): Record<Modality, Float32Array> & { available: Float32Array } {
  const stackOne = (modality: Modality): Float32Array => {
    const { dimension } = bundle.manifest.modalities[modality];
    const rows = new Float32Array(batch.length * dimension).fill(Number.NaN);
    batch.forEach((input, index) => {
      const features = input.features[modality];
      if (features === undefined) return;
      if (features.length !== dimension) {
        throw new Error(
          `${modality} features of ${input.segmentId}: ${features.length} numbers, ${dimension} expected`,
        );
      }
      rows.set(features, index * dimension);
    });
    return rows;
  };
  return { text: stackOne('text'), audio: stackOne('audio'), visual: stackOne('visual'), available };
}

/** Repeats every row of a row-major matrix `times` times, in place of it. */
function repeatRows(data: Float32Array, width: number, times: number): Float32Array {
  const repeated = new Float32Array(data.length * times);
  for (let row = 0; row * width < data.length; row++) {
    const source = data.subarray(row * width, (row + 1) * width);
    for (let k = 0; k < times; k++) repeated.set(source, (row * times + k) * width);
  }
  return repeated;
}

function noInput(input: SegmentInput): SegmentOutput {
  const problem: Problem = {
    code: 'segment.no-input',
    severity: 'note',
    message: `Segment ${input.segmentId} has no usable text, sound or picture, so there is no estimate for it.`,
    tip: 'Add a transcript, or check the marks of this stretch.',
    range: input.range,
  };
  return { recovered: {}, problems: [problem] };
}
