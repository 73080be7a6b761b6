/** Perception with the app's own extractors. */
import { existsSync } from 'node:fs';
import type { Perception } from '../../core/perception/perception.js';
import { isFeatureFile, perceiveFeatures } from './features/perceiveFeatures.js';
import { APP_EXTRACTORS } from './appExtractors.js';
import { measureHere } from './measureHere.js';
import { measureInThreads } from './measureInThreads.js';
import { perceiveWith, type PerceiveOptions } from './perceiveWith.js';
import type { StreamMeasurer } from './streamMeasurer.js';

/**
 * Measures a recording: voice and face, at 5 frames per second. With `cacheDir`, a recording that was measured before is read from there.
 * The vectors of a feature recording are taken as they are. A recording without sound or without picture has no such track; one that is there but cannot be decoded is a Problem as long as
 * the other can. In the built app sound and picture are measured in threads of their own.
 * @throws ProblemError when nothing of the file can be used or a network is missing
 * @throws the signal's reason when aborted, within a second; nothing is stored by then
 */
export function perceive(path: string, options: PerceiveOptions): Promise<Perception> {
  return isFeatureFile(path) ? perceiveFeatures(path, options) : perceiveWith(path, appMeasurer(), options);
}

/** Run from its sources (by tests) the app has no built module that a thread could start from. */
function appMeasurer(): StreamMeasurer {
  const candidates = ['./perceptionThread.js', '../perceptionThread.js'].map((file) => new URL(file, import.meta.url));
  const entry = candidates.find((url) => url.protocol === 'file:' && existsSync(url));
  return entry ? measureInThreads(entry, APP_EXTRACTORS.versions) : measureHere(APP_EXTRACTORS);
}
