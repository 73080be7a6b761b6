import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_EXTENSION, type FileRecording, type ProjectContents } from '../../core/project/projectFile.js';
import { ProblemError, type Problem } from '../../core/problems/problem.js';
import type { MediaState, ProjectOpened, ProjectSaved, StoredItem } from '../contract/types.js';
import type { GrantedFiles } from '../files/grantedFiles.js';
import type { HostClient } from '../host/hostClient.js';
import { hasSize, innerPath, searchMedia } from '../project/findMedia.js';
import { BACKUPS, backupName, projectFileHash } from '../project/projectFile.js';
import type { Handlers } from './contractHandlers.js';

export type ProjectPurpose = 'open' | 'merge' | 'template';

/** What the handlers of projects need from the app. */
export interface ProjectContext {
  readonly version: string;
  readonly files: GrantedFiles;
  /** Project files by project id. */
  readonly projectFiles: GrantedFiles;
  readonly host: Pick<HostClient, 'run'>;
  readonly chooseProject: (purpose: ProjectPurpose) => Promise<string | undefined>;
  /** Asks where to save a project. */
  readonly chooseProjectPlace: (name: string) => Promise<string | undefined>;
}

type ProjectCalls = 'project/open' | 'project/save' | 'project/backups' | 'project/searchBeside';

/** What main does for project files. Paths stay here: the page knows names only. */
export function projectHandlers(context: ProjectContext): Pick<Handlers, ProjectCalls> {
  const { files, projectFiles, host } = context;
  return {
    'project/open': async ({ purpose }) => {
      const file = await context.chooseProject(purpose);
      return file === undefined ? null : openProject(file, purpose, context);
    },
    'project/save': async ({ as, overwrite, hash, contents }): Promise<ProjectSaved | null> => {
      const { id, name } = contents.project;
      const known = as || contents.template ? undefined : projectFiles.lastPath(id);
      const now = known === undefined ? undefined : await projectFileHash(known);
      const chosen = now === undefined;
      const file = chosen ? await context.chooseProjectPlace(suggestedName(name, contents.template)) : known;
      if (file === undefined) return null;
      if (!chosen && !overwrite && hash !== now) return { ok: false, changed: true, fileName: path.basename(file) };
      const withPaths = { ...contents, recordings: withPlaces(contents.recordings, path.dirname(file), files) };
      try {
        const argument = { file, contents: withPaths as ProjectContents, appVersion: context.version };
        const written = await host.run('writeProject', argument);
        if (!contents.template) await projectFiles.remember([[id, file]]);
        return { ok: true, fileName: path.basename(file), hash: written.hash };
      } catch (error) {
        return { ok: false, changed: false, fileName: path.basename(file), problem: problemOf(error) };
      }
    },
    'project/backups': async ({ projectId, delete: remove }) => {
      const file = projectFiles.lastPath(projectId);
      return file === undefined ? [] : backupItems(file, remove);
    },
    'project/searchBeside': async ({ recordingId, wanted }) => {
      const place = files.openPath(recordingId);
      if (place === undefined) return {};
      const { found, replaced } = await searchMedia(path.dirname(place), wanted);
      await files.remember(found);
      return Object.fromEntries([
        ...[...replaced].map((id): [string, MediaState] => [id, 'replaced']),
        ...[...found.keys()].map((id): [string, MediaState] => [id, 'found']),
      ]);
    },
  };
}

/** Backups of a project file, which hold the work of people who were taken out of it since. */
async function backupItems(file: string, remove: boolean): Promise<StoredItem[]> {
  const found: { place: string; bytes: number }[] = [];
  for (let number = 1; number <= BACKUPS; number += 1) {
    const place = backupName(file, number);
    const info = await stat(place).catch(() => undefined);
    if (info) found.push({ place, bytes: info.size });
  }
  const bytes = found.reduce((sum, item) => sum + item.bytes, 0);
  const item = { what: 'Backups beside the project file', count: found.length, bytes };
  if (!remove) return [item];
  let gone = true;
  for (const { place } of found) await rm(place).catch(() => (gone = false));
  return [{ ...item, deleted: gone }];
}

async function openProject(
  file: string,
  purpose: ProjectPurpose,
  { files, projectFiles, host }: ProjectContext,
): Promise<ProjectOpened> {
  const fileName = path.basename(file);
  try {
    const { read, hash } = await host.run('readProject', { file });
    const isShown = purpose === 'open' && read.newerVersion === undefined && !read.template;
    if (isShown) await projectFiles.remember([[read.project.id, file]]);
    const media = await locateAll(path.dirname(file), read.recordings, files);
    return { ok: true, fileName, hash, read, media };
  } catch (error) {
    return { ok: false, fileName, problem: problemOf(error) };
  }
}

/** Where each recording lies now: as the file says, as this computer knows, else somewhere beside the project file. */
async function locateAll(
  folder: string,
  recordings: readonly FileRecording[],
  files: GrantedFiles,
): Promise<Record<string, MediaState>> {
  const states = new Map<string, MediaState>();
  const places = new Map<string, string>();
  const left: FileRecording[] = [];
  for (const recording of recordings) {
    const beside = recording.path === undefined ? undefined : path.join(folder, ...recording.path.split('/'));
    const candidates = [beside, files.lastPath(recording.recordingId)].filter((place) => place !== undefined);
    const place = await firstOfSize(candidates, recording.info.sizeBytes);
    if (place === undefined) left.push(recording);
    else {
      places.set(recording.recordingId, place);
      states.set(recording.recordingId, 'found');
    }
  }
  if (left.length > 0) {
    const wanted = left.map(({ recordingId, fileName, info }) => ({
      recordingId,
      fileName,
      sizeBytes: info.sizeBytes,
    }));
    const { found, replaced } = await searchMedia(folder, wanted);
    for (const [id, place] of found) places.set(id, place);
    for (const { recordingId: id } of left) {
      states.set(id, found.has(id) ? 'found' : replaced.has(id) ? 'replaced' : 'missing');
    }
  }
  await files.remember(places);
  return Object.fromEntries(states);
}

async function firstOfSize(places: readonly string[], size: number): Promise<string | undefined> {
  for (const place of places) if (await hasSize(place, size)) return place;
  return undefined;
}

/** Recordings with their places inside the folder of the project file; other places are not told to anybody. */
function withPlaces(
  recordings: readonly FileRecording[],
  folder: string,
  files: GrantedFiles,
): readonly FileRecording[] {
  return recordings.map(({ recordingId, fileName, info, sha256 }) => {
    const place = files.lastPath(recordingId);
    const inner = place === undefined ? undefined : innerPath(folder, place);
    return {
      ...{ recordingId, fileName, info },
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(inner === undefined ? {} : { path: inner }),
    };
  });
}

function suggestedName(name: string, template: boolean): string {
  const plain =
    name
      .replace(/[^\p{L}\p{N} ._-]/gu, '')
      .trim()
      .slice(0, 80) || 'project';
  return `${plain}${template ? ' template' : ''}.${PROJECT_EXTENSION}`;
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'project.failed',
    severity: 'error',
    message: error instanceof Error ? error.message : String(error),
    tip: 'Try again.',
  };
}
