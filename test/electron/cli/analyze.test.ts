import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mediaPrograms } from '../../../electron/media/ffmpegPrograms.js';
import { buildCli } from './buildCli.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
let script: string;
let shared: string;
let models: string;
let clip: string;
let work: string;

beforeAll(async () => {
  script = await buildCli();
  shared = mkdtempSync(path.join(tmpdir(), 'lacuna-cli-'));
  models = path.join(shared, 'models');
  mkdirSync(path.join(models, 'bundles'), { recursive: true });
  symlinkSync(path.join(ROOT, 'models/perception'), path.join(models, 'perception'));
  cpSync(path.join(ROOT, 'test/fixtures/bundles/tiny'), path.join(models, 'bundles/tiny'), { recursive: true });
  clip = path.join(shared, 'clip.mp4');
  await ffmpeg('-i', path.join(ROOT, 'sample/sample.mp4'), '-t', '4', '-c', 'copy', clip);
});
afterAll(() => {
  rmSync(path.dirname(script), { recursive: true, force: true });
  rmSync(shared, { recursive: true, force: true });
});
beforeEach(() => {
  work = mkdtempSync(path.join(shared, 'work-'));
});

async function ffmpeg(...args: string[]): Promise<void> {
  const programs = await mediaPrograms();
  const done = spawnSync(programs.ffmpeg.path, ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly outcome: Promise<Outcome>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when stderr has shown a text. */
  saw(text: string): Promise<void>;
}

function start(args: readonly string[], wrap: readonly string[] = []): Started {
  const [program = '', ...rest] = [...wrap, process.execPath, script, 'analyze', ...args];
  const child = spawn(program, rest, {
    cwd: work,
    env: { ...process.env, XDG_CACHE_HOME: path.join(shared, 'cache') },
  });
  let [stdout, stderr] = ['', ''];
  const watchers: (() => void)[] = [];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
    for (const watcher of watchers) watcher();
  });
  return {
    outcome: new Promise((done) =>
      child.on('close', (code) => {
        done({ code, stdout, stderr });
      }),
    ),
    kill: (signal) => child.kill(signal),
    saw: (text) =>
      new Promise((done) => {
        const look = (): void => {
          if (stderr.includes(text)) done();
        };
        watchers.push(look);
        look();
      }),
  };
}

const run = (...args: string[]): Promise<Outcome> => start(args).outcome;
const tiny = (): readonly string[] => ['--models', models, '--bundle', 'tiny', '--provider', 'cpu'];
const out = (): string => path.join(work, 'report');
const read = (file: string, folder = out()): string => readFileSync(path.join(folder, file), 'utf8');
const csvs = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((f) => f.endsWith('.csv'))
      .map((f) => [f, read(f, folder)]),
  );

function write(name: string, content: string): string {
  const file = path.join(work, name);
  writeFileSync(file, content);
  return file;
}

describe('analyze', () => {
  it('writes a report, with progress on stderr and a summary on stdout', async () => {
    const done = await run(clip, '--out', out(), ...tiny());
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toMatch(/^recording {2}rec-[0-9a-f]{12}, 00:00:0[34]\.\d{3}, \d segments?$/m);
    expect(done.stdout).toContain('bundle     tiny 0.1.0 on cpu');
    expect(done.stderr).toContain('Measure voice, find faces and expressions');
    const [header, row] = read('segments.csv').split('\n');
    for (const column of ['recording_id', 'start_s', 'end_hms', 'text_state', 'label', 'score_low', 'p_neutral']) {
      expect(header?.split(',')).toContain(column);
    }
    expect(row).toMatch(/,recovered,(observed|degraded),(observed|degraded),/);
    expect(JSON.parse(read('provenance.json'))).toMatchObject({ seed: 0, provider: { used: 'cpu' } });
    expect(read('provenance.json')).not.toContain('clip.mp4');
    expect(readdirSync(work)).toEqual(['report']);
  });

  it('writes the same bytes again, from the cache and measured anew', async () => {
    const folders = ['cold', 'warm', 'fresh'].map((name) => path.join(work, name));
    const cache = path.join(work, 'cache');
    for (const [folder, args] of [
      [folders[0]!, ['--cache', cache]],
      [folders[1]!, ['--cache', cache]],
      [folders[2]!, ['--no-cache']],
    ] as const) {
      expect(await run(clip, '--out', folder, ...tiny(), ...args)).toMatchObject({ code: 0 });
    }
    expect(csvs(folders[1]!)).toEqual(csvs(folders[0]!));
    expect(csvs(folders[2]!)).toEqual(csvs(folders[0]!));
    expect(await run(clip, '--out', out(), ...tiny(), '--cache', cache, '--seed', '1')).toMatchObject({ code: 0 });
    expect(read('segments.csv')).not.toBe(read('segments.csv', folders[0]));
  });

  it('takes transcript and marks, cuts marks at the end and names those outside', async () => {
    const transcript = write(
      'words.srt',
      '1\n00:00:00,500 --> 00:00:02,000\nI am so happy\n\n2\n00:00:02,200 --> 00:00:03,500\nto see you\n',
    );
    const marks = write(
      'marks.csv',
      'modality,start_s,end_s,kind,severity\nvisual,2,99,occluded,3\naudio,50,60,noisy,2\n',
    );
    const done = await run(clip, '--out', out(), ...tiny(), '--transcript', transcript, '--marks', marks);
    expect(done).toMatchObject({ code: 0 });
    const states = read('segments.csv')
      .split('\n')
      .slice(1, 3)
      .map((row) => [row.split(',')[9], row.split(',')[11]]);
    expect(states).toEqual([
      ['observed', expect.stringMatching(/observed|degraded/)],
      ['observed', 'recovered'],
    ]);
    expect(read('marks.csv')).toContain(',occluded,3,human,');
    expect(read('problems.csv')).toMatch(/marks\.mark_outside,warning.*line 3.*lies outside the recording/);
    expect(read('problems.csv')).toMatch(/marks\.mark_clamped,warning.*line 2/);
    expect(JSON.parse(read('provenance.json'))).toMatchObject({ input: { marks: {}, transcript: {} } });
  });

  it('tells of a transcript beside the recording and does not take it', async () => {
    const copy = path.join(work, 'talk.mp4');
    cpSync(clip, copy);
    write('talk.srt', '1\n00:00:00,500 --> 00:00:02,000\nHello\n');
    const done = await run(copy, '--out', out(), ...tiny());
    expect(done.stdout).toContain('talk.srt lies beside the recording and was not used; --transcript takes it.');
    expect(read('segments.csv')).not.toContain('Hello');
  });

  it('leaves missing modalities missing when recovery is off', async () => {
    expect(await run(clip, '--out', out(), ...tiny(), '--no-recovery')).toMatchObject({ code: 0 });
    expect(read('recovery.csv')).toContain(',text,missing,');
    expect(read('recovery.csv')).not.toContain('recovered,');
    expect(read('recovery_decoded.csv').trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('wrong use ends with 2 and usage, and writes nothing', () => {
  it.each([
    [['--frobnicate'], "Unknown option '--frobnicate'"],
    [['--seed', '1.5'], '--seed must be a whole number from 0, not "1.5"'],
    [['--samples', '0'], '--samples must be a whole number from 1 to 64, not "0"'],
    [['--samples', '65'], '--samples must be a whole number from 1 to 64'],
    [['--provider', 'abacus'], '"abacus" does not exist'],
    [['--bundle', '../x'], '--bundle must be a name'],
    [['--threshold', 'loud=1'], 'names no threshold; there are silenceDbfs'],
    [['--threshold', 'snrMinDb=1000'], '--threshold snrMinDb must be from'],
    [['--cache', 'x', '--no-cache'], 'exclude each other'],
    [['second.mp4'], 'one recording at a time'],
  ])('%j', async (args, message) => {
    const done = await run(clip, '--out', out(), ...tiny(), ...args);
    expect(done.stderr).toContain(message);
    expect(done.code).toBe(2);
    expect(done.stdout).toBe('');
    expect(readdirSync(work)).toEqual([]);
  });

  it('without a recording or an output folder', async () => {
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('usage: analyze') as string });
    expect(await run(clip)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--out DIR is missing') as string,
    });
  });

  it('with a folder that is not empty, unless --overwrite is given, which keeps other files', async () => {
    mkdirSync(out());
    writeFileSync(path.join(out(), 'notes.txt'), 'mine');
    const refused = await run(clip, '--out', out(), ...tiny());
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('is not empty');
    expect(readdirSync(out())).toEqual(['notes.txt']);
    expect(await run(clip, '--out', out(), ...tiny(), '--overwrite')).toMatchObject({ code: 0 });
    expect(read('notes.txt')).toBe('mine');
    expect(existsSync(path.join(out(), 'segments.csv'))).toBe(true);
  });

  it('while --help explains every exit status', async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const status of [0, 1, 2, 3, 4, 130]) expect(help.stdout).toMatch(new RegExp(`^  ${status} `, 'm'));
  });
});

describe('unreadable input ends with 3 and writes nothing', () => {
  it.each([
    ['an empty file', (): string[] => [write('empty.mp4', '')], 'empty.mp4 is empty'],
    [
      'text named .mp4',
      (): string[] => [write('text.mp4', 'Dear diary,\n'.repeat(50))],
      'text.mp4 is not a sound or video file',
    ],
    ['no file', (): string[] => [path.join(work, 'gone.mp4')], 'gone.mp4 does not exist'],
    ['no transcript', (): string[] => [clip, '--transcript', 'gone.srt'], 'gone.srt does not exist'],
    ['no marks file', (): string[] => [clip, '--marks', 'gone.csv'], 'gone.csv does not exist'],
    ['no transcript format', (): string[] => [clip, '--transcript', write('a.txt', 'hello')], 'neither SubRip'],
    ['a marks file without columns', (): string[] => [clip, '--marks', write('m.csv', 'a,b\n1,2\n')], 'marks file'],
  ])('%s', async (_, args, message) => {
    const given = args();
    const before = readdirSync(work);
    const done = await run(...given, '--out', out(), ...tiny());
    expect(done.stderr).toContain(message);
    expect(done.code).toBe(3);
    expect(readdirSync(work)).toEqual(before);
  });
});

describe('a refused bundle ends with 4, before anything is measured, and writes nothing', () => {
  it('when it is unknown', async () => {
    const done = await run(clip, '--out', out(), '--models', models, '--bundle', 'no-such-bundle');
    expect(done.code).toBe(4);
    expect(done.stderr).toContain('The bundle "no-such-bundle" was refused');
    expect(done.stderr).toContain('Choose one of: tiny.');
    expect(done.stderr).not.toContain('Measure voice');
    expect(readdirSync(work)).toEqual([]);
  });

  it('when a graph was changed', async () => {
    const damaged = path.join(work, 'models');
    cpSync(path.join(models, 'bundles'), path.join(damaged, 'bundles'), { recursive: true });
    appendFileSync(path.join(damaged, 'bundles/tiny/readout.onnx'), 'x');
    const done = await run(clip, '--out', out(), '--models', damaged, '--bundle', 'tiny');
    expect(done.code).toBe(4);
    expect(done.stderr).toMatch(/readout\.onnx has SHA-256 [0-9a-f]{64}, bundle\.json says/);
    expect(existsSync(out())).toBe(false);
  });
});

describe('other failures end with 1 and write nothing', () => {
  it('a folder under a file', async () => {
    const file = write('file', '');
    const done = await run(clip, '--out', path.join(file, 'report'), ...tiny());
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('is not a folder, or lies under a file');
    expect(readdirSync(work)).toEqual(['file']);
  });

  it.runIf(process.platform === 'linux')('a disk that fills up while writing', async () => {
    // The kernel refuses to let any file grow beyond 8 KiB, as a full disk or quota would.
    const limited = ['sh', '-c', 'ulimit -f 16; exec "$@"', 'sh'];
    const done = await start([clip, '--out', out(), ...tiny(), '--no-cache'], limited).outcome;
    expect(done.stderr).toContain('There is no room for the report');
    expect(done.code).toBe(1);
    expect(readdirSync(work)).toEqual([]);
  });
});

describe('cancelling', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s ends within a second with 130 and leaves nothing', async (signal) => {
    const started = start([path.join(ROOT, 'sample/sample.mp4'), '--out', out(), ...tiny(), '--no-cache']);
    await started.saw('Measure voice');
    const since = performance.now();
    started.kill(signal);
    const done = await started.outcome;
    const took = performance.now() - since;
    expect(done.code).toBe(130);
    expect(done.stderr).toContain('Cancelled. Nothing was written.');
    expect(readdirSync(work)).toEqual([]);
    // A loaded machine may need longer to end the process; the task itself is bounded by the client's patience.
    expect(took).toBeLessThan(3000);
  });
});

describe('repeating an analysis from its provenance', () => {
  const again = (): string => path.join(work, 'again');
  const repeat = (...args: string[]): Promise<Outcome> =>
    run('--from', path.join(out(), 'provenance.json'), '--out', again(), '--models', models, ...args);

  it('ends with 0 and says that all tables have the same bytes', async () => {
    expect(await run(clip, '--out', out(), ...tiny(), '--wide', '--samples', '3')).toMatchObject({ code: 0 });
    const done = await repeat('--recording', clip);
    expect(done.stdout).toMatch(/^result {5}identical: all \d+ tables have the same bytes$/m);
    expect(done.code).toBe(0);
    expect(csvs(again())).toEqual(csvs(out()));
  });

  it('ends with 5 and names the first line and column that differ', async () => {
    expect(await run(clip, '--out', out(), ...tiny())).toMatchObject({ code: 0 });
    const provenance = path.join(out(), 'provenance.json');
    writeFileSync(provenance, read('provenance.json').replace('"samples": 8', '"samples": 4'));
    const done = await repeat('--recording', clip);
    expect(done.code).toBe(5);
    expect(done.stdout).toMatch(/recovery\.csv differs, first in line \d+, samples: 8 before, 4 now/);
    expect(done.stdout).toMatch(/^result {5}not identical: /m);
  });

  it('refuses another recording, another bundle, another version, and asks for the recording', async () => {
    expect(await run(clip, '--out', out(), ...tiny())).toMatchObject({ code: 0 });
    const other = path.join(ROOT, 'sample/intact.mp4');
    expect(await repeat('--recording', other)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is not the recording of the report') as string,
    });
    expect(await repeat()).toMatchObject({ code: 2, stderr: expect.stringContaining('--recording FILE') as string });
    expect(await repeat('--recording', clip, '--seed', '1')).toMatchObject({ code: 2 });
    const original = read('provenance.json');
    const provenance = path.join(out(), 'provenance.json');
    writeFileSync(provenance, original.replace(/"version": "\d+\.\d+\.\d+"/, '"version": "0.0.1"'));
    const version = await repeat('--recording', clip);
    expect(version).toMatchObject({ code: 1, stderr: expect.stringContaining('written by Lacuna 0.0.1') as string });
    const { bundle } = JSON.parse(original) as { bundle: { sha256: string } };
    writeFileSync(provenance, original.replace(bundle.sha256, 'ab'.repeat(32)));
    expect(await repeat('--recording', clip)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('SHA-256 abababababab…') as string,
    });
    writeFileSync(provenance, '{"schema":"lacuna.provenance/1"}');
    expect(await repeat('--recording', clip)).toMatchObject({ code: 3 });
    expect(existsSync(again())).toBe(false);
  });

  it('asks for the words that the report left out, and takes them from the same transcript', async () => {
    const transcript = write('words.srt', '1\n00:00:00,500 --> 00:00:02,000\nI am so happy\n');
    const done = await run(clip, '--out', out(), ...tiny(), '--transcript', transcript, '--no-transcripts');
    expect(done).toMatchObject({ code: 0 });
    for (const name of readdirSync(out())) expect(read(name), name).not.toContain('happy\n');
    expect((await repeat('--recording', clip)).stderr).toContain('left out the words');
    const same = await repeat('--recording', clip, '--transcript', transcript);
    expect(same.stdout).toContain('identical: all');
  });
});
