import { access } from 'node:fs/promises';
import type { ExportFormatId } from '../../core/interchange/formats.js';
import type { CallAnswers, CallArgument, CallName, CommandMenu } from '../contract/contract.js';
import type { BundleSummary, MediaResult, OpenResult } from '../contract/types.js';
import type { GrantedFiles } from '../files/grantedFiles.js';
import type { Handovers } from '../files/handovers.js';
import { locateRecording, openRecording, reopenRecording } from '../files/openRecording.js';
import { reportFolder } from '../files/reportFolder.js';
import { deleteStoredFiles, storedFiles } from '../files/storedFiles.js';
import { writeAtomically } from '../files/writeAtomically.js';
import type { HostClient } from '../host/hostClient.js';
import { readProvenance } from '../repeat/readProvenance.js';
import type { JobList } from '../jobs/jobs.js';
import { SpectrogramTiles } from '../tracks/trackCache.js';
import { batchHandlers } from './batchHandlers.js';
import { type ProjectContext, projectHandlers } from './projectHandlers.js';
import { mediaUrl } from './schemes.js';

/** What the handlers need from the app; all of it can be replaced in a test. */
export interface HandlerContext {
  readonly version: string;
  readonly platform: string;
  readonly modelsDir: string;
  readonly cacheDir: string;
  readonly tracksDir: string;
  readonly sampleFile: string;
  readonly files: GrantedFiles;
  readonly handovers: Handovers;
  readonly host: Pick<HostClient, 'run'>;
  readonly jobs: JobList;
  /** Project files by project id. */
  readonly projectFiles: GrantedFiles;
  readonly chooseProject: ProjectContext['chooseProject'];
  readonly chooseProjectPlace: ProjectContext['chooseProjectPlace'];
  readonly chooseCopyFolder: ProjectContext['chooseCopyFolder'];
  readonly chooseRecordings: () => Promise<readonly string[]>;
  readonly chooseAnnotations: () => Promise<string | undefined>;
  readonly chooseRatings: () => Promise<readonly string[]>;
  readonly chooseExportPlace: (format: ExportFormatId, recordingId: string) => Promise<string | undefined>;
  readonly chooseReportFolder: () => Promise<string | undefined>;
  readonly chooseProvenance: () => Promise<string | undefined>;
  /** Asks where to write a text file. */
  readonly chooseTextFile: (name: string) => Promise<string | undefined>;
  /** Asks where to write a picture. */
  readonly choosePictureFile: (name: string, format: 'svg' | 'png') => Promise<string | undefined>;
  readonly revealFolder: (folder: string) => Promise<void>;
  readonly showMenu: (menus: readonly CommandMenu[]) => void;
  readonly closeWindow: () => void;
}

export type Handlers = { readonly [N in CallName]: (argument: CallArgument<N>) => Promise<CallAnswers[N]> };

/** What main does for each call of the contract. Arguments have been parsed before they come here. */
export function contractHandlers(context: HandlerContext): Handlers {
  const { files, handovers, host, jobs, modelsDir, cacheDir, tracksDir } = context;
  const tiles = new SpectrogramTiles(tracksDir);
  const opening = { files, mediaUrl };
  const openAll = async (paths: readonly string[]): Promise<readonly OpenResult[]> => {
    const results: OpenResult[] = [];
    for (const path of paths) results.push(await openRecording(path, opening));
    return results;
  };
  const onRecording = (recordingId: string) => {
    const sha256 = files.hashOf(recordingId);
    return {
      ...{ path: grantedPath(files, recordingId), modelsDir, cacheDir },
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  };
  let bundles: readonly BundleSummary[] | undefined;
  let providers: readonly string[] | undefined;

  return {
    'app/info': async () => {
      bundles ??= await host.run('bundles', { modelsDir });
      providers ??= await host.run('providers', {});
      return { version: context.version, platform: context.platform, bundles, providers };
    },
    'recording/choose': async () => openAll(await context.chooseRecordings()),
    'recording/openDropped': openAll,
    'recording/openSample': async () => openRecording(context.sampleFile, opening),
    'recording/reopen': async (medium) => reopenRecording(medium, opening),
    'recording/locate': async (medium) => {
      const chosen = await context.chooseRecordings();
      return chosen.length === 0 ? null : locateRecording(medium, chosen, opening);
    },
    ...projectHandlers(context),
    ...batchHandlers(context, onRecording),
    'media/choose': async () => {
      const [path] = await context.chooseRecordings();
      return path === undefined ? null : secondFile(await openRecording(path, opening));
    },
    'job/perceive': async (argument) => {
      const jobId = jobs.start({ kind: 'perceive', argument: { ...onRecording(argument.recordingId), ...argument } });
      return Promise.resolve({ jobId });
    },
    'job/analyze': async (argument) => {
      const jobId = jobs.start({ kind: 'analyze', argument: { ...onRecording(argument.recordingId), ...argument } });
      return Promise.resolve({ jobId });
    },
    'job/whatIf': async (argument) => {
      const jobId = jobs.start({ kind: 'whatIf', argument: { ...onRecording(argument.recordingId), ...argument } });
      return Promise.resolve({ jobId });
    },
    'job/learn': async (argument) => {
      const recordings = argument.recordings.map((recording) => {
        const sha256 = files.hashOf(recording.recordingId);
        const path = knownPath(files, recording.recordingId);
        return { ...recording, path, ...(sha256 === undefined ? {} : { sha256 }) };
      });
      const jobId = jobs.start({ kind: 'learn', argument: { ...argument, recordings, modelsDir, cacheDir } });
      return Promise.resolve({ jobId });
    },
    'job/selfTest': async (argument) => {
      const jobId = jobs.start({ kind: 'selfTest', argument: { ...onRecording(argument.recordingId), ...argument } });
      return Promise.resolve({ jobId });
    },
    'handover/begin': async () => ({ handoverId: await handovers.begin() }),
    'handover/part': async ({ handoverId, bytes }) => {
      await handovers.add(handoverId, bytes);
      return null;
    },
    'handover/end': async ({ handoverId }) => {
      await handovers.end(handoverId);
      return null;
    },
    'job/preview': async ({ recordingId, handoverId, peaks, options }) => {
      const sources = handovers.fileOf(handoverId);
      const argument = { recordingId, sources, options, ...(peaks === undefined ? {} : { peaks }) };
      return Promise.resolve({ jobId: jobs.start({ kind: 'preview', argument }) });
    },
    'job/export': async (argument) => {
      const recording = onRecording(argument.recordingId);
      const chosen = await context.chooseReportFolder();
      if (chosen === undefined) return null;
      const outDir = await reportFolder(chosen, argument.recordingId);
      const appVersion = context.version;
      const jobId = jobs.start({
        kind: 'export',
        argument: { ...recording, ...argument, outDir, overwrite: false, appVersion },
      });
      return { jobId };
    },
    'job/tracks': async ({ recordingId }) => {
      const argument = { path: grantedPath(files, recordingId), recordingId, tracksDir };
      return Promise.resolve({ jobId: jobs.start({ kind: 'tracks', argument }) });
    },
    'spectrogram/tile': async ({ recordingId, level, tile }) => {
      grantedPath(files, recordingId);
      return (await tiles.read(recordingId, level, tile)) ?? null;
    },
    'recovery/curves': async ({ recordingId, range }) =>
      host.run('curves', { ...onRecording(recordingId), recordingId, range }),
    'job/repeat': async () => {
      const chosen = await chooseRepetition(context);
      if (chosen === undefined) return null;
      const appVersion = context.version;
      const fixed = { cues: [], despiteDifferences: false, overwrite: false, appVersion, interface: 'app' as const };
      return { jobId: jobs.start({ kind: 'repeat', argument: { ...chosen, ...fixed, modelsDir, cacheDir } }) };
    },
    'text/save': async ({ name, text }) => {
      const file = await context.chooseTextFile(name);
      if (file === undefined) return false;
      await writeAtomically(file, text);
      return true;
    },
    'picture/save': async (picture) => {
      const file = await context.choosePictureFile(picture.name, picture.format);
      if (file === undefined) return false;
      await writeAtomically(file, picture.format === 'svg' ? picture.text : picture.bytes);
      return true;
    },
    'recording/stored': async (recording) => storedFiles(recording, { cacheDir, tracksDir, files }),
    'recording/delete': async (recording) => deleteStoredFiles(recording, { cacheDir, tracksDir, files }),
    'job/import': async ({ recordingId }) => {
      grantedPath(files, recordingId);
      const file = await context.chooseAnnotations();
      return file === undefined ? null : { jobId: jobs.start({ kind: 'import', argument: { recordingId, file } }) };
    },
    'job/exportAs': async ({ recordingId, format, set, utf16 = false }) => {
      grantedPath(files, recordingId);
      const out = await context.chooseExportPlace(format, recordingId);
      if (out === undefined) return null;
      // The system's dialog has asked before it gave the name of a file that exists; a folder is always a new one.
      const argument = { recordingId, set, format, out, overwrite: true, utf16 };
      return { jobId: jobs.start({ kind: 'exportAs', argument }) };
    },
    'job/agreement': async (argument) => Promise.resolve({ jobId: jobs.start({ kind: 'agreement', argument }) }),
    'job/ratings': async ({ recordingId }) => {
      const paths = await context.chooseRatings();
      if (paths.length === 0) return null;
      return { jobId: jobs.start({ kind: 'ratings', argument: { recordingId, files: paths } }) };
    },
    'job/cancel': async ({ jobId }) => {
      jobs.cancel(jobId);
      return Promise.resolve(null);
    },
    'report/reveal': async ({ jobId }) => {
      await context.revealFolder(await writtenFolder(jobs, jobId));
      return null;
    },
    'menu/show': async (menus) => {
      context.showMenu(menus);
      return Promise.resolve(null);
    },
    'window/close': async () => {
      context.closeWindow();
      return Promise.resolve(null);
    },
  };
}

/** What the project keeps of an opened file. */
function secondFile(result: OpenResult): MediaResult {
  if (!result.ok) return result;
  const { recordingId, fileName, info } = result.recording;
  const kind = info.video === undefined ? 'audio' : 'video';
  return { ok: true, media: { mediaId: recordingId, fileName, sizeBytes: info.sizeBytes, kind } };
}

function grantedPath(files: GrantedFiles, recordingId: string): string {
  const path = files.openPath(recordingId);
  if (path === undefined) throw new Error(`Recording ${recordingId} is not open in this session. Open it first.`);
  return path;
}

/** Path of a recording that a person opened in this session or an earlier one. */
function knownPath(files: GrantedFiles, recordingId: string): string {
  const path = files.lastPath(recordingId);
  if (path === undefined) throw new Error(`The place of recording ${recordingId} is not known. Open it once.`);
  return path;
}

/** Recording, provenance and folder of a repetition; undefined when the person cancels a dialog. */
async function chooseRepetition({ files, chooseProvenance, chooseRecordings, chooseReportFolder }: HandlerContext) {
  const provenanceFile = await chooseProvenance();
  if (provenanceFile === undefined) return undefined;
  const { input } = await readProvenance(provenanceFile);
  const { recordingId } = input;
  const known = files.lastPath(recordingId);
  const isThere =
    known !== undefined &&
    (await access(known).then(
      () => true,
      () => false,
    ));
  const path = isThere ? known : (await chooseRecordings())[0];
  const folder = path === undefined ? undefined : await chooseReportFolder();
  if (path === undefined || folder === undefined) return undefined;
  return { path, recordingId, provenanceFile, outDir: await reportFolder(folder, recordingId) };
}

async function writtenFolder(jobs: JobList, jobId: string): Promise<string> {
  const result = jobs.snapshot(jobId)?.result;
  if (result?.kind !== 'export' && result?.kind !== 'repeat' && result?.kind !== 'packProject') {
    throw new Error('No report was written by this job in this session.');
  }
  const { folder } = result.kind === 'repeat' ? result.outcome.report : result.report;
  await access(folder).catch(() => {
    throw new Error('The report folder is no longer where it was written.');
  });
  return folder;
}
