import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reportFolder } from '../../../electron/files/reportFolder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('uses the chosen folder when it is empty', async () => {
  expect(await reportFolder(folder, 'rec-1')).toBe(folder);
});

it('makes a new folder inside one that holds something, and another one next time', async () => {
  await writeFile(path.join(folder, 'notes.txt'), 'kept');
  expect(await reportFolder(folder, 'rec-1')).toBe(path.join(folder, 'lacuna-report-rec-1'));
  await mkdir(path.join(folder, 'lacuna-report-rec-1'));
  expect(await reportFolder(folder, 'rec-1')).toBe(path.join(folder, 'lacuna-report-rec-1-2'));
});
