/** Project files as tasks of the host: open, save, and a copy with all media. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packRead } from '../../core/project/packedProject.js';
import {
  type FileMedia,
  type FileRecording,
  parseContents,
  type ProjectContents,
} from '../../core/project/projectFile.js';
import type { Problem } from '../../core/problems/problem.js';
import type { KnownMedium } from '../host/protocol.js';
import type { HostTaskTable } from '../host/serveHost.js';
import { fitAnalyses } from './fitAnalyses.js';
import { innerPath, locateMedia } from './findMedia.js';
import { ChangedFile, readProjectFile, writeProjectFile } from './projectFile.js';
import { measureMedia, mediaOf } from './projectMedia.js';

const byId = (media: readonly KnownMedium[]): ReadonlyMap<string, KnownMedium> =>
  new Map(media.map((item) => [item.mediaId, item]));

/** What the page handed over, read, and what of it does not go into a file. */
export async function contentsOf(file: string): Promise<ReturnType<typeof fitAnalyses>> {
  return fitAnalyses(parseContents(await readFile(file, 'utf8')));
}

/**
 * Reads a project file and looks where its media lie: as the file says, as this computer knows, else somewhere beside it.
 * Only size and ends of a medium are read here; the whole of it is measured when it is opened.
 */
export const openProject: HostTaskTable['openProject'] = async ({ file, known }, { signal, onProgress }) => {
  onProgress({ step: 'Read the project file', stepNumber: 1, stepCount: 2 });
  const { read, hash } = await readProjectFile(file);
  signal.throwIfAborted();
  onProgress({ step: 'Look for its media', stepNumber: 2, stepCount: 2 });
  const folder = path.dirname(file);
  const listed = new Map<string, FileMedia | FileRecording>([
    ...read.recordings.map((item) => [item.recordingId, item] as const),
    ...(read.media ?? []).map((item) => [item.mediaId, item] as const),
  ]);
  const places = byId(known);
  const candidates = new Map(
    [...new Set([...listed.keys(), ...places.keys()])].map((id) => {
      const inner = listed.get(id)?.path;
      const beside = inner === undefined ? undefined : path.join(folder, ...inner.split('/'));
      return [id, [beside, places.get(id)?.path].filter((place) => place !== undefined)] as const;
    }),
  );
  const wanted = mediaOf(read).map(({ mediaId, ...rest }) => ({ recordingId: mediaId, ...rest }));
  const located = await locateMedia(folder, wanted, candidates, signal);
  const media: KnownMedium[] = wanted.map(({ recordingId }) => {
    const [place, sha256] = [located.places.get(recordingId), listed.get(recordingId)?.sha256];
    return {
      mediaId: recordingId,
      ...(place === undefined ? {} : { path: place }),
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  });
  const states = Object.fromEntries(located.states);
  const opened = { fileName: path.basename(file), hash, read: packRead(read), media: states };
  const isWork = read.newerVersion === undefined && !read.template;
  return { opened, media, ...(isWork ? { projectId: read.project.id } : {}) };
};

/** Measures the media and writes the project file, unless somebody else changed it meanwhile. */
export const saveProject: HostTaskTable['saveProject'] = async (argument, context) => {
  const { file, known, keptIn, appVersion, fileHash } = argument;
  context.onProgress({ step: 'Read the work', stepNumber: 1, stepCount: 3 });
  const { contents, problems: leftOut } = await contentsOf(argument.contents);
  const step = { step: 'Measure the checksums of the media', stepNumber: 2, stepCount: 3 };
  const states = byId(known);
  const { sound, problems } = await measureMedia(mediaOf(contents), { known: states, keptIn, step }, context);
  context.onProgress({ step: 'Write the project file', stepNumber: 3, stepCount: 3 });
  const folder = path.dirname(file);
  const measured = new Map(sound.map((medium) => [medium.mediaId, medium]));
  const placed = withMedia(contents, (mediaId) => {
    const medium = measured.get(mediaId);
    const sha256 = medium?.sha256 ?? states.get(mediaId)?.sha256;
    const inner = medium && innerPath(folder, medium.path);
    return { ...(sha256 === undefined ? {} : { sha256 }), ...(inner === undefined ? {} : { path: inner }) };
  });
  const fileName = path.basename(file);
  try {
    const about = { appVersion, savedUtc: new Date().toISOString() };
    const { hash } = await writeProjectFile(file, placed, about, fileHash);
    const media = sound.map(({ mediaId, sha256 }) => ({ mediaId, sha256 }));
    return { saved: { changed: false, fileName, hash, problems: [...leftOut, ...problems] }, media };
  } catch (error) {
    if (error instanceof ChangedFile) return { saved: { changed: true, fileName }, media: [] };
    throw error;
  }
};

/** Contents with what is known of each medium; what is not told to others, a place outside the folder, is left out. */
export function withMedia(
  contents: ProjectContents,
  knownOf: (mediaId: string) => Pick<FileMedia, 'sha256' | 'path'>,
): ProjectContents {
  const recordings = contents.recordings.map(({ recordingId, fileName, info }) => ({
    ...{ recordingId, fileName, info },
    ...knownOf(recordingId),
  }));
  const first = new Set(recordings.map((item) => item.recordingId));
  const media = mediaOf(contents)
    .filter(({ mediaId }) => !first.has(mediaId))
    .map(({ mediaId }) => ({ mediaId, ...knownOf(mediaId) }))
    .filter((item) => Object.keys(item).length > 1);
  return { ...contents, recordings, ...(media.length > 0 ? { media } : {}) };
}

/** Media of a project that are not where they were. */
export function missingProblems(
  media: readonly { readonly mediaId: string; readonly fileName: string }[],
  present: ReadonlySet<string>,
  told: readonly Problem[],
): Problem[] {
  const missing = media.filter(
    ({ mediaId, fileName }) => !present.has(mediaId) && !told.some(({ message }) => message.startsWith(`${fileName} `)),
  );
  return missing.map(({ fileName }) => ({
    code: 'project.media_missing',
    severity: 'warning',
    message: `${fileName} is not in the copy: it is not where it was.`,
    tip: 'Locate the file, then make the copy again.',
  }));
}
