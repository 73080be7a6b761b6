/** A copy of a project with all its media, as a folder that can be carried to another computer. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_EXTENSION } from '../../core/project/projectFile.js';
import { ProblemError } from '../../core/problems/problem.js';
import type { HostAnswer, HostArgument, KnownMedium } from '../host/protocol.js';
import type { TaskContext } from '../host/serveHost.js';
import { replacedMedia } from '../media/replacedMedia.js';
import { publishFolder } from '../report/reportFolder.js';
import { projectBytes } from './projectFile.js';
import { measureMedia, mediaOf } from './projectMedia.js';
import { contentsOf, missingProblems, withMedia } from './projectTasks.js';

const MEDIA_FOLDER = 'media';
const COPY_BYTES = 1024 * 1024;

/** For tests of disks that fail. */
export interface PackOptions {
  readonly openFile?: typeof open;
}

/**
 * Writes the project file and a copy of every medium into `outDir`, which does not exist before. Everything is written into
 * a folder of another name, and shown under the final one when it is complete.
 * @throws ProblemError `report.*` for trouble with the disk; nothing is left behind then or after a cancellation.
 */
export async function packProject(
  argument: HostArgument<'packProject'>,
  context: TaskContext,
  { openFile = open }: PackOptions = {},
): Promise<HostAnswer<'packProject'>> {
  const { outDir, known, keptIn, appVersion } = argument;
  const { contents, problems: leftOut } = await contentsOf(argument.contents);
  const all = mediaOf(contents);
  const states: ReadonlyMap<string, KnownMedium> = new Map(known.map((item) => [item.mediaId, item]));
  const step = { step: 'Measure the checksums of the media', stepNumber: 1, stepCount: 3 };
  const { sound, problems } = await measureMedia(all, { known: states, keptIn, step }, context);
  const total = sound.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await requireRoom(path.dirname(outDir), total);
  const names = namesIn(sound);
  const missing = missingProblems(all, new Set(names.keys()), problems);
  const packed = withMedia(contents, (mediaId) => {
    const sha256 = sound.find((item) => item.mediaId === mediaId)?.sha256 ?? states.get(mediaId)?.sha256;
    const name = names.get(mediaId);
    return {
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(name === undefined ? {} : { path: `${MEDIA_FOLDER}/${name}` }),
    };
  });
  const fileName = `${path.basename(outDir)}.${PROJECT_EXTENSION}`;
  const fill = async (folder: string): Promise<void> => {
    await mkdir(path.join(folder, MEDIA_FOLDER));
    let before = 0;
    for (const [index, medium] of sound.entries()) {
      const words = { step: `Copy the media (${index + 1} of ${sound.length})`, stepNumber: 2, stepCount: 3 };
      const target = path.join(folder, MEDIA_FOLDER, names.get(medium.mediaId) ?? '');
      const sha256 = await copyFile(medium.path, target, {
        openFile,
        signal: context.signal,
        onBytes: (bytes) => context.onProgress({ ...words, fraction: total === 0 ? 1 : (before + bytes) / total }),
      });
      if (sha256 !== medium.sha256) throw new ProblemError(replacedMedia(medium.fileName, 'content'));
      before += medium.sizeBytes;
    }
    context.onProgress({ step: 'Write the project file', stepNumber: 3, stepCount: 3 });
    const about = { appVersion, savedUtc: new Date().toISOString() };
    await writeFile(path.join(folder, fileName), projectBytes(packed, about), { flush: true });
    context.signal.throwIfAborted();
  };
  await publishFolder(outDir, [], fill, 'copy of the project');
  const files = [fileName, ...[...names.values()].map((name) => `${MEDIA_FOLDER}/${name}`)];
  return { report: { folder: outDir, files }, problems: [...leftOut, ...problems, ...missing] };
}

/** Names in the folder of media: as they were, without what another system does not take, each once. */
function namesIn(media: readonly { readonly mediaId: string; readonly fileName: string }[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const { mediaId, fileName } of media) {
    const plain = fileName.replace(/[<>:"/\\|?*\p{Cc}]/gu, '_').replace(/^\.+|[. ]+$/g, '_');
    const { name, ext } = path.parse(plain);
    let next = plain;
    for (let number = 2; taken.has(next.toLowerCase()); number += 1) next = `${name} ${number}${ext}`;
    taken.add(next.toLowerCase());
    names.set(mediaId, next);
  }
  return names;
}

/** Says before anything is copied that there is no room. */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined);
  if (!disk || disk.bavail * disk.bsize > bytes) return;
  const mib = (size: number): number => Math.ceil(size / 1024 / 1024);
  throw new ProblemError({
    code: 'project.no_room',
    severity: 'error',
    message: `The media have ${mib(bytes)} MiB, and there are ${mib(disk.bavail * disk.bsize)} MiB free in ${folder}. Nothing was written.`,
    tip: 'Free some space, or choose a folder on another disk.',
  });
}

interface CopyOptions {
  readonly openFile: typeof open;
  readonly signal: AbortSignal;
  /** Called with the bytes copied so far. */
  readonly onBytes: (bytes: number) => void;
}

/** Copies a file in pieces and answers with the SHA-256 of what was copied. */
async function copyFile(from: string, to: string, { openFile, signal, onBytes }: CopyOptions): Promise<string> {
  const hash = createHash('sha256');
  const handle = await openFile(to, 'wx');
  try {
    let copied = 0;
    onBytes(copied);
    for await (const piece of createReadStream(from, { highWaterMark: COPY_BYTES })) {
      signal.throwIfAborted();
      hash.update(piece as Buffer);
      await handle.appendFile(piece as Buffer);
      copied += (piece as Buffer).length;
      onBytes(copied);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
