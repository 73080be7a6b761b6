/** `npm start`: opens the workbench on the bundled sample recording, or says why there is no window. */
import { spawn } from 'node:child_process';
import { ensureFreshBuild, projectFolder } from './freshBuild.mjs';
import { resolveElectron } from './resolveElectron.mjs';
import { ensureSystemPackages } from './systemPackages.mjs';

const HEADLESS = 'npm run --silent analyze -- sample/sample.mp4 --out report';

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function start() {
  if (!hasDisplay()) {
    throw new Error(`there is no display here, so no window can open; without a window run: ${HEADLESS}`);
  }
  ensureSystemPackages();
  const runtime = await resolveElectron();
  await ensureFreshBuild();
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const given = process.argv.slice(2);
  const args = [...(asRoot ? ['--no-sandbox'] : []), projectFolder, ...(given.length > 0 ? given : ['--sample'])];
  const app = spawn(runtime.executable, args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    app.once('error', reject);
    app.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

try {
  process.exitCode = await start();
} catch (error) {
  process.stderr.write(`lacuna: ${error.message}\n`);
  process.exitCode = 1;
}
