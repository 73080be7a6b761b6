import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrantedFiles } from '../../../electron/files/grantedFiles.js';

let folder: string;
let store: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-grants-'));
  store = path.join(folder, 'user data', 'granted-files.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('granted files', () => {
  it('knows nothing before a person opened something', async () => {
    const files = await GrantedFiles.load(store);
    expect(files.openPath('rec-1')).toBeUndefined();
    expect(files.lastPath('rec-1')).toBeUndefined();
  });

  it('remembers a file for a later session but serves it only after it was opened again', async () => {
    const first = await GrantedFiles.load(store);
    await first.grant('rec-1', '/data/Größe.mp4');
    expect(first.openPath('rec-1')).toBe('/data/Größe.mp4');
    const later = await GrantedFiles.load(store);
    expect(later.lastPath('rec-1')).toBe('/data/Größe.mp4');
    expect(later.openPath('rec-1')).toBeUndefined();
  });

  it('keeps every grant of many at once and leaves no temporary file', async () => {
    const files = await GrantedFiles.load(store);
    await Promise.all(Array.from({ length: 20 }, (_, index) => files.grant(`rec-${index}`, `/data/${index}.mp4`)));
    const later = await GrantedFiles.load(store);
    for (let index = 0; index < 20; index += 1) expect(later.lastPath(`rec-${index}`)).toBe(`/data/${index}.mp4`);
    expect(await readdir(path.dirname(store))).toEqual(['granted-files.json']);
  });

  it('starts empty when the list is damaged', async () => {
    const files = await GrantedFiles.load(store);
    await files.grant('rec-1', '/data/a.mp4');
    await writeFile(store, '{"version":1,"files":{"rec-1":');
    expect((await GrantedFiles.load(store)).lastPath('rec-1')).toBeUndefined();
  });
});
