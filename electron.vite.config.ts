import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

// The oldest runtime the code must work in: Electron 33 (Chrome 130, Node 20), see build/resolveElectron.mjs.
const NODE_TARGET = 'node20.18';
const CHROME_TARGET = 'chrome130';

export default defineConfig({
  main: {
    build: {
      target: NODE_TARGET,
      outDir: resolve(root, 'out/main'),
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          index: resolve(root, 'electron/main/index.ts'),
          analysisHost: resolve(root, 'electron/host/analysisHost.ts'),
          filesHost: resolve(root, 'electron/host/filesHost.ts'),
          perceptionThread: resolve(root, 'electron/perception/perceptionThread.ts'),
          cli: resolve(root, 'electron/cli/index.ts'),
        },
        // Plain names: main forks `analysisHost.js`, which starts `perceptionThread.js`; build/runCli.mjs imports `cli.js`.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  },
  preload: {
    build: {
      target: NODE_TARGET,
      outDir: resolve(root, 'out/preload'),
      // A sandboxed preload can require nothing but electron: everything else is bundled, as CommonJS.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(root, 'electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    // Absolute from the root of the app's own scheme.
    base: '/',
    plugins: [svelte()],
    build: {
      target: CHROME_TARGET,
      outDir: resolve(root, 'out/renderer'),
      // Inlined data: URLs would need a wider content security policy.
      assetsInlineLimit: 0,
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { index: resolve(root, 'renderer/index.html') } },
    },
  },
});
