import { createHash } from 'node:crypto';
import type { Analysis, AnalysisParameters } from '../../core/analysis/analysis.js';
import { ProblemError } from '../../core/problems/problem.js';
import { findExcluded } from '../../core/quality/findExcluded.js';
import { stateOf } from '../../core/quality/judge.js';
import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES } from '../../core/recording/modality.js';
import type { ModalityUse, SegmentResult } from '../../core/recovery/estimate.js';
import type { AnalyzeArgument } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import type { BundleManifest } from '../inference/bundleSchema.js';
import type { LoadedBundle } from '../inference/loadBundle.js';
import type { SegmentOutput } from '../inference/segmentTypes.js';
import { runRohydr } from '../inference/rohydr.js';
import { AUDIO_FUNCTIONALS, acousticFunctionalNames } from '../perception/audio/functionals.js';
import { TEXT_EXTRACTOR } from '../perception/text/textExtractor.js';
import { VISUAL_FUNCTIONALS } from '../perception/visual/expressionFunctionals.js';
import type { PerceptionSource } from './perceiveRecording.js';
import type { PreparedSegment, TextEmbedder } from './segmentFeatures.js';
import { prepareSegments } from './segmentFeatures.js';

/** Extractors that make the features of this version, by modality. */
export const FEATURE_EXTRACTORS: Readonly<Record<Modality, string>> = {
  text: TEXT_EXTRACTOR,
  audio: AUDIO_FUNCTIONALS,
  visual: VISUAL_FUNCTIONALS,
};

/** What an analysis needs beside its argument. */
export interface AnalysisServices {
  readonly perceive: PerceptionSource;
  bundle(modelsDir: string, id: string, provider: string): Promise<LoadedBundle>;
  text(modelsDir: string): Promise<TextEmbedder>;
}

const STEP_COUNT = 4;

/**
 * Judges the state of every modality in every segment, recovers what is missing and reads out score and emotions.
 * The bundle is verified before anything is measured, so that a refusal costs no time.
 * @throws ProblemError when the bundle is refused, the provider cannot be used or nothing of the file can be used.
 */
export async function analyzeRecording(
  argument: AnalyzeArgument,
  services: AnalysisServices,
  { signal, onProgress }: TaskContext,
): Promise<Analysis> {
  const { parameters, segments, marks, modelsDir } = argument;
  const step = (stepNumber: number, name: string, fraction?: number): void => {
    onProgress({ step: name, stepNumber, stepCount: STEP_COUNT, ...(fraction === undefined ? {} : { fraction }) });
  };
  step(1, 'Check the bundle');
  const bundle = await services.bundle(modelsDir, parameters.bundleId, parameters.provider);
  checkFit(bundle.manifest, parameters);
  const perception = await services.perceive(argument, {
    signal,
    onProgress: (fraction, name) => {
      step(2, name, fraction * 0.8);
    },
  });
  const prepared = await prepareSegments(segments, perception, {
    marks,
    thresholds: parameters.thresholds,
    text: () => services.text(modelsDir),
    signal,
    onProgress: (done, total) => {
      step(3, 'Judge what is usable', 0.8 + (0.1 * done) / total);
    },
  });
  const outputs = await runRohydr(bundle, prepared, {
    recordingId: argument.recordingId,
    seed: parameters.seed,
    samples: parameters.samples,
    recover: parameters.recover,
    signal,
    onProgress: (done, total) => {
      step(4, parameters.recover ? 'Recover and read out' : 'Read out', 0.9 + (0.1 * done) / total);
    },
  });
  return {
    parameters,
    bundle: { id: bundle.manifest.id, version: bundle.manifest.version, sha256: bundle.sha256, facts: bundle.facts },
    provider: bundle.graphs.provider,
    segments,
    marks,
    results: prepared.map((segment, index) => resultOf(segment, outputs[index] ?? { recovered: {}, problems: [] })),
    problems: [...bundle.problems, ...outputs.flatMap(({ problems }) => problems)],
    intervalLevel: bundle.manifest.calibration.interval_level,
    excluded: findExcluded(perception, parameters.thresholds),
  };
}

function resultOf(segment: PreparedSegment, output: SegmentOutput): SegmentResult {
  const useOf = (modality: Modality): ModalityUse => {
    const judgement = segment.judgements[modality];
    const recovered = output.recovered[modality];
    return {
      state: stateOf(judgement, recovered !== undefined),
      reason: judgement.reason,
      usableFraction: judgement.usableFraction,
      ...(judgement.quality === undefined ? {} : { quality: judgement.quality }),
      ...recovered,
    };
  };
  return {
    segmentId: segment.segmentId,
    use: { text: useOf('text'), audio: useOf('audio'), visual: useOf('visual') },
    ...(output.estimate === undefined ? {} : { estimate: output.estimate }),
  };
}

/** A bundle trained on features that this version does not make would give numbers without meaning. */
function checkFit(manifest: BundleManifest, parameters: AnalysisParameters): void {
  for (const modality of MODALITIES) {
    const { extractor } = manifest.modalities[modality];
    if (extractor === FEATURE_EXTRACTORS[modality]) continue;
    throw misfit(manifest, modality, `features of ${extractor}`, FEATURE_EXTRACTORS[modality]);
  }
  const names = acousticFunctionalNames();
  const { dimension, names_sha256: namesSha256 } = manifest.modalities.audio;
  if (dimension !== names.length) throw misfit(manifest, 'audio', `${dimension} features`, `${names.length}`);
  // The hash of names.txt as `features` writes it, with or without the last line end.
  const hashes = ['', '\n'].map((end) =>
    createHash('sha256')
      .update(`${names.join('\n')}${end}`)
      .digest('hex'),
  );
  if (namesSha256 !== undefined && !hashes.includes(namesSha256)) {
    throw misfit(manifest, 'audio', 'features of other names or in another order', 'others');
  }
  const most = manifest.sampler.samples_max;
  if (parameters.samples > most) {
    throw new ProblemError({
      code: 'analysis.too-many-samples',
      severity: 'error',
      message: `${parameters.samples} samples were asked for; the bundle "${manifest.id}" allows ${most}.`,
      tip: `Set the number of samples to at most ${most}.`,
    });
  }
}

function misfit(manifest: BundleManifest, modality: Modality, asked: string, made: string): ProblemError {
  return new ProblemError({
    code: 'bundle.extractor',
    severity: 'error',
    message: `The bundle "${manifest.id}" was refused: bundle.json asks for ${modality} ${asked}, this version of Lacuna makes ${made}.`,
    tip: 'Use a bundle made for this version.',
    modality,
  });
}
