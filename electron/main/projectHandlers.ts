import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_EXTENSION } from '../../core/project/projectFile.js';
import type { ProjectPurpose, StoredItem } from '../contract/types.js';
import type { GrantedFiles } from '../files/grantedFiles.js';
import type { Handovers } from '../files/handovers.js';
import { freshFolder } from '../files/reportFolder.js';
import type { JobList } from '../jobs/jobs.js';
import { locateMedia } from '../project/findMedia.js';
import { BACKUPS, backupName } from '../project/projectFile.js';
import type { Handlers } from './contractHandlers.js';

/** What the handlers of projects need from the app. */
export interface ProjectContext {
  readonly version: string;
  readonly files: GrantedFiles;
  /** Project files by project id. */
  readonly projectFiles: GrantedFiles;
  readonly jobs: JobList;
  readonly handovers: Handovers;
  /** Folder where hashes of media are kept. */
  readonly tracksDir: string;
  readonly chooseProject: (purpose: ProjectPurpose) => Promise<string | undefined>;
  /** Asks where to save a project. */
  readonly chooseProjectPlace: (name: string) => Promise<string | undefined>;
  /** Asks where to put a copy with all media. */
  readonly chooseCopyFolder: () => Promise<string | undefined>;
}

type ProjectCalls =
  'job/openProject' | 'job/saveProject' | 'job/packProject' | 'project/backups' | 'project/searchBeside';

/** What main does for project files. Paths stay here: the page knows names only. */
export function projectHandlers(context: ProjectContext): Pick<Handlers, ProjectCalls> {
  const { files, projectFiles, jobs, handovers, version: appVersion, tracksDir: keptIn } = context;
  return {
    'job/openProject': async ({ purpose }) => {
      const file = await context.chooseProject(purpose);
      if (file === undefined) return null;
      const argument = { file, purpose, known: files.known() };
      return { jobId: jobs.start({ kind: 'openProject', argument }), fileName: path.basename(file) };
    },
    'job/saveProject': async ({ projectId, name, template, as, overwrite, hash, handoverId }) => {
      const last = as || template ? undefined : projectFiles.lastPath(projectId);
      const known = last !== undefined && (await isThere(last)) ? last : undefined;
      const file = known ?? (await context.chooseProjectPlace(suggestedName(name, template)));
      if (file === undefined) return null;
      const argument = {
        ...{ file, contents: handovers.fileOf(handoverId), known: files.known(), keptIn, appVersion },
        ...(template ? {} : { projectId }),
        // a file of which nothing is known is not that of this project; one that the person chose was asked for by the system
        ...(known === undefined || overwrite ? {} : { fileHash: hash ?? '' }),
      };
      return { jobId: jobs.start({ kind: 'saveProject', argument }), fileName: path.basename(file) };
    },
    'job/packProject': async ({ name, handoverId }) => {
      const contents = handovers.fileOf(handoverId);
      const chosen = await context.chooseCopyFolder();
      if (chosen === undefined) return null;
      const outDir = await freshFolder(path.join(chosen, plainName(name)));
      const argument = { outDir, contents, known: files.known(), keptIn, appVersion };
      return { jobId: jobs.start({ kind: 'packProject', argument }) };
    },
    'project/backups': async ({ projectId, delete: remove }) => {
      const file = projectFiles.lastPath(projectId);
      return file === undefined ? [] : backupItems(file, remove);
    },
    'project/searchBeside': async ({ recordingId, wanted }) => {
      const place = files.openPath(recordingId);
      if (place === undefined) return {};
      const { places, states } = await locateMedia(path.dirname(place), wanted);
      await files.remember(places);
      return Object.fromEntries(states);
    },
  };
}

const isThere = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  );

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

const plainName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N} ._-]/gu, '')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 80) || 'project';

const suggestedName = (name: string, template: boolean): string =>
  `${plainName(name)}${template ? ' template' : ''}.${PROJECT_EXTENSION}`;
