import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisParameters } from '../../../core/analysis/analysis.js';
import { microseconds } from '../../../core/time/microseconds.js';
import { DEFAULT_THRESHOLDS } from '../../../core/quality/thresholds.js';
import { createHostTasks } from '../../../electron/host/hostTasks.js';
import type { ExportArgument, HostProgress } from '../../../electron/host/protocol.js';
import type { TaskContext } from '../../../electron/host/serveHost.js';
import { fingerprintFile } from '../../../electron/media/fingerprint.js';
import { mediaPrograms } from '../../../electron/media/ffmpegPrograms.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PARAMETERS: AnalysisParameters = {
  bundleId: 'tiny',
  seed: 0,
  samples: 4,
  provider: 'cpu',
  recover: true,
  thresholds: DEFAULT_THRESHOLDS,
};
const silent: TaskContext = { signal: new AbortController().signal, onProgress: () => undefined };

let work: string;
let modelsDir: string;
let tasks: ReturnType<typeof createHostTasks>;

beforeAll(() => {
  work = mkdtempSync(path.join(tmpdir(), 'lacuna-host-'));
  modelsDir = path.join(work, 'models');
  mkdirSync(path.join(modelsDir, 'bundles'), { recursive: true });
  symlinkSync(path.join(ROOT, 'models/perception'), path.join(modelsDir, 'perception'));
  symlinkSync(path.join(ROOT, 'test/fixtures/bundles/tiny'), path.join(modelsDir, 'bundles/tiny'));
  tasks = createHostTasks();
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

async function ffmpeg(name: string, ...args: string[]): Promise<string> {
  const programs = await mediaPrograms();
  const file = path.join(work, name);
  const done = spawnSync(programs.ffmpeg.path, ['-v', 'error', '-y', ...args, `file:${file}`], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return file;
}

/** Perceives, analyses and exports a file as the command line does. */
async function whole(file: string, context = silent) {
  const recording = { path: file, recordingId: await fingerprintFile(file), modelsDir };
  const perception = await tasks.perceive({ ...recording, cues: [], thresholds: DEFAULT_THRESHOLDS }, context);
  const { segments, proposals: marks } = perception;
  const argument = { ...recording, segments, marks, parameters: PARAMETERS };
  const analysis = await tasks.analyze(argument, context);
  const outDir = mkdtempSync(path.join(work, 'report-'));
  const { problems } = perception;
  const asked: ExportArgument = { ...argument, labels: [], outDir, overwrite: false, appVersion: '0.0.0', problems };
  const seen: HostProgress[] = [];
  await tasks.export(asked, { ...context, onProgress: (progress) => void seen.push(progress) });
  const read = (name: string): string => readFileSync(path.join(outDir, name), 'utf8');
  return { perception, analysis, exportProgress: seen, read, files: readdirSync(outDir) };
}

const NOISE = ['-f', 'lavfi', '-i', 'anoisesrc=amplitude=0.1:seed=1:duration=2'];

describe('the tasks of the host on unusual recordings', () => {
  it('a video of one frame has a picture, no sound and a whole report', async () => {
    const { analysis, files } = await whole(
      await ffmpeg(
        'one.mp4',
        '-f',
        'lavfi',
        '-i',
        'testsrc=size=64x48:rate=25',
        '-frames:v',
        '1',
        '-pix_fmt',
        'yuv420p',
      ),
    );
    expect(analysis.results).toHaveLength(1);
    expect(analysis.results[0]?.use.audio.state).toBe('missing');
    expect(analysis.results[0]?.use.audio.reason).toContain('the recording has no sound track');
    expect(analysis.results[0]?.estimate).toBeUndefined();
    expect(files).toContain('provenance.json');
  });

  it('a sound of 0.2 s is analysed or said to be too short, never dropped', async () => {
    const { analysis, read } = await whole(await ffmpeg('short.wav', ...NOISE, '-t', '0.2'));
    const [result] = analysis.results;
    expect(result).toBeDefined();
    if (result?.estimate === undefined) expect(read('problems.csv')).toContain('segment.no-input');
    expect(read('segments.csv').trimEnd().split('\n')).toHaveLength(2);
  });

  it('a wav of 8 channels at 96 kHz is heard', async () => {
    const { analysis } = await whole(await ffmpeg('eight.wav', ...NOISE, '-ac', '8', '-ar', '96000'));
    expect(['observed', 'degraded']).toContain(analysis.results[0]?.use.audio.state);
    expect(analysis.results[0]?.use.visual.state).toBe('recovered');
    expect(analysis.results[0]?.estimate?.decoded?.visual).toHaveLength(7);
  });

  it('measured curves and numbers of a stretch are those of the voice that is there, and come from the measurement made before', async () => {
    const path = await ffmpeg('tone.wav', '-f', 'lavfi', '-i', 'sine=frequency=220:duration=2');
    await whole(path);
    const range = { start: microseconds(500_000), end: microseconds(1_500_000) };
    const seen: HostProgress[] = [];
    const context = { ...silent, onProgress: (progress: HostProgress) => void seen.push(progress) };
    const measured = await tasks.curves({ path, recordingId: 'rec-000000000000', modelsDir, range }, context);
    expect(seen).toEqual([]);
    expect(Object.keys(measured.curves)).toEqual(['audio']);
    const pitch = measured.curves.audio?.find(({ name }) => name === 'pitch');
    expect(pitch?.times).toHaveLength(100);
    expect(pitch?.values[50]).toBeCloseTo(36, 1);
    expect(measured.descriptors.audio?.find(({ name }) => name === 'f0.mean')?.value).toBeCloseTo(36, 1);
    expect(measured.face).toBeUndefined();
  });

  it('names in unicode and of great length are files like others, and are in no report', async () => {
    const name = `Gespräch 面接 🙂 ${'lang '.repeat(35)}`.slice(0, 190);
    const { read } = await whole(await ffmpeg(`${name}.wav`, ...NOISE));
    for (const file of ['segments.csv', 'problems.csv', 'provenance.json'])
      expect(read(file)).not.toContain('Gespräch');
  });

  it('a truncated recording is analysed as far as it goes, and the lost rest is missing and told with its range', async () => {
    const file = await ffmpeg(
      'cut.mkv',
      ...['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=25:duration=12'],
      ...['-f', 'lavfi', '-i', 'anoisesrc=amplitude=0.1:seed=1:duration=12'],
      ...['-c:v', 'mjpeg', '-c:a', 'pcm_s16le', '-shortest'],
    );
    truncateSync(file, Math.floor(readFileSync(file).length / 2));
    const { analysis, perception, read } = await whole(file);
    expect(perception.problems.some(({ range }) => range !== undefined)).toBe(true);
    const states = analysis.results.map(({ use }) => use.audio.state);
    expect(['observed', 'degraded']).toContain(states[0]);
    expect(states.at(-1)).toBe('missing');
    expect(read('problems.csv')).toMatch(/truncated/);
    const rows = read('problems.csv').trimEnd().split('\n').slice(1);
    for (const { code } of perception.problems) expect(rows.some((row) => row.includes(code))).toBe(true);
    const provenance = JSON.parse(read('provenance.json')) as { counts: { problems: number } };
    expect(provenance.counts.problems).toBe(rows.length);
  });

  it('an export right after its analysis does not repeat it', async () => {
    const { exportProgress } = await whole(await ffmpeg('plain.wav', ...NOISE));
    expect(new Set(exportProgress.map(({ step }) => step))).toEqual(new Set(['Write the report']));
  });

  it('a file that vanished since is refused by name', async () => {
    const file = await ffmpeg('vanishing.wav', ...NOISE);
    await whole(file);
    rmSync(file);
    const recording = { path: file, recordingId: 'rec-000000000000', modelsDir };
    await expect(tasks.perceive({ ...recording, cues: [], thresholds: DEFAULT_THRESHOLDS }, silent)).rejects.toThrow(
      'vanishing.wav',
    );
  });
});
