import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintFile } from '../../../electron/media/fingerprint.js';
import { innerPath, locateMedia } from '../../../electron/project/findMedia.js';

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
    const { places, states } = await locateMedia(folder, [wanted]);
    expect([...places]).toEqual([[wanted.recordingId, path.join(deep, 'renamed.wav')]]);
    expect([...states]).toEqual([[wanted.recordingId, 'found']]);
  });

  it('another file of the same name is not taken for it, and what differs is told: size or content', async () => {
    const { file, wanted } = await wantedOf('sound of a voice');
    for (const [content, state] of [
      ['sound of another', 'other content'],
      ['sound', 'other size'],
    ] as const) {
      await writeFile(file, content);
      const candidates = new Map([[wanted.recordingId, [file]]]);
      for (const located of [await locateMedia(folder, [wanted]), await locateMedia(folder, [wanted], candidates)]) {
        expect(located.places.size).toBe(0);
        expect([...located.states]).toEqual([[wanted.recordingId, state]]);
      }
    }
  });

  it('the original beside a replaced one is found, whatever it is called', async () => {
    const { file, wanted } = await wantedOf('sound of a voice');
    await rename(file, path.join(folder, 'kept.wav'));
    await writeFile(file, 'sound of another');
    const { places } = await locateMedia(folder, [wanted], new Map([[wanted.recordingId, [file]]]));
    expect(places.get(wanted.recordingId)).toBe(path.join(folder, 'kept.wav'));
  });

  it('a file that is not there is neither', async () => {
    const { file, wanted } = await wantedOf('x');
    await rm(file);
    const { places, states } = await locateMedia(folder, [wanted]);
    expect(places.size).toBe(0);
    expect([...states]).toEqual([[wanted.recordingId, 'missing']]);
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
