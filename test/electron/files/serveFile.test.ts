import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFile } from '../../../electron/files/serveFile.js';

const SIZE = 700_001;
const content = Buffer.alloc(SIZE, 0).map((_, index) => index % 251);
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-serve-'));
  file = path.join(folder, 'Größe 日本.mp4');
  await writeFile(file, content);
});
afterAll(() => rm(folder, { recursive: true }));

describe('serving a recording', () => {
  it('answers a whole file with its length and that ranges are possible', async () => {
    const response = await serveFile(file, null);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(SIZE));
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });

  it('answers a part with exactly its bytes', async () => {
    const response = await serveFile(file, 'bytes=1000-600000');
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes 1000-600000/${SIZE}`);
    expect(response.headers.get('content-length')).toBe('599001');
    expect(Buffer.from(await response.arrayBuffer()).equals(content.subarray(1000, 600_001))).toBe(true);
  });

  it('answers 416 with the size when the range starts after the end', async () => {
    const response = await serveFile(file, `bytes=${SIZE}-`);
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${SIZE}`);
  });

  it('answers 404 when the file has gone', async () => {
    expect((await serveFile(path.join(folder, 'gone.mp4'), null)).status).toBe(404);
  });

  it('answers an empty file with an empty body', async () => {
    const empty = path.join(folder, 'empty.wav');
    await writeFile(empty, '');
    const response = await serveFile(empty, null);
    expect(response.status).toBe(200);
    expect((await response.arrayBuffer()).byteLength).toBe(0);
  });

  it('lets a reader go away in the middle', async () => {
    const response = await serveFile(file, 'bytes=0-');
    const reader = response.body!.getReader();
    await reader.read();
    await expect(reader.cancel()).resolves.toBeUndefined();
  });
});
