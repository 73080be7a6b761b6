import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microseconds } from '../../../core/time/microseconds.js';
import { probeMedia } from '../../../electron/media/probe.js';
import { APP_EXTRACTORS } from '../../../electron/perception/appExtractors.js';
import { measureHere } from '../../../electron/perception/measureHere.js';
import { measureInThreads } from '../../../electron/perception/measureInThreads.js';
import type { StreamKind, StreamMeasurer, StreamTask } from '../../../electron/perception/streamMeasurer.js';
import { mediaFolder, processesWith, type MediaFolder } from '../media/mediaFiles.js';

const root = path.resolve(import.meta.dirname, '../../..');
const never = { signal: new AbortController().signal, onTime: () => undefined };

describe('measuring in threads', () => {
  let outDir: string;
  let folder: MediaFolder;
  let recording: string;
  let threads: StreamMeasurer;
  let task: StreamTask;
  beforeAll(async () => {
    const cache = path.join(root, '.cache');
    mkdirSync(cache, { recursive: true });
    // Inside the project, so that the built thread finds the packages.
    outDir = mkdtempSync(path.join(cache, 'test-thread-'));
    folder = await mediaFolder();
    const intact = path.join(root, 'sample', 'intact.mp4');
    recording = await folder.make('recording.mp4', ['-i', intact, '-t', '4', '-c', 'copy']);
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: path.join(root, 'electron/perception/perceptionThread.ts'),
        target: 'node20.18',
        outDir,
        emptyOutDir: false,
        rolldownOptions: { output: { format: 'es', entryFileNames: '[name].js' } },
      },
    });
    threads = measureInThreads(pathToFileURL(path.join(outDir, 'perceptionThread.js')), APP_EXTRACTORS.versions);
    task = { path: recording, info: (await probeMedia(recording)).info, modelsDir: path.join(root, 'models') };
  });
  afterAll(async () => {
    await folder.remove();
    rmSync(outDir, { recursive: true, force: true });
  });

  it.each<StreamKind>(['sound', 'picture'])('the numbers of the %s are those of measuring here', async (kind) => {
    const times: number[] = [];
    const onTime = (time: number) => times.push(time);
    const measured = await threads.measure(kind, task, { ...never, onTime });
    expect(measured).toEqual(await measureHere(APP_EXTRACTORS).measure(kind, task, never));
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('expected trouble in a thread arrives as a problem', async () => {
    const measuring = threads.measure('picture', { ...task, modelsDir: outDir }, never);
    await expect(measuring).rejects.toMatchObject({
      name: 'ProblemError',
      problem: { code: 'model.manifest-unreadable', severity: 'error' },
    });
  });

  it('a thread that cannot start is an error, not silence', async () => {
    const missing = measureInThreads(pathToFileURL(path.join(outDir, 'absent.js')), []);
    await expect(missing.measure('sound', task, never)).rejects.toThrow(/absent/);
  });

  it('an abort is answered within a second and leaves no decoder', async () => {
    const controller = new AbortController();
    let abortedAt = Number.NaN;
    const onTime = (time: number) => {
      if (controller.signal.aborted || time < microseconds(1_000_000)) return;
      abortedAt = performance.now();
      controller.abort();
    };
    const measuring = threads.measure('picture', task, { signal: controller.signal, onTime });
    await expect(measuring).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - abortedAt).toBeLessThan(1000);
    if (process.platform === 'linux') await expect.poll(() => processesWith(recording), { timeout: 5000 }).toBe(0);
  });
});
