import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../core/analysis/defaultParameters.js';
import { emptyDocument } from '../../../core/document/annotationDocument.js';
import { switchLearned } from '../../../core/learn/learnInput.js';
import type { LearnedReadout } from '../../../core/learn/learnedReadout.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { addRecordings } from '../../../core/project/editProject.js';
import { emptyProject } from '../../../core/project/project.js';
import type { ProjectContents } from '../../../core/project/projectFile.js';
import { EMOTIONS } from '../../../core/recording/emotion.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { unpackProject } from '../../../electron/project/projectArchive.js';
import { ChangedFile, readProjectFile, writeProjectFile } from '../../../electron/project/projectFile.js';

const about = { appVersion: '0.1.0', savedUtc: '2026-11-25T10:00:00.000Z' };
let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lacuna-project-'));
  file = path.join(folder, 'study.lacuna');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function contents(segments = 2): ProjectContents {
  const duration = fromSeconds(10 * segments);
  const info = { container: 'wav', sizeBytes: 1000, duration };
  return {
    project: addRecordings(emptyProject('prj-1', 'Siblings', about.savedUtc), ['rec-a']),
    template: false,
    recordings: [{ recordingId: 'rec-a', fileName: 'a.wav', info, path: 'media/a.wav' }],
    documents: [
      {
        ...emptyDocument('rec-a', duration, defaultParameters()),
        segments: Array.from({ length: segments }, (_, index) => ({
          id: `s${index}`,
          range: { start: fromSeconds(index * 10), end: fromSeconds(index * 10 + 9) },
          origin: 'cue' as const,
          text: `Words of segment ${index}, as somebody said them.`,
        })),
      },
    ],
    analyses: [],
  };
}

/** The problem that reading the file gives. */
async function refusal(): Promise<{ code: string; message: string }> {
  const before = await readFile(file);
  const error = await readProjectFile(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(await readFile(file)).toEqual(before);
  expect(error).toBeInstanceOf(ProblemError);
  return (error as ProblemError).problem;
}

type Parts = Record<string, Uint8Array>;

/** Writes the file again with its parts changed; hashes in the manifest fit the changed parts when `honest`. */
async function tamper(change: (parts: Parts, manifest: Record<string, unknown>) => void): Promise<void> {
  await writeProjectFile(file, contents(), about);
  const parts: Parts = Object.fromEntries(unpackProject(await readFile(file)));
  const manifest = JSON.parse(Buffer.from(parts['project.json']!).toString()) as Record<string, unknown>;
  change(parts, manifest);
  manifest['parts'] = Object.entries(parts)
    .filter(([name]) => name !== 'project.json')
    .map(([name, bytes]) => ({
      path: name,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    }));
  parts['project.json'] = strToU8(JSON.stringify(manifest));
  await writeFile(file, zipSync(parts));
}

const edited = (bytes: Uint8Array, from: string, to: string): Uint8Array =>
  strToU8(Buffer.from(bytes).toString().replace(from, to));
const DOCUMENT = 'documents/rec-a.json';

describe('a project file', () => {
  it('comes back as it was written, and the same project gives the same bytes', async () => {
    const written = await writeProjectFile(file, contents(), about);
    const { read, hash } = await readProjectFile(file);
    expect(read).toEqual({ ...contents(), ...about });
    expect(hash).toBe(written.hash);
    expect(await writeProjectFile(path.join(folder, 'again.lacuna'), contents(), about)).toEqual({ hash });
  });

  it('keeps the last three versions beside it and leaves no temporary file', async () => {
    for (let round = 1; round <= 5; round += 1) {
      await writeProjectFile(file, contents(round), about);
    }
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['study.lacuna', 'study.lacuna.backup-1', 'study.lacuna.backup-2', 'study.lacuna.backup-3']);
    const counts = await Promise.all(
      names.map(async (name) => (await readProjectFile(path.join(folder, name))).read.documents[0]?.segments.length),
    );
    expect(counts).toEqual([5, 4, 3, 2]);
  });

  it('a place that cannot be written leaves the file as it was and says so', async () => {
    await mkdir(file);
    await expect(writeProjectFile(path.join(file, 'x\0y'), contents(), about)).rejects.toThrow(/could not be saved/);
    expect(await readdir(folder)).toEqual(['study.lacuna']);
  });

  it('somebody else saved meanwhile is left as it is, with no backup and no temporary file', async () => {
    const mine = await writeProjectFile(file, contents(1), about);
    const theirs = await writeProjectFile(file, contents(2), about, mine.hash);
    const names = await readdir(folder);
    await expect(writeProjectFile(file, contents(3), about, mine.hash)).rejects.toThrow(ChangedFile);
    expect(await readdir(folder)).toEqual(names);
    expect((await readProjectFile(file)).hash).toBe(theirs.hash);
    // whoever insists replaces it, and the other version is kept
    await writeProjectFile(file, contents(3), about);
    expect((await readProjectFile(`${file}.backup-1`)).hash).toBe(theirs.hash);
  });

  it('with second media is of version 2, one without of version 1, which earlier programs take', async () => {
    const versionOf = async (): Promise<unknown> => {
      const manifest = unpackProject(await readFile(file)).get('project.json');
      return (JSON.parse(Buffer.from(manifest!).toString()) as { version: unknown }).version;
    };
    await writeProjectFile(file, contents(), about);
    expect(await versionOf()).toBe(1);
    const media = [{ mediaId: 'rec-b', sha256: 'ab'.repeat(32), path: 'media/b.wav' }];
    await writeProjectFile(file, { ...contents(), media }, about);
    expect(await versionOf()).toBe(2);
    expect((await readProjectFile(file)).read).toEqual({ ...contents(), media, ...about });
  });

  it('10 000 segments open in less than 1.5 s', async () => {
    await writeProjectFile(file, contents(10_000), about);
    const start = performance.now();
    const { read } = await readProjectFile(file);
    expect(read.documents[0]?.segments).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(1_500);
  });
});

describe('a damaged project file is refused with what and where, and is left as it is', () => {
  it('truncated at any place', async () => {
    await writeProjectFile(file, contents(), about);
    const whole = await readFile(file);
    for (const share of [0, 0.01, 0.3, 0.7, 0.99]) {
      await writeFile(file, whole.subarray(0, Math.floor(whole.length * share)));
      expect((await refusal()).code).toMatch(/^project\.(truncated|not_a_project)$/);
    }
  });

  it('a byte of a part changed', async () => {
    await writeProjectFile(file, contents(), about);
    const parts: Parts = Object.fromEntries(unpackProject(await readFile(file)));
    parts[DOCUMENT] = edited(parts[DOCUMENT]!, 'segment 1', 'segment 7');
    await writeFile(file, zipSync(parts));
    expect(await refusal()).toMatchObject({
      code: 'project.damaged',
      message: `${DOCUMENT} in the project file is not as it was written.`,
    });
  });

  it('something else under this name', async () => {
    await writeFile(file, 'PLEASE OPEN ME');
    expect((await refusal()).code).toBe('project.not_a_project');
    await writeFile(file, zipSync({ 'word/document.xml': strToU8('<x/>') }));
    expect((await refusal()).code).toBe('project.not_a_project');
  });

  it.each([['../evil.json'], ['/etc/evil'], ['C:/evil'], ['documents\\..\\evil'], ['documents//evil'], ['./evil']])(
    'a part outside of it: %s',
    async (name) => {
      await writeFile(file, zipSync({ [name]: strToU8('{}'), 'project.json': strToU8('{}') }));
      expect((await refusal()).code).toBe('project.hostile');
    },
  );

  it.each([['../a.wav'], ['/home/anna/a.wav'], ['D:\\study\\a.wav'], ['media/../../a.wav']])(
    'a media path outside of it: %s',
    async (place) => {
      await tamper((_parts, manifest) => {
        Object.assign((manifest['recordings'] as object[])[0]!, { path: place });
      });
      expect(await refusal()).toMatchObject({
        code: 'project.schema',
        message: expect.stringContaining('recordings.0.path') as string,
      });
    },
  );

  it('keys that reach a prototype', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      await tamper((parts) => {
        parts[DOCUMENT] = edited(parts[DOCUMENT]!, '{', `{"${key}":{"polluted":true},`);
      });
      expect(await refusal()).toMatchObject({
        code: 'project.hostile',
        message: expect.stringContaining(key) as string,
      });
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('a text without end, a value of the wrong kind, a time before the start, an unknown field', async () => {
    const long = `"text":"${'x'.repeat(30_000)}"`;
    for (const [from, to, place] of [
      ['"text":"Words of segment 0, as somebody said them."', long, 'segments.0.text'],
      ['"origin":"cue"', '"origin":7', 'segments.0.origin'],
      ['"start":0', '"start":0.5', 'segments.0.range.start'],
      ['"origin":"cue"', '"origin":"cue","extra":1', 'segments.0.extra'],
    ] as const) {
      await tamper((parts) => {
        parts[DOCUMENT] = edited(parts[DOCUMENT]!, from, to);
      });
      expect(await refusal()).toMatchObject({
        code: 'project.schema',
        message: expect.stringContaining(place) as string,
      });
    }
  });

  it('segments that reach outside their recording', async () => {
    await tamper((parts) => {
      parts[DOCUMENT] = edited(parts[DOCUMENT]!, '"duration":20000000', '"duration":5000000');
    });
    expect(await refusal()).toMatchObject({
      code: 'project.schema',
      message: expect.stringContaining('outside the recording') as string,
    });
  });

  it('a part that unpacks to far more than it is, whatever size it declares', async () => {
    const bomb = zipSync({ 'documents/bomb.json': new Uint8Array(130 * 1024 * 1024) }, { level: 1 });
    await writeFile(file, bomb);
    expect((await refusal()).code).toBe('project.too_large');
    // the declared size, in the local header and in the list at the end, says 10 bytes
    const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength);
    view.setUint32(22, 10, true);
    await writeFile(file, bomb);
    expect((await refusal()).code).toBe('project.too_large');
  }, 120_000);

  it('nested deeper than any honest file', async () => {
    await tamper((parts) => {
      parts[DOCUMENT] = strToU8(`${'['.repeat(1000)}${']'.repeat(1000)}`);
    });
    expect((await refusal()).code).toBe('project.hostile');
  });
});

describe('a file of a newer version', () => {
  it('is read without what this version does not know, and says its version', async () => {
    await tamper((parts, manifest) => {
      manifest['version'] = 9;
      manifest['cloud'] = { nothing: 1 };
      (manifest['project'] as Record<string, unknown>)['colours'] = ['red'];
      parts[DOCUMENT] = edited(parts[DOCUMENT]!, '"origin":"cue"', '"origin":"cue","weight":3');
    });
    const { read } = await readProjectFile(file);
    expect(read.newerVersion).toBe(9);
    expect(read.documents[0]?.segments).toHaveLength(2);
    expect(read.project.name).toBe('Siblings');
  });

  it('is refused with the advice to use the newer program where it cannot be shown', async () => {
    await tamper((parts, manifest) => {
      manifest['version'] = 9;
      parts[DOCUMENT] = edited(parts[DOCUMENT]!, '"origin":"cue"', '"origin":{"kind":"cue"}');
    });
    expect(await refusal()).toMatchObject({ code: 'project.schema', tip: expect.stringContaining('newer') as string });
  });

  it('version 0 or a version that is no number is no project', async () => {
    for (const version of [0, 'two']) {
      await tamper((_parts, manifest) => {
        manifest['version'] = version;
      });
      expect((await refusal()).code).toMatch(/^project\.(schema|not_a_project)$/);
    }
  });
});

describe('a file of an earlier version', () => {
  it('with a learned read-out in the parameters of the project is read without it', async () => {
    const bundle = { id: 'b', version: '1', sha256: '0'.repeat(64) };
    const labels = { labels: 20, scores: 0, labelsSha256: '1'.repeat(64), createdUtc: '2026-01-01T00:00:00.000Z' };
    const cut = { groupedBy: 'block', groups: 4, folds: 4, recordings: 1, raterId: 'R1', seed: 0 } as const;
    const learned: LearnedReadout = {
      ...{ id: 'l1', from: { bundle, ...labels, ...cut } },
      ...{ mean: [0], scale: [1], penalty: 1, weights: EMOTIONS.map(() => [0.5]) },
      ...{ offsets: EMOTIONS.map(() => 0), temperature: 1, comparisons: [] },
    };
    const base = contents();
    const project = { ...base.project, parameters: switchLearned(defaultParameters(), learned) };
    await writeProjectFile(file, { ...base, project }, about);
    const bytes = unpackProject(await readFile(file)).get('project.json');
    expect(Buffer.from(bytes!).toString()).toContain('"learned"');
    const { read } = await readProjectFile(file);
    expect(read.project.parameters).toEqual(defaultParameters());
  });
});

describe('moving', () => {
  it('a renamed file reads as before', async () => {
    await writeProjectFile(file, contents(), about);
    const moved = path.join(folder, 'moved.lacuna');
    await rename(file, moved);
    expect((await readProjectFile(moved)).read.project.id).toBe('prj-1');
  });
});
