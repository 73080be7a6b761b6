/** Starts the app: schemes, locks, window, job list. Everything that is more than wiring lives beside this file. */
import { app, ipcMain, Menu, protocol, session, shell } from 'electron';
import type { CommandMenu, EventName, Events } from '../contract/contract.js';
import { GrantedFiles } from '../files/grantedFiles.js';
import { Handovers } from '../files/handovers.js';
import { HostClient } from '../host/hostClient.js';
import { JobList } from '../jobs/jobs.js';
import { laneHosts } from '../jobs/laneHosts.js';
import { printingHost } from '../jobs/printingHost.js';
import { rememberingHost } from '../jobs/rememberingHost.js';
import { appPaths } from './appPaths.js';
import { serveApp } from './appProtocol.js';
import { EVENT_CHANNEL } from './channels.js';
import { contractHandlers } from './contractHandlers.js';
import {
  choosePictureFile,
  chooseProvenance,
  chooseRecordings,
  chooseReportFolder,
  chooseTextFile,
} from './dialogs.js';
import { chooseAnnotations, chooseExportPlace, chooseRatings } from './interchangeDialogs.js';
import { chooseCopyFolder, chooseProject, chooseProjectPlace } from './projectDialogs.js';
import { PrintPages } from './printPages.js';
import { serveMedia } from './mediaProtocol.js';
import { menuTemplate } from './menu.js';
import { APP_SCHEME, MEDIA_SCHEME } from './schemes.js';
import { hardenCommandLine, lockContents, lockSession } from './security.js';
import { serveCalls } from './serveCalls.js';
import { startUtilityHost } from './utilityHost.js';
import { closeAfterSaving, createWorkbenchWindow } from './window.js';

/** `npm start` opens the workbench on the bundled sample. */
const SAMPLE_SWITCH = 'sample';

async function start(): Promise<void> {
  const paths = appPaths(app);
  const developer = !app.isPackaged;
  lockSession(session.defaultSession, developer);
  const files = await GrantedFiles.load(paths.grantedFiles);
  const printing = new PrintPages();
  serveApp(protocol, paths.renderer, (url) => printing.pageOf(url));
  serveMedia(protocol, files);

  // The page loads while the rest of this function runs; it can call only after this turn, when everything is wired.
  const window = createWorkbenchWindow({ preload: paths.preload, devTools: developer });
  const send = <N extends EventName>(name: N, payload: Events[N]): void => {
    if (!window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, payload);
  };
  const closing = closeAfterSaving(window, () => {
    send('window/closing', null);
  });
  const command = (id: string): void => {
    send('menu/command', id);
  };
  const showMenu = (menus: readonly CommandMenu[]): void => {
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(menus, { send: command, developer })));
  };
  showMenu([]);
  const projectFiles = await GrantedFiles.load(paths.projectFiles);
  const host = new HostClient(() => startUtilityHost(paths.analysisHost, 'Lacuna analysis'));
  const filesHost = new HostClient(() => startUtilityHost(paths.filesHost, 'Lacuna files'));
  const analysis = printingHost(host, (html) => printing.print(html));
  const jobs = new JobList(rememberingHost(laneHosts({ analysis, files: filesHost }), { files, projectFiles }), {
    onUpdate: (snapshot) => {
      send('job/update', snapshot);
    },
  });
  const handlers = contractHandlers({
    version: app.getVersion(),
    platform: `${process.platform}-${process.arch}`,
    modelsDir: paths.models,
    cacheDir: paths.perceptionCache,
    tracksDir: paths.tracks,
    sampleFile: paths.sample,
    files,
    host,
    jobs,
    projectFiles,
    handovers: await Handovers.open(paths.handovers),
    chooseProject: (purpose) => chooseProject(window, purpose),
    chooseProjectPlace: (name) => chooseProjectPlace(window, name),
    chooseCopyFolder: () => chooseCopyFolder(window),
    chooseRecordings: () => chooseRecordings(window),
    chooseAnnotations: () => chooseAnnotations(window),
    chooseRatings: () => chooseRatings(window),
    chooseExportPlace: (format, recordingId) => chooseExportPlace(window, format, recordingId),
    chooseReportFolder: () => chooseReportFolder(window),
    chooseProvenance: () => chooseProvenance(window),
    chooseTextFile: (name) => chooseTextFile(window, name),
    choosePictureFile: (name, format) => choosePictureFile(window, name, format),
    revealFolder: async (folder) => {
      const failure = await shell.openPath(folder);
      if (failure !== '') throw new Error(failure);
    },
    showMenu,
    closeWindow: closing.saved,
  });
  serveCalls(ipcMain, handlers);

  if (app.commandLine.hasSwitch(SAMPLE_SWITCH)) {
    window.webContents.once('did-finish-load', () => {
      command('recording.openSample');
    });
  }
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('will-quit', () => {
    jobs.dispose();
    host.dispose();
    filesHost.dispose();
  });
}

hardenCommandLine(app);
// As root Chromium only runs without its own sandbox; insisting would stop every child process.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true } },
  { scheme: MEDIA_SCHEME, privileges: { standard: true, secure: true, stream: true } },
]);
app.on('web-contents-created', (_event, contents) => {
  lockContents(contents);
});
app.on('window-all-closed', () => {
  app.quit();
});

if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(start, undefined)
    .catch((error: unknown) => {
      // A rejection in main would leave a process without a window behind.
      process.stderr.write(`lacuna: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      app.exit(1);
    });
} else {
  app.quit();
}
