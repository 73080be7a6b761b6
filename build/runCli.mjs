/** Runs a command of the command line on a fresh build: `node build/runCli.mjs analyze recording.mp4 --out folder`. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureFreshBuild, projectFolder } from './freshBuild.mjs';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  process.stderr.write('usage: node build/runCli.mjs COMMAND [ARGUMENTS]\n');
  process.exitCode = 2;
} else {
  try {
    await ensureFreshBuild();
    const { run } = await import(pathToFileURL(path.join(projectFolder, 'out', 'main', 'cli.js')).href);
    const code = await run(command, args);
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    process.stderr.write(`lacuna: ${error.stack ?? error.message}\n`);
    process.exitCode = 1;
  }
}
