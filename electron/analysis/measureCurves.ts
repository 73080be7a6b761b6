import { EMOTIONS } from '../../core/recording/emotion.js';
import type { MeasuredCurves, MeasuredDescriptor } from '../../core/recovery/decodedCurve.js';
import { meanExpression } from '../../core/recovery/meanExpression.js';
import { measuredCurves } from '../../core/recovery/measuredCurves.js';
import type { CurvesArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { acousticFunctionalNames, acousticFunctionals } from '../perception/audio/functionals.js';
import type { PerceptionSource } from './perceiveRecording.js';

/** Functionals of the voice that are shown as numbers: what bundles decode, and the rates of speech. */
const SHOWN_FUNCTIONALS: ReadonlySet<string> = new Set([
  ...['f0.mean', 'f0.sd', 'level.mean', 'level.sd', 'loudness.mean', 'hnr.mean', 'jitter_local.mean'],
  ...['shimmer_local.mean', 'alpha_ratio.mean', 'spectral_flux.mean'],
  ...['voiced_fraction', 'voiced_segments_rate', 'loudness_peaks_rate'],
]);

/** Measured curves and numbers of one stretch of a recording that was measured before. */
export async function measureCurves(
  argument: CurvesArgument,
  source: PerceptionSource,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<MeasuredCurves> {
  const perception = await source(argument, { signal, onProgress: () => undefined });
  const { audio, visual } = perception;
  const measured = measuredCurves(perception, argument.range);
  const usable = [argument.range];
  return {
    ...measured,
    descriptors: {
      ...(audio === undefined ? {} : { audio: voiceDescriptors(acousticFunctionals(audio, usable)) }),
      ...(visual === undefined ? {} : { visual: expressionMeans(meanExpression(visual, usable)) }),
    },
  };
}

function voiceDescriptors(values: Float32Array | undefined): MeasuredDescriptor[] {
  return acousticFunctionalNames().flatMap((full, index) => {
    const [, name = '', unit = ''] = /^(.*)\[(.*)\]$/.exec(full) ?? [];
    return SHOWN_FUNCTIONALS.has(name) ? [{ name, unit, value: finite(values?.[index]) }] : [];
  });
}

function expressionMeans(means: readonly number[] | undefined): MeasuredDescriptor[] {
  return EMOTIONS.map((name, emotion) => ({ name, unit: 'probability', value: means?.[emotion] }));
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
