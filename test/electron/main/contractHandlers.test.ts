import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { microseconds } from '../../../core/time/microseconds.js';
import * as v from 'valibot';
import { argumentSchemas } from '../../../electron/contract/contract.js';
import type { JobSnapshot } from '../../../electron/contract/types.js';
import { GrantedFiles } from '../../../electron/files/grantedFiles.js';
import { Handovers } from '../../../electron/files/handovers.js';
import type { HostClient } from '../../../electron/host/hostClient.js';
import { JobList } from '../../../electron/jobs/jobs.js';
import type { HandlerContext, Handlers } from '../../../electron/main/contractHandlers.js';
import { contractHandlers } from '../../../electron/main/contractHandlers.js';

const RECORDING = 'rec-0123456789ab';
const PROBLEMS = [{ code: 'transcript.cue_malformed', severity: 'warning', message: 'Line 9.', tip: 'Look.' }];
type ExportCall = Parameters<Handlers['job/export']>[0];

let folder: string;
let files: GrantedFiles;
let run: ReturnType<typeof vi.fn>;
let updates: JobSnapshot[];
let revealed: string[];
let handlers: Handlers;
let choices: { reportFolder: string | undefined };
const exportCall = {
  recordingId: RECORDING,
  segments: [],
  marks: [],
  labels: [],
  problems: PROBLEMS,
} as unknown as ExportCall;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-handlers-'));
  files = await GrantedFiles.load(path.join(folder, 'granted-files.json'));
  run = vi.fn();
  updates = [];
  revealed = [];
  choices = { reportFolder: undefined };
  const host = { run } as unknown as HostClient;
  const jobs = new JobList(host, { onUpdate: (snapshot) => void updates.push(snapshot) });
  const context: HandlerContext = {
    version: '1.2.3',
    platform: 'test',
    modelsDir: '/models',
    cacheDir: '/cache',
    tracksDir: path.join(folder, 'tracks'),
    sampleFile: '/sample.mp4',
    files,
    handovers: await Handovers.open(path.join(folder, 'handovers')),
    host,
    jobs,
    projectFiles: await GrantedFiles.load(path.join(folder, 'project-files.json')),
    chooseProject: () => Promise.resolve(undefined),
    chooseProjectPlace: () => Promise.resolve(undefined),
    chooseCopyFolder: () => Promise.resolve(undefined),
    chooseRecordings: () => Promise.resolve([]),
    chooseAnnotations: () => Promise.resolve(undefined),
    chooseRatings: () => Promise.resolve([]),
    chooseExportPlace: () => Promise.resolve(undefined),
    chooseReportFolder: () => Promise.resolve(choices.reportFolder),
    chooseProvenance: () => Promise.resolve(undefined),
    chooseTextFile: (name) => Promise.resolve(path.join(folder, name)),
    choosePictureFile: (name, format) => Promise.resolve(path.join(folder, `${name}.${format}`)),
    revealFolder: (path) => {
      revealed.push(path);
      return Promise.resolve();
    },
    showMenu: () => undefined,
    closeWindow: () => undefined,
  };
  handlers = contractHandlers(context);
});
afterEach(() => rm(folder, { recursive: true }));

describe('recordings', () => {
  it('that are not open in this session start no job', async () => {
    await expect(handlers['job/export'](exportCall)).rejects.toThrow(`Recording ${RECORDING} is not open`);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('export', () => {
  beforeEach(() => files.grant(RECORDING, '/data/Maria Muster.mp4'));

  it('does nothing when the person cancels the dialog', async () => {
    expect(await handlers['job/export'](exportCall)).toBeNull();
    expect(run).not.toHaveBeenCalled();
  });

  it('writes into the chosen folder, never over an earlier report', async () => {
    await writeFile(path.join(folder, 'kept.txt'), 'kept');
    choices.reportFolder = folder;
    run.mockReturnValue(new Promise(() => undefined));
    await handlers['job/export'](exportCall);
    const [kind, argument] = run.mock.calls[0] as [string, Record<string, unknown>];
    expect(kind).toBe('export');
    expect(argument).toMatchObject({
      path: '/data/Maria Muster.mp4',
      outDir: path.join(folder, `lacuna-report-${RECORDING}`),
      overwrite: false,
      appVersion: '1.2.3',
      modelsDir: '/models',
      cacheDir: '/cache',
      problems: PROBLEMS,
    });
  });

  it('reveals only a folder that a job of this session wrote', async () => {
    choices.reportFolder = folder;
    run.mockResolvedValue({ folder, files: ['segments.csv'] });
    const started = await handlers['job/export'](exportCall);
    await vi.waitFor(() => {
      expect(updates.at(-1)?.state).toBe('finished');
    });
    await handlers['report/reveal']({ jobId: started!.jobId });
    expect(revealed).toEqual([folder]);
    await expect(handlers['report/reveal']({ jobId: 'job-other' })).rejects.toThrow('No report was written');
  });
});

describe('measured curves', () => {
  const range = { start: microseconds(1_000_000), end: microseconds(3_000_000) };

  it('are asked of the host for a recording that is open', async () => {
    await files.grant(RECORDING, '/data/a.mp4');
    run.mockResolvedValue({ range, curves: {}, descriptors: {} });
    expect(await handlers['recovery/curves']({ recordingId: RECORDING, range })).toMatchObject({ range });
    const [kind, argument] = run.mock.calls[0] as [string, Record<string, unknown>];
    expect(kind).toBe('curves');
    expect(argument).toMatchObject({ path: '/data/a.mp4', modelsDir: '/models', cacheDir: '/cache', range });
  });

  it('are refused for a recording that is not', async () => {
    await expect(handlers['recovery/curves']({ recordingId: RECORDING, range })).rejects.toThrow('is not open');
    expect(run).not.toHaveBeenCalled();
  });
});

it('asks the host for bundles and providers once', async () => {
  run.mockResolvedValueOnce([]).mockResolvedValueOnce(['auto', 'cpu']);
  const info = await handlers['app/info'](undefined);
  expect(info).toEqual({ version: '1.2.3', platform: 'test', bundles: [], providers: ['auto', 'cpu'] });
  await handlers['app/info'](undefined);
  expect(run).toHaveBeenCalledTimes(2);
});

describe('pictures', () => {
  it('are written to the place that the person chose, as text and as bytes', async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
    expect(await handlers['picture/save']({ format: 'svg', name: 'a', text: '<svg/>' })).toBe(true);
    expect(await handlers['picture/save']({ format: 'png', name: 'a', bytes: png })).toBe(true);
    expect(await readFile(path.join(folder, 'a.svg'), 'utf8')).toBe('<svg/>');
    expect([...(await readFile(path.join(folder, 'a.png')))]).toEqual([...png]);
  });

  it('that are no PNG, or whose name could leave the folder, are refused', () => {
    const schema = argumentSchemas['picture/save'];
    const accepts = (value: unknown) => v.safeParse(schema, value).success;
    expect(accepts({ format: 'png', name: 'a', bytes: new Uint8Array([1, 2, 3]) })).toBe(false);
    expect(accepts({ format: 'svg', name: '../a', text: '' })).toBe(false);
    expect(accepts({ format: 'svg', name: 'a', text: '' })).toBe(true);
  });
});
