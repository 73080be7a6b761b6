/** Perception with the app's own extractors. */
import type { Perception } from '../../core/perception/perception.js';
import { AUDIO_EXTRACTOR, AudioExtractor } from './audio/audioExtractor.js';
import { perceiveWith, type Extractors, type PerceiveOptions } from './perceiveWith.js';
import { VISUAL_EXTRACTOR, VisualExtractor } from './visual/visualExtractor.js';

const EXTRACTORS: Extractors = {
  versions: [AUDIO_EXTRACTOR, VISUAL_EXTRACTOR],
  audio: (modelsDir) => AudioExtractor.create(modelsDir),
  visual: (modelsDir, rateHz) => VisualExtractor.create(modelsDir, { rateHz }),
};

/**
 * Measures a recording: voice and face, at 5 frames per second. With `cacheDir`, a recording that was measured before is read from there.
 * A recording without sound or without picture has no such track; one that is there but cannot be decoded is a Problem as long as
 * the other can.
 * @throws ProblemError when nothing of the file can be used or a network is missing
 * @throws the signal's reason when aborted; decoders are gone and nothing is stored by then
 */
export function perceive(path: string, options: PerceiveOptions): Promise<Perception> {
  return perceiveWith(path, EXTRACTORS, options);
}
