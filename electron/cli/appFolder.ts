import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface AppFolder {
  /** Folder of package.json. */
  readonly root: string;
  readonly version: string;
}

/**
 * Finds the app's own folder: the nearest one above the running code whose package.json is Lacuna's.
 * @throws Error when there is none, which means a broken installation.
 */
export function findAppFolder(): AppFolder {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (name === 'lacuna' && version !== undefined) return { root: folder, version };
    }
    if (path.dirname(folder) === folder) throw new Error('package.json of Lacuna was not found above the program');
  }
}

/** The built entry of the analysis host, in the folder of the built command line or above it. */
export function findAnalysisHost(): URL {
  const candidates = ['./analysisHost.js', '../analysisHost.js'].map((file) => new URL(file, import.meta.url));
  const found = candidates.find((url) => existsSync(url));
  if (found === undefined) throw new Error(`the built analysis host is missing: ${candidates[0]?.href ?? ''}`);
  return found;
}

/**
 * The folder that relative paths of the command line start from. npm runs a script in the package's folder and tells in
 * INIT_CWD where the person was.
 */
export function callersFolder(cwd: string, environment: NodeJS.ProcessEnv): string {
  return cwd === findAppFolder().root ? (environment['INIT_CWD'] ?? cwd) : cwd;
}

/** Where measurements are kept by default: the user's cache folder of this system. */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv): string {
  const xdg = environment['XDG_CACHE_HOME'];
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'lacuna');
  const local = environment['LOCALAPPDATA'];
  if (process.platform === 'win32' && local !== undefined) return path.join(local, 'lacuna', 'cache');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'lacuna');
  return path.join(homedir(), '.cache', 'lacuna');
}
