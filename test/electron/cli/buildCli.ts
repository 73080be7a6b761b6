import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Builds the command line and its analysis host as electron-vite does, into a fresh folder inside the project's cache.
 * @returns path of a script that runs a command: `node SCRIPT analyze …`.
 */
export async function buildCli(): Promise<string> {
  const cache = path.join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(path.join(cache, 'test-cli-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        input: {
          cli: path.join(root, 'electron/cli/index.ts'),
          analysisHost: path.join(root, 'electron/host/analysisHost.ts'),
          perceptionThread: path.join(root, 'electron/perception/perceptionThread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  });
  const script = path.join(outDir, 'run.mjs');
  const lines = [
    "import { run } from './cli.js';",
    'process.exitCode = await run(process.argv[2], process.argv.slice(3));',
  ];
  writeFileSync(script, `${lines.join('\n')}\n`);
  return script;
}
