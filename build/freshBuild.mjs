/**
 * Builds the app into out/ when its sources are newer than the last build. Several commands may ask at once: one builds,
 * the others wait for it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const projectFolder = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const SOURCES = ['core', 'electron', 'renderer', 'package.json', 'package-lock.json', 'electron.vite.config.ts'];
const stamp = path.join(projectFolder, 'out', '.built');
const lock = path.join(projectFolder, '.cache', 'build.lock');
const LOCK_POLL_MS = 200;

/** Newest modification time under a path, in milliseconds; folders count too, so that a removed file is noticed. */
function newest(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(file).reduce((time, name) => Math.max(time, newest(path.join(file, name))), stats.mtimeMs);
}

function isFresh() {
  const built = statSync(stamp, { throwIfNoEntry: false });
  return built !== undefined && SOURCES.every((source) => newest(path.join(projectFolder, source)) <= built.mtimeMs);
}

function tryLock() {
  mkdirSync(path.dirname(lock), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
  } catch (error) {
    // The builder is gone: its lock is removed and the next try takes it.
    if (error.code === 'ESRCH') rmSync(lock, { force: true });
  }
  return false;
}

/**
 * Makes sure that out/ holds a build of the present sources. Build messages go to stderr.
 * @throws Error when the build fails.
 */
export async function ensureFreshBuild() {
  if (isFresh()) return;
  while (!tryLock()) await wait(LOCK_POLL_MS);
  try {
    if (isFresh()) return;
    const startedAt = new Date();
    process.stderr.write('build: the sources are newer than the last build, building\n');
    const cli = path.join(projectFolder, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const done = spawnSync(process.execPath, [cli, 'build', '--logLevel', 'warn'], {
      cwd: projectFolder,
      stdio: ['ignore', 2, 2],
    });
    if (done.status !== 0) throw new Error('The build failed; see the messages above.');
    // Stamped with the time of the start: what changed while it was building is newer.
    writeFileSync(stamp, `${startedAt.toISOString()}\n`);
    utimesSync(stamp, startedAt, startedAt);
  } finally {
    rmSync(lock, { force: true });
  }
}
