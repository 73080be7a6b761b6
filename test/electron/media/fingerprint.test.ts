import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintFile, sha256File } from '../../../electron/media/fingerprint.js';

describe('content of files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lacuna-fingerprint-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, bytes);
    return file;
  }

  it('the same content has the same id under any name, other content another', async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'lacuna');
    const first = await fileOf('a.mp4', bytes);
    const id = await fingerprintFile(first);
    expect(id).toMatch(/^rec-[0-9a-f]{12}$/);
    await rename(first, join(folder, 'b.mp4'));
    expect(await fingerprintFile(join(folder, 'b.mp4'))).toBe(id);
    expect(await fingerprintFile(await fileOf('longer', Buffer.concat([bytes, Buffer.alloc(1)])))).not.toBe(id);
    bytes[0] = 0;
    expect(await fingerprintFile(await fileOf('other start', bytes))).not.toBe(id);
    bytes[0] = 'l'.charCodeAt(0);
    bytes[bytes.length - 1] = 0;
    expect(await fingerprintFile(await fileOf('other end', bytes))).not.toBe(id);
  });

  it('files of any size have an id, the empty one too', async () => {
    const ids = await Promise.all(
      [0, 1, 1024 * 1024, 1024 * 1024 + 1].map(async (size) =>
        fingerprintFile(await fileOf(`${size}`, Buffer.alloc(size))),
      ),
    );
    expect(new Set(ids).size).toBe(4);
  });

  it('the hash is that of the whole file, and progress reaches 1', async () => {
    const bytes = Buffer.alloc(2_500_000, 7);
    const seen: number[] = [];
    const hash = await sha256File(await fileOf('whole', bytes), { onProgress: (fraction) => seen.push(fraction) });
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(seen.at(-1)).toBe(1);
    expect(seen.length).toBeGreaterThan(1);
  });

  it('hashing stops at once when aborted', async () => {
    const controller = new AbortController();
    const file = await fileOf('long', Buffer.alloc(8_000_000));
    const hashing = sha256File(file, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(hashing).rejects.toMatchObject({ name: 'AbortError' });
  });
});
