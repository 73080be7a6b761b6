import { createHash } from 'node:crypto';
import type { AnalysisParameters } from '../../core/analysis/analysis.js';
import type { FeatureRows } from '../../core/perception/featureRows.js';
import { ProblemError } from '../../core/problems/problem.js';
import type { Modality } from '../../core/recording/modality.js';
import { MODALITIES } from '../../core/recording/modality.js';
import type { BundleManifest } from '../inference/bundleSchema.js';
import { AUDIO_FUNCTIONALS, acousticFunctionalNames } from '../perception/audio/functionals.js';
import { TEXT_EXTRACTOR } from '../perception/text/textExtractor.js';
import { VISUAL_FUNCTIONALS } from '../perception/visual/expressionFunctionals.js';

/** Extractors that make the features of this version, by modality. */
export const FEATURE_EXTRACTORS: Readonly<Record<Modality, string>> = {
  text: TEXT_EXTRACTOR,
  audio: AUDIO_FUNCTIONALS,
  visual: VISUAL_FUNCTIONALS,
};

/**
 * A bundle trained on features that this version does not make, or that a feature recording does not hold, would give
 * numbers without meaning.
 * @throws ProblemError `bundle.extractor` or `analysis.too-many-samples`.
 */
export function checkFit(manifest: BundleManifest, parameters: AnalysisParameters, features?: FeatureRows): void {
  if (features === undefined) checkExtractors(manifest);
  else checkArrays(manifest, features);
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

function checkArrays(manifest: BundleManifest, { widths }: FeatureRows): void {
  const held = Object.entries(widths).map(([name, width]) => `${name} (${width})`);
  const wanted = manifest.benchmark?.arrays;
  const refuse = (what: string): ProblemError =>
    new ProblemError({
      code: 'bundle.extractor',
      severity: 'error',
      message: `The bundle "${manifest.id}" was refused: ${what}; this feature file holds ${held.join(', ')}.`,
      tip: 'Choose a bundle made for these features, such as mosi-utterance, or another file.',
    });
  if (wanted === undefined) throw refuse('it is made for media, not for ready-made features');
  const present = MODALITIES.filter((modality) => widths[wanted[modality]] !== undefined);
  if (present.length === 0) throw refuse(`it asks for ${Object.values(wanted).join(', ')}`);
  for (const modality of present) {
    const { dimension } = manifest.modalities[modality];
    if (widths[wanted[modality]] !== dimension) throw refuse(`${wanted[modality]} must have ${dimension} columns`);
  }
}

function checkExtractors(manifest: BundleManifest): void {
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
