/**
 * Stands in for Electron's own default app, which the registry-only runtime lacks: takes `-r FILE` and the app folder
 * from the command line and starts that app. An ES module, so that `ready` waits until the app's main has loaded.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);

function readArguments(args) {
  const preloads = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === '-r' || argument === '--require') {
      index += 1;
      preloads.push(args[index]);
    } else if (!argument.startsWith('-')) {
      return { preloads, folder: path.resolve(argument) };
    }
  }
  return { preloads, folder: undefined };
}

const { preloads, folder } = readArguments(process.argv.slice(1));
const manifest = folder === undefined ? undefined : path.join(folder, 'package.json');
if (manifest === undefined || !existsSync(manifest)) {
  process.stderr.write('usage: electron [-r FILE] FOLDER: there is no package.json in the folder given\n');
  app.exit(1);
} else {
  const { name, productName, version, main } = JSON.parse(readFileSync(manifest, 'utf8'));
  process.defaultApp = true;
  app.setVersion(version);
  app.setName(productName ?? name);
  app.setAppPath(folder);
  if (!app.commandLine.hasSwitch('user-data-dir')) {
    app.setPath('userData', path.join(app.getPath('appData'), productName ?? name));
  }
  for (const file of preloads) require(path.resolve(file));
  await import(pathToFileURL(path.join(folder, main)).href);
}
