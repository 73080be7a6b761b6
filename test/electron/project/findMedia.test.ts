import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintFile } from '../../../electron/media/fingerprint.js';
import { innerPath, searchMedia } from '../../../electron/project/findMedia.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lacuna-media-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function wantedOf(content: string) {
  const file = path.join(folder, 'original.wav');
  await writeFile(file, content);
  const wanted = { recordingId: await fingerprintFile(file), fileName: 'original.wav', sizeBytes: content.length };
  return { file, wanted };
}

describe('finding recordings beside a project file', () => {
  it('a renamed copy in a folder below is found by its content', async () => {
    const { file, wanted } = await wantedOf('sound of a voice');
    const deep = path.join(folder, 'a', 'b');
    await mkdir(deep, { recursive: true });
    await copyFile(file, path.join(deep, 'renamed.wav'));
    await rm(file);
    const { found, replaced } = await searchMedia(folder, [wanted]);
    expect([...found]).toEqual([[wanted.recordingId, path.join(deep, 'renamed.wav')]]);
    expect(replaced.size).toBe(0);
  });

  it('another file of the same name, also of the same size, is not taken for it and is told', async () => {
    const { file, wanted } = await wantedOf('sound of a voice');
    await writeFile(file, 'sound of another');
    const { found, replaced } = await searchMedia(folder, [wanted]);
    expect(found.size).toBe(0);
    expect([...replaced]).toEqual([wanted.recordingId]);
  });

  it('a file that is not there is neither', async () => {
    const { file, wanted } = await wantedOf('x');
    await rm(file);
    const { found, replaced } = await searchMedia(folder, [wanted]);
    expect(found.size + replaced.size).toBe(0);
  });
});

describe('places inside the folder of a project', () => {
  it('are written with slashes; others are not written at all', () => {
    const root = path.resolve('/study');
    expect(innerPath(root, path.join(root, 'media', 'a.wav'))).toBe('media/a.wav');
    expect(innerPath(root, path.resolve('/elsewhere/a.wav'))).toBeUndefined();
    expect(innerPath(root, root)).toBeUndefined();
  });
});
