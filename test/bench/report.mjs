/**
 * How long a report takes and how much memory it needs: 10 000 segments, and a timeline of 100 000 rows.
 * Run with: node --expose-gc test/bench/report.mjs
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');
const work = mkdtempSync(path.join(tmpdir(), 'lacuna-bench-report-'));

async function load() {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: path.join(work, 'built'),
      emptyOutDir: false,
      rolldownOptions: {
        input: {
          reportFiles: path.join(root, 'core/report/reportFiles.ts'),
          writeReport: path.join(root, 'electron/report/writeReport.ts'),
          options: path.join(root, 'core/report/reportOptions.ts'),
          defaults: path.join(root, 'core/analysis/defaultParameters.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name].mjs' },
      },
    },
  });
  const get = (name) => import(pathToFileURL(path.join(work, 'built', `${name}.mjs`)).href);
  return {
    ...(await get('reportFiles')),
    ...(await get('writeReport')),
    ...(await get('options')),
    ...(await get('defaults')),
  };
}

/** An analysis of `count` segments of `seconds` with an estimate each, and labels of this many people. */
function sources(api, count, seconds, people = 0) {
  const probabilities = [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
  const use = (state) => ({ state, reason: 'fine', usableFraction: 1, quality: 0.8 });
  const states = ['observed', 'observed', 'degraded', 'recovered', 'missing'];
  const emotions = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'];
  const segments = Array.from({ length: count }, (_, i) => ({
    id: `s${String(i + 1).padStart(5, '0')}`,
    range: { start: i * Math.round(seconds * 1e6), end: (i + 1) * Math.round(seconds * 1e6) },
    origin: 'cue',
    text: 'words that somebody said, with a comma',
  }));
  const estimate = (i) => ({
    score: { value: 3 * Math.sin(i * 12.9898), low: -1, high: 1 },
    probabilities,
    probabilityLow: probabilities,
    probabilityHigh: probabilities,
    label: emotions[(i * 7919) % 7],
    confidence: 0.4,
  });
  const labels = Array.from({ length: people }, (_, person) =>
    segments.map(({ id }, i) => ({
      segmentId: id,
      raterId: `R${person + 1}`,
      label: emotions[(i % (person + 3) === 0 ? i : i * 7919) % 7],
      score: Math.round(30 * Math.sin(i * 12.9898 + person * 0.3 + 0.2)) / 10,
      modifiedUtc: '2026-01-01T00:00:00Z',
    })),
  ).flat();
  const duration = count * Math.round(seconds * 1e6);
  return {
    input: {
      recordingId: 'rec-0123456789ab',
      inputSha256: 'ab'.repeat(32),
      duration,
      appVersion: '0',
      labels,
      problems: [],
      analysis: {
        parameters: api.defaultParameters(),
        bundle: { id: 'bench', version: '0.0.0', sha256: 'cd'.repeat(32) },
        provider: 'cpu',
        segments,
        marks: [],
        results: segments.map(({ id }, i) => ({
          segmentId: id,
          use: { text: use(states[i % 5]), audio: use(states[i % 3]), visual: use(states[(i * 7) % 5]) },
          estimate: estimate(i),
        })),
        problems: [],
        intervalLevel: 0.9,
      },
    },
    about: {
      info: { container: 'bench', sizeBytes: 1, duration },
      extractors: [],
      versions: {},
      platform: { os: 'linux', arch: 'x64' },
      createdUtc: '2026-01-01T00:00:00Z',
      interface: 'command line',
    },
  };
}

async function measure(api, title, from, names) {
  const files = api.reportFiles(from, api.DEFAULT_REPORT_OPTIONS).filter(({ name }) => !names || names.includes(name));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let peak = before;
  let asked = 0;
  const watched = files.map(({ name, chunks }) => ({
    name,
    *chunks() {
      for (const chunk of chunks()) {
        // asking is slow, so that it is done now and then only
        if (performance.now() - asked > 20) {
          asked = performance.now();
          peak = Math.max(peak, process.memoryUsage().heapUsed);
        }
        yield chunk;
      }
    },
  }));
  const folder = path.join(work, title.replaceAll(/\W+/g, '-'));
  const since = performance.now();
  const cpu = process.cpuUsage();
  await api.writeReport(watched, folder, { overwrite: false });
  const ms = performance.now() - since;
  const { user, system } = process.cpuUsage(cpu);
  const bytes = files.reduce((sum, { name }) => sum + statSync(path.join(folder, name)).size, 0);
  const columns = [
    `${ms.toFixed(0)} ms`,
    `${((user + system) / 1_000).toFixed(0)} ms CPU`,
    `${(bytes / 1e6).toFixed(1)} MB`,
    `+${((peak - before) / 1e6).toFixed(0)} MB heap`,
  ];
  process.stdout.write(`${title.padEnd(44)}${columns.map((text) => text.padStart(14)).join('')}\n`);
}

try {
  const api = await load();
  await measure(api, 'warm up', sources(api, 500, 1));
  await measure(api, 'segments.csv, 10 000 segments (budget 1 s)', sources(api, 10_000, 0.72), ['segments.csv']);
  await measure(api, 'whole report, 10 000 segments, 2 hours', sources(api, 10_000, 0.72));
  await measure(api, '10 000 segments, labels of one person', sources(api, 10_000, 0.72, 1));
  await measure(api, '10 000 segments, labels of two people', sources(api, 10_000, 0.72, 2));
  await measure(api, 'timeline.csv, 100 000 rows', sources(api, 100, 100), ['timeline.csv']);
  await measure(api, 'timeline.csv, 1 000 000 rows', sources(api, 100, 1_000), ['timeline.csv']);
} finally {
  rmSync(work, { recursive: true, force: true });
}
