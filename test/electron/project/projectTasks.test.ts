import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addRecordings } from '../../../core/project/editProject.js';
import { unpackRead } from '../../../core/project/packedProject.js';
import { emptyProject } from '../../../core/project/project.js';
import type { ProjectContents } from '../../../core/project/projectFile.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { fromSeconds, microseconds } from '../../../core/time/microseconds.js';
import type { HostProgress, KnownMedium } from '../../../electron/host/protocol.js';
import { fingerprintFile } from '../../../electron/media/fingerprint.js';
import { mediaHash } from '../../../electron/project/mediaHash.js';
import { packProject } from '../../../electron/project/packProject.js';
import { openProject, saveProject } from '../../../electron/project/projectTasks.js';

const MIB = 1024 * 1024;
let root = '';
let folder = '';
let keptIn = '';
let file = '';
let progress: HostProgress[];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'lacuna-tasks-'));
  [folder, keptIn] = [path.join(root, 'study'), path.join(root, 'kept')];
  file = path.join(folder, 'study.lacuna');
  await mkdir(path.join(folder, 'media'), { recursive: true });
  progress = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const context = (signal = new AbortController().signal) => ({
  signal,
  onProgress: (step: HostProgress): void => {
    progress.push(step);
  },
});
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Medium {
  readonly id: string;
  readonly file: string;
  readonly bytes: Buffer;
}

/** A medium of four MiB, of which the ends are the same for all `middle`s. */
async function medium(name: string, middle = 1): Promise<Medium> {
  const bytes = Buffer.alloc(4 * MIB, name);
  bytes.fill(middle, 2 * MIB, 2 * MIB + 9);
  const place = path.join(folder, 'media', name);
  await writeFile(place, bytes);
  return { id: await fingerprintFile(place), file: place, bytes };
}

/** A project with one recording and a second file of it. */
function contentsOf(first: Medium, second: Medium): ProjectContents {
  const project = addRecordings(emptyProject('prj-1', 'Siblings', '2026-11-25T10:00:00.000Z'), [first.id]);
  const media = {
    ...{ mediaId: second.id, fileName: path.basename(second.file), sizeBytes: second.bytes.length },
    ...{ kind: 'audio' as const, offset: microseconds(0), driftPpm: 0 },
  };
  return {
    project: { ...project, recordings: project.recordings.map((item) => ({ ...item, media: [media] })) },
    ...{ template: false, documents: [], analyses: [] },
    recordings: [
      {
        recordingId: first.id,
        fileName: path.basename(first.file),
        info: { container: 'wav', sizeBytes: first.bytes.length, duration: fromSeconds(3) },
      },
    ],
  };
}

/** The file that the page hands a project over in. */
async function handedOver(contents: ProjectContents): Promise<string> {
  const place = path.join(root, 'handover.json');
  await writeFile(place, JSON.stringify(contents));
  return place;
}
const known = (...media: Medium[]): KnownMedium[] => media.map(({ id, file: place }) => ({ mediaId: id, path: place }));
async function save(work: ProjectContents, media: readonly KnownMedium[], more: { fileHash?: string } = {}) {
  const contents = await handedOver(work);
  return saveProject(
    { file, contents, known: media, keptIn, appVersion: '1.0.0', projectId: 'prj-1', ...more },
    context(),
  );
}
async function openFile(media: readonly KnownMedium[] = [], place = file) {
  const answer = await openProject({ file: place, purpose: 'open', known: media }, context());
  const { opened } = answer;
  const reading = unpackRead(opened.read);
  let step = reading.next();
  while (step.done !== true) step = reading.next();
  return { ...answer, opened: { ...opened, read: step.value } };
}

describe('saving a project', () => {
  it('writes path, size and SHA-256 of every medium, of second files too, and says what it does', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    const { saved, media } = await save(contentsOf(first, second), known(first, second));
    expect(saved).toMatchObject({ changed: false, fileName: 'study.lacuna', problems: [] });
    expect(media).toEqual([first, second].map(({ id, bytes }) => ({ mediaId: id, sha256: sha256(bytes) })));
    const { opened } = await openFile();
    expect(opened.read.recordings[0]).toMatchObject({ path: 'media/a.wav', sha256: sha256(first.bytes) });
    expect(opened.read.media).toEqual([{ mediaId: second.id, path: 'media/b.wav', sha256: sha256(second.bytes) }]);
    expect(new Set(progress.map(({ step }) => step.replace(/ \(.*/, '')))).toEqual(
      new Set([
        'Read the work',
        'Measure the checksums of the media',
        'Write the project file',
        'Read the project file',
        'Look for its media',
      ]),
    );
  });

  it('keeps the hash of a medium that is not there now', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    await rm(first.file);
    const [one, two] = known(first, second);
    const { saved } = await save(contentsOf(first, second), [{ ...one!, sha256: 'ab'.repeat(32) }, two!]);
    expect(saved).toMatchObject({ changed: false, problems: [] });
    expect((await openFile()).opened.read.recordings[0]).toMatchObject({ sha256: 'ab'.repeat(32) });
  });

  it('a medium that was replaced is told, and neither its place nor its hash is written', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    const contents = contentsOf(first, second);
    const before = sha256(first.bytes);
    // the same size and ends, something else between them
    await medium('a.wav', 7);
    const media = known(first, second).map((item, at) => (at === 0 ? { ...item, sha256: before } : item));
    const { saved } = await save(contents, media);
    expect(saved).toMatchObject({ problems: [{ code: 'media.replaced' }] });
    expect(saved).toMatchObject({ problems: [{ message: expect.stringContaining('another content') as string }] });
    const [recording] = (await openFile()).opened.read.recordings;
    expect(recording).toMatchObject({ sha256: before });
    expect(recording).not.toHaveProperty('path');
  });

  it('a file that somebody else saved is left alone and told', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    await save(contentsOf(first, second), []);
    const before = await readFile(file);
    const { saved } = await save(contentsOf(first, second), [], { fileHash: 'cd'.repeat(32) });
    expect(saved).toEqual({ changed: true, fileName: 'study.lacuna' });
    expect(await readFile(file)).toEqual(before);
  });

  it('cancelled while a medium is read leaves no file', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    const stop = new AbortController();
    const watching = {
      signal: stop.signal,
      onProgress: ({ step, fraction = 0 }: HostProgress) => {
        if (step.startsWith('Measure') && fraction > 0.2) stop.abort();
      },
    };
    const call = { file, contents: await handedOver(contentsOf(first, second)), known: known(first, second), keptIn };
    await expect(saveProject({ ...call, appVersion: '1', projectId: 'prj-1' }, watching)).rejects.toThrow(/abort/i);
    expect(await readdir(folder)).toEqual(['media']);
  });
});

describe('the hash of a medium', () => {
  it('is read once while the file stays as it is, and anew when size or time of change differ', async () => {
    const { id, file: place, bytes } = await medium('a.wav');
    const shares: number[] = [];
    const measure = () => mediaHash(place, { mediaId: id, keptIn }, { onProgress: (share) => shares.push(share) });
    expect(await measure()).toBe(sha256(bytes));
    expect(shares.at(-1)).toBe(1);
    shares.length = 0;
    expect(await measure()).toBe(sha256(bytes));
    expect(shares).toEqual([]);
    const changed = await medium('a.wav', 9);
    await utimes(place, new Date(), new Date(Date.now() + 5_000));
    expect(await measure()).toBe(sha256(changed.bytes));
    // a damaged note is no note
    await writeFile(path.join(keptIn, `${id}-sha256.json`), '{"path":');
    expect(await measure()).toBe(sha256(changed.bytes));
  });
});

describe('opening a project', () => {
  it('finds media of a folder that was moved, with nothing known on the computer', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    await save(contentsOf(first, second), known(first, second));
    const there = path.join(root, 'elsewhere');
    await rename(folder, there);
    const { opened, media } = await openFile([], path.join(there, 'study.lacuna'));
    expect(opened.media).toEqual({ [first.id]: 'found', [second.id]: 'found' });
    expect(media.map(({ path: place }) => place)).toEqual(
      ['a.wav', 'b.wav'].map((name) => path.join(there, 'media', name)),
    );
    expect(media[0]).toMatchObject({ sha256: sha256(first.bytes) });
  });

  it('does not take another file of the same name and size, and says that its content differs', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    await save(contentsOf(first, second), known(first, second));
    await writeFile(first.file, Buffer.alloc(first.bytes.length, 'other'));
    await writeFile(second.file, 'shorter');
    const { opened, media } = await openFile(known(first, second));
    expect(opened.media).toEqual({ [first.id]: 'other content', [second.id]: 'other size' });
    expect(media.every((item) => item.path === undefined)).toBe(true);
  });
});

describe('a copy with all media', () => {
  const pack = async (work: ProjectContents, media: readonly KnownMedium[], options = {}, running = context()) => {
    const contents = await handedOver(work);
    const place = { outDir: path.join(root, 'Siblings'), keptIn };
    return packProject({ ...place, contents, known: media, appVersion: '1' }, running, options);
  };

  it('is a folder that opens anywhere, with names that every system takes', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    const contents = contentsOf(first, second);
    const { report, problems } = await pack(contents, known(first, second));
    expect(problems).toEqual([]);
    expect(report.files).toEqual(['Siblings.lacuna', 'media/a.wav', 'media/b.wav']);
    expect(await readFile(path.join(report.folder, 'media/a.wav'))).toEqual(first.bytes);
    await rm(folder, { recursive: true });
    const there = path.join(root, 'usb');
    await rename(report.folder, there);
    const { opened } = await openFile([], path.join(there, 'Siblings.lacuna'));
    expect(opened.media).toEqual({ [first.id]: 'found', [second.id]: 'found' });
    expect((await readdir(root)).sort()).toEqual(['handover.json', 'kept', 'usb']);
  });

  it('tells which media are not in it', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    const contents = contentsOf(first, second);
    await rm(first.file);
    await writeFile(second.file, 'shorter');
    const { report, problems } = await pack(contents, known(first, second));
    expect(problems.map(({ code }) => code)).toEqual(['media.replaced', 'project.media_missing']);
    expect(report.files).toEqual(['Siblings.lacuna']);
  });

  it('cancelled while a medium is copied leaves nothing behind', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    const stop = new AbortController();
    const onProgress = ({ step, fraction = 0 }: HostProgress): void => {
      if (step.startsWith('Copy') && fraction > 0.3) stop.abort();
    };
    const running = { signal: stop.signal, onProgress };
    await expect(pack(contentsOf(first, second), known(first, second), {}, running)).rejects.toThrow(/abort/i);
    expect((await readdir(root)).sort()).toEqual(['handover.json', 'kept', 'study']);
  });

  it('on a disk that fills up says so and leaves nothing behind', async () => {
    const [first, second] = [await medium('a.wav'), await medium('b.wav')];
    const failing = async (...argument: Parameters<typeof open>) => {
      const handle = await open(...argument);
      const append = handle.appendFile.bind(handle);
      let left = 2;
      handle.appendFile = async (data, options) => {
        left -= 1;
        if (left >= 0) return append(data, options);
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
      };
      return handle;
    };
    const packed = pack(contentsOf(first, second), known(first, second), { openFile: failing });
    const error: unknown = await packed.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toMatchObject({
      code: 'report.disk-full',
      message: expect.stringContaining('no room for the copy of the project') as string,
    });
    expect((await readdir(root)).sort()).toEqual(['handover.json', 'kept', 'study']);
    expect((await stat(first.file)).size).toBe(first.bytes.length);
  });
});
