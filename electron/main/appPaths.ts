import path from 'node:path';
import type { App } from 'electron';

/** Where things lie, all absolute. */
export interface AppPaths {
  /** Built page. */
  readonly renderer: string;
  readonly preload: string;
  /** Built entry of the analysis host. */
  readonly analysisHost: string;
  /** Built entry of the host for project files and previews. */
  readonly filesHost: string;
  /** Holds `perception/` and `bundles/`. */
  readonly models: string;
  readonly sample: string;
  /** List of files the person has opened. */
  readonly grantedFiles: string;
  /** Where the project files lie that the person saved or opened. */
  readonly projectFiles: string;
  readonly perceptionCache: string;
  /** Frame times, spectrograms and checksums of media. */
  readonly tracks: string;
  /** What the page hands over in parts; emptied at the start. */
  readonly handovers: string;
}

/** Finds the app's parts: in the project folder while developing, in the resources folder when packaged. */
export function appPaths(app: App): AppPaths {
  const out = path.join(app.getAppPath(), 'out');
  const data = app.isPackaged ? process.resourcesPath : app.getAppPath();
  const user = app.getPath('userData');
  return {
    renderer: path.join(out, 'renderer'),
    preload: path.join(out, 'preload', 'index.cjs'),
    analysisHost: path.join(out, 'main', 'analysisHost.js'),
    filesHost: path.join(out, 'main', 'filesHost.js'),
    models: path.join(data, 'models'),
    sample: path.join(data, 'sample', 'sample.mp4'),
    grantedFiles: path.join(user, 'granted-files.json'),
    projectFiles: path.join(user, 'project-files.json'),
    perceptionCache: path.join(user, 'perception'),
    tracks: path.join(user, 'tracks'),
    handovers: path.join(user, 'handovers'),
  };
}
