import { AUDIO_EXTRACTOR, AudioExtractor } from './audio/audioExtractor.js';
import type { Extractors } from './measureHere.js';
import { VISUAL_EXTRACTOR, VisualExtractor } from './visual/visualExtractor.js';

/** The app's own extractors: voice and face. */
export const APP_EXTRACTORS: Extractors = {
  versions: [AUDIO_EXTRACTOR, VISUAL_EXTRACTOR],
  audio: (modelsDir) => AudioExtractor.create(modelsDir),
  visual: (modelsDir, rateHz) => VisualExtractor.create(modelsDir, { rateHz }),
};
