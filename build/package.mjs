/**
 * `npm run package [-- TARGET...]`: packages the app for this machine into dist/, an unpacked folder by default. Fetches
 * nothing: it takes the Electron that development uses. A package for others is made with the official Electron.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureFreshBuild, projectFolder } from './freshBuild.mjs';
import { resolveElectron } from './resolveElectron.mjs';

const SYSTEM_7ZIP = '/usr/bin/7za';

async function packageApp(targets) {
  const runtime = await resolveElectron();
  if (runtime.source !== 'official') {
    process.stderr.write(
      `package: with Electron ${runtime.version} (${runtime.source}); for trying out, not for others\n`,
    );
  }
  await ensureFreshBuild();
  const platform = { linux: '--linux', win32: '--win', darwin: '--mac' }[process.platform];
  if (platform === undefined) throw new Error(`There is no packaging for ${process.platform}.`);
  const cli = path.join(projectFolder, 'node_modules', 'electron-builder', 'cli.js');
  const args = [
    cli,
    platform,
    ...(targets.length > 0 ? targets : ['dir']),
    '--config',
    'build/electron-builder.yml',
    '--publish',
    'never',
    `--config.electronDist=${runtime.folder}`,
    `--config.electronVersion=${runtime.version}`,
  ];
  // electron-builder would fetch its own 7-Zip.
  const env = existsSync(SYSTEM_7ZIP) ? { ELECTRON_BUILDER_7ZIP_PATH: SYSTEM_7ZIP, ...process.env } : process.env;
  return spawnSync(process.execPath, args, { cwd: projectFolder, stdio: 'inherit', env }).status ?? 1;
}

try {
  process.exitCode = await packageApp(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`package: ${error.message}\n`);
  process.exitCode = 1;
}
