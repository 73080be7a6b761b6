/** The media of a project: their whole content measured, and told where it is not what it was. */
import { stat } from 'node:fs/promises';
import type { ProjectContents } from '../../core/project/projectFile.js';
import type { Problem } from '../../core/problems/problem.js';
import type { KnownMedium } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { replacedMedia } from '../media/replacedMedia.js';
import { mediaHash } from './mediaHash.js';

/** A media file of the project: a recording, or a second file of one. */
export interface ProjectMedium {
  readonly mediaId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
}

/** A medium that lies where it should and is what it was. */
interface SoundMedium extends ProjectMedium {
  readonly path: string;
  readonly sha256: string;
}

/** All media of a project, each once. */
export function mediaOf({ project, recordings }: Pick<ProjectContents, 'project' | 'recordings'>): ProjectMedium[] {
  const all = new Map<string, ProjectMedium>();
  for (const { recordingId, fileName, info } of recordings) {
    all.set(recordingId, { mediaId: recordingId, fileName, sizeBytes: info.sizeBytes });
  }
  for (const { media } of project.recordings) {
    for (const { mediaId, fileName, sizeBytes } of media) {
      if (!all.has(mediaId)) all.set(mediaId, { mediaId, fileName, sizeBytes });
    }
  }
  return [...all.values()];
}

/** How the media of a project are measured. */
interface Measuring {
  readonly known: ReadonlyMap<string, KnownMedium>;
  /** Folder of the kept hashes. */
  readonly keptIn: string;
  readonly step: { readonly step: string; readonly stepNumber: number; readonly stepCount: number };
}

/**
 * Measures the SHA-256 of every medium whose place is known. One that is not there is left out; one that is not what it was
 * is left out with a Problem.
 */
export async function measureMedia(
  media: readonly ProjectMedium[],
  { known, keptIn, step }: Measuring,
  { signal, onProgress }: TaskContext,
): Promise<{ readonly sound: readonly SoundMedium[]; readonly problems: readonly Problem[] }> {
  const sound: SoundMedium[] = [];
  const problems: Problem[] = [];
  const total = media.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let before = 0;
  for (const [index, medium] of media.entries()) {
    signal.throwIfAborted();
    const name = `${step.step} (${index + 1} of ${media.length})`;
    const share = (done: number) => ({
      ...step,
      step: name,
      fraction: (before + done * medium.sizeBytes) / (total || 1),
    });
    onProgress(share(0));
    const state = known.get(medium.mediaId);
    const found = state?.path === undefined ? undefined : await stat(state.path).catch(() => undefined);
    if (state?.path !== undefined && found) {
      const sha256 =
        found.size === medium.sizeBytes
          ? await mediaHash(
              state.path,
              { mediaId: medium.mediaId, keptIn },
              { signal, onProgress: (x) => onProgress(share(x)) },
            )
          : undefined;
      if (sha256 === undefined) problems.push(replacedMedia(medium.fileName, 'size'));
      else if (state.sha256 !== undefined && state.sha256 !== sha256) {
        problems.push(replacedMedia(medium.fileName, 'content'));
      } else sound.push({ ...medium, path: state.path, sha256 });
    }
    before += medium.sizeBytes;
  }
  return { sound, problems };
}
