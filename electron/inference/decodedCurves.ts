import type { Modality } from '../../core/recording/modality.js';
import type { DecodedByModality, DecodedCurve } from '../../core/recovery/decodedCurve.js';
import type { DecodedDescriptor } from '../../core/recovery/estimate.js';
import type { BundleManifest, DecodedQuantity } from './bundleSchema.js';
import type { CurveOutputs } from './graphs.js';
import { clip, mean, variance } from './statistics.js';

/** Where the rows of one segment lie in a batch, and what was measured of it. */
export interface CurveSource {
  readonly outputs: CurveOutputs;
  /** Index of the segment in its batch, and samples per segment. */
  readonly index: number;
  readonly samples: number;
  /** How many of the samples are handed out one by one, too. */
  readonly kept: number;
  /** Pattern of the measured modalities, `TA`. */
  readonly pattern: string;
  readonly missing: readonly Modality[];
}

/** Curves of the recovered face and voice of one segment, mean and band over its samples. */
export function decodedCurves(manifest: BundleManifest, source: CurveSource): DecodedByModality {
  const { curves } = manifest.decoded;
  if (curves === undefined) return {};
  const { outputs, missing } = source;
  const { points } = curves;
  const read = (data: Float32Array, quantities: readonly DecodedQuantity[]): DecodedCurve[] =>
    quantities.map((quantity, column) =>
      bandOf(source, { data, points, columns: quantities.length, column }, quantity),
    );
  return {
    ...(missing.includes('audio') ? { audio: { points, curves: read(outputs.voice_curve, curves.voice) } } : {}),
    ...(missing.includes('visual')
      ? {
          visual: {
            points,
            curves: [
              ...read(outputs.expression_curve, curves.expression),
              ...read(outputs.proxy_curve, curves.proxies),
            ],
          },
        }
      : {}),
  };
}

/** Rates of speech of a recovered voice. */
export function decodedRates(manifest: BundleManifest, source: CurveSource): DecodedDescriptor[] {
  const { curves } = manifest.decoded;
  if (curves === undefined || !source.missing.includes('audio')) return [];
  return curves.rates.map((quantity, column) => {
    const place = { data: source.outputs.rates, points: 1, columns: curves.rates.length, column };
    const { name, unit, mean, low, high } = bandOf(source, place, quantity);
    return { name, unit, mean: mean[0]!, low: low[0]!, high: high[0]! };
  });
}

interface Place {
  /** [rows x points x columns]. */
  readonly data: Float32Array;
  readonly points: number;
  readonly columns: number;
  readonly column: number;
}

/**
 * Mean of the samples, and the band that their spread and the decoder's own error make together: both variances added,
 * times the tail factors that calibration found for this pattern.
 */
function bandOf({ index, samples, kept, pattern }: CurveSource, place: Place, quantity: DecodedQuantity): DecodedCurve {
  const { data, points, columns, column } = place;
  const [below, above] = quantity.tails[pattern] ?? widest(quantity);
  const curve = { mean: [] as number[], low: [] as number[], high: [] as number[] };
  const single = Array.from({ length: Math.min(kept, samples) }, (): number[] => []);
  const within = (value: number): number =>
    clip(value, quantity.minimum ?? Number.NEGATIVE_INFINITY, quantity.maximum ?? Number.POSITIVE_INFINITY);
  for (let point = 0; point < points; point++) {
    const values = Array.from(
      { length: samples },
      (_, k) => data[((index * samples + k) * points + point) * columns + column] ?? Number.NaN,
    );
    const centre = mean(values);
    const between = samples > 1 ? variance(values) : 0;
    const total = Math.sqrt(between + (quantity.residual[point] ?? Number.NaN) ** 2);
    curve.mean.push(centre);
    single.forEach((sample, k) => sample.push(values[k]!));
    curve.low.push(within(centre - below * total));
    curve.high.push(within(centre + above * total));
  }
  const { name, unit } = quantity;
  return { name, unit, ...curve, ...(single.length === 0 ? {} : { samples: single }) };
}

/** A pattern that was not calibrated gets the widest band that was. */
function widest({ tails }: DecodedQuantity): [number, number] {
  const all = Object.values(tails);
  return [Math.max(...all.map(([below]) => below)), Math.max(...all.map(([, above]) => above))];
}
