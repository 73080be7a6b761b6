import * as v from 'valibot';
import type { BundleCalibration, PatternCalibration } from '../../core/analysis/analysis.js';
import type { BundleManifest } from './bundleSchema.js';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const found = v.object({
  score_coverage: v.optional(share),
  accuracy: v.optional(share),
  ece: v.optional(share),
  reliability: v.optional(v.array(v.object({ stated: share, found: share, n: count }))),
});

/** The shipped weights on held-out people, with a face measured as badly as in the app where that was tried. */
const evaluation = v.object({
  shipped: v.object({ noised: v.object({ n: count, table: v.record(v.string(), found) }) }),
});

/**
 * Calibration as a bundle states it, with what was found on held-out material. An evaluation of another shape gives the
 * intervals alone: tables for people are never a reason to refuse a bundle.
 */
export function bundleCalibration(manifest: BundleManifest): BundleCalibration {
  const { interval_level: level, half_width: halfWidths } = manifest.calibration;
  const parsed = v.safeParse(evaluation, manifest.evaluation);
  const measured = parsed.success ? parsed.output.shipped.noised : undefined;
  const patterns = Object.entries(halfWidths).map(([pattern, halfWidth]): PatternCalibration => {
    const { score_coverage: coverage, ...rest } = measured?.table[pattern] ?? {};
    return { pattern, halfWidth, ...(coverage === undefined ? {} : { coverage }), ...defined(rest) };
  });
  return { level, ...(measured === undefined ? {} : { n: measured.n }), patterns };
}

function defined(item: v.InferOutput<typeof found>): Pick<PatternCalibration, 'accuracy' | 'ece' | 'reliability'> {
  const { accuracy, ece, reliability } = item;
  return {
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(ece === undefined ? {} : { ece }),
    ...(reliability === undefined ? {} : { reliability }),
  };
}
