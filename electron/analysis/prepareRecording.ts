import type { Perception } from '../../core/perception/perception.js';
import type { AnalyzeArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import type { LoadedBundle } from '../inference/loadBundle.js';
import { phraseBank, type PhraseBank } from '../inference/phraseBank.js';
import { isFeatureFile } from '../perception/features/perceiveFeatures.js';
import { TEXT_EXTRACTOR } from '../perception/text/textExtractor.js';
import { checkFit } from './checkFit.js';
import { prepareFeatureSegments } from './featureSegments.js';
import type { PerceptionSource } from './perceiveRecording.js';
import type { PreparedSegment, TextEmbedder } from './segmentFeatures.js';
import { prepareSegments } from './segmentFeatures.js';

/** What an analysis needs beside its argument. */
export interface AnalysisServices {
  readonly perceive: PerceptionSource;
  bundle(modelsDir: string, id: string, provider: string): Promise<LoadedBundle>;
  text(modelsDir: string): Promise<TextEmbedder>;
}

/** A recording as the model takes it. */
export interface PreparedRecording {
  readonly bundle: LoadedBundle;
  readonly perception: Perception;
  readonly prepared: readonly PreparedSegment[];
  /** Phrases of the bundle, embedded when first asked for. */
  readonly phrases: () => Promise<PhraseBank | undefined>;
  /** Tells how far the rest is: step 4 of 4, `share` of it done. */
  readonly last: (name: string, share: number) => void;
}

const STEP_COUNT = 4;

/**
 * The steps that everything shares which asks the model about a recording: check the bundle, measure, judge. The bundle
 * is verified before anything is measured, so that a refusal costs no time.
 * @throws ProblemError when the bundle is refused, the provider cannot be used or nothing of the file can be used.
 */
export async function prepareRecording(
  argument: AnalyzeArgument,
  services: AnalysisServices,
  { signal, onProgress }: TaskContext,
): Promise<PreparedRecording> {
  const { parameters, segments, marks, modelsDir } = argument;
  const step = (stepNumber: number, name: string, fraction?: number): void => {
    onProgress({ step: name, stepNumber, stepCount: STEP_COUNT, ...(fraction === undefined ? {} : { fraction }) });
  };
  const last = (name: string, share: number): void => {
    step(4, name, 0.9 + 0.1 * share);
  };
  const phrases = async (): Promise<PhraseBank | undefined> => {
    // Phrases are placed by our text network; a bundle of other text vectors has no place for them.
    if (bundle.phrases === undefined || bundle.manifest.modalities.text.extractor !== TEXT_EXTRACTOR) return undefined;
    const embedder = await services.text(modelsDir);
    return phraseBank(bundle, (text) => embedder.embed(text), signal);
  };
  step(1, 'Check the bundle');
  const bundle = await services.bundle(modelsDir, parameters.bundleId, parameters.provider);
  if (!isFeatureFile(argument.path)) checkFit(bundle.manifest, parameters);
  const perception = await services.perceive(argument, {
    signal,
    onProgress: (fraction, name) => {
      step(2, name, fraction * 0.8);
    },
  });
  if (perception.features !== undefined) checkFit(bundle.manifest, parameters, perception.features);
  const { benchmark } = bundle.manifest;
  if (perception.features !== undefined && benchmark !== undefined) {
    const judging = { marks, thresholds: parameters.thresholds };
    const prepared = prepareFeatureSegments(segments, perception.features, benchmark.arrays, judging);
    return { bundle, perception, prepared, phrases, last };
  }
  const prepared = await prepareSegments(segments, perception, {
    marks,
    thresholds: parameters.thresholds,
    text: () => services.text(modelsDir),
    signal,
    onProgress: (done, total) => {
      step(3, 'Judge what is usable', 0.8 + (0.1 * done) / total);
    },
  });
  return { bundle, perception, prepared, phrases, last };
}
