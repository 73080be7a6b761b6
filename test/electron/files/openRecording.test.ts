import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrantedFiles } from '../../../electron/files/grantedFiles.js';
import type { OpenContext } from '../../../electron/files/openRecording.js';
import { locateRecording, openRecording, reopenRecording } from '../../../electron/files/openRecording.js';

const SAMPLE = path.resolve(import.meta.dirname, '../../../sample/sample.mp4');
let folder: string;
let context: OpenContext;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lacuna-open-'));
  const files = await GrantedFiles.load(path.join(folder, 'store', 'granted-files.json'));
  context = { files, mediaUrl: (id) => `media:${id}` };
});
afterEach(() => rm(folder, { recursive: true }));

async function sampleAs(name: string): Promise<string> {
  const file = path.join(folder, name);
  await copyFile(SAMPLE, file);
  return file;
}

describe('opening a recording', () => {
  it('tells the streams and grants the file to the page under its id', async () => {
    const file = await sampleAs('Interview – Zoë 日本語.mp4');
    const result = await openRecording(file, context);
    if (!result.ok) throw new Error(result.problem.message);
    expect(result.recording).toMatchObject({ fileName: 'Interview – Zoë 日本語.mp4', problems: [] });
    expect(result.recording.recordingId).toMatch(/^rec-[0-9a-f]{12}$/);
    expect(result.recording.mediaUrl).toBe(`media:${result.recording.recordingId}`);
    expect(result.recording.info.video).toBeDefined();
    expect(result.recording.transcript).toBeUndefined();
    expect(context.files.openPath(result.recording.recordingId)).toBe(file);
  });

  it('finds the transcript of the same name', async () => {
    const file = await sampleAs('talk.mp4');
    await writeFile(path.join(folder, 'talk.vtt'), 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n');
    const result = await openRecording(file, context);
    if (!result.ok) throw new Error(result.problem.message);
    expect(result.recording.transcript).toMatchObject({ fileName: 'talk.vtt', cues: [{ text: 'Hello' }] });
  });

  it('gives the same file the same id wherever it lies', async () => {
    const ids = [];
    for (const name of ['one.mp4', 'two.mp4']) {
      const result = await openRecording(await sampleAs(name), context);
      ids.push(result.ok ? result.recording.recordingId : undefined);
    }
    expect(ids[0]).toBeDefined();
    expect(ids[0]).toBe(ids[1]);
  });

  it.each([
    ['notes.txt', 'hello', /^media\.extension$/],
    ['renamed.mp4', 'Notes of the interview, line by line.\n'.repeat(40), /^media\./],
    ['empty.wav', '', /^media\.empty$/],
  ])('refuses %s, says why and grants nothing', async (name, text, code) => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    const result = await openRecording(file, context);
    expect(result).toMatchObject({ ok: false, fileName: name, problem: { severity: 'error' } });
    if (!result.ok) expect(result.problem.code).toMatch(code);
    if (!result.ok) expect(result.problem.message).toContain(name);
  });
});

describe('opening a recording of an earlier session', () => {
  async function openedBefore(): Promise<{ id: string; file: string }> {
    const file = await sampleAs('talk.mp4');
    const result = await openRecording(file, context);
    if (!result.ok) throw new Error(result.problem.message);
    return { id: result.recording.recordingId, file };
  }

  it('opens it when it is unchanged', async () => {
    const { id } = await openedBefore();
    expect(await reopenRecording({ recordingId: id }, context)).toMatchObject({
      ok: true,
      recording: { recordingId: id },
    });
  });

  it('says so when the file has gone', async () => {
    const { id, file } = await openedBefore();
    await rename(file, `${file}.elsewhere`);
    expect(await reopenRecording({ recordingId: id }, context)).toMatchObject({
      ok: false,
      problem: { code: 'file.gone' },
    });
  });

  it('says so when the file has changed', async () => {
    const { id, file } = await openedBefore();
    await writeFile(file, 'something else');
    expect(await reopenRecording({ recordingId: id }, context)).toMatchObject({
      ok: false,
      problem: { code: 'file.changed' },
    });
  });

  it('another file of the same name is not used, and what differs is told: size or content', async () => {
    const { id, file } = await openedBefore();
    const { length } = await readFile(file);
    await writeFile(file, 'x'.repeat(1_234));
    const smaller = await reopenRecording({ recordingId: id, sizeBytes: length }, context);
    expect(smaller).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining(`it has 1234 bytes, the recording has ${length}`) as string },
    });
    await writeFile(file, Buffer.alloc(length, 'x'));
    const other = await reopenRecording({ recordingId: id, sizeBytes: length }, context);
    expect(other).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('its content differs') as string },
    });
  });

  it('is located under any name, and a file with another content is refused with what differs', async () => {
    const { id, file } = await openedBefore();
    const moved = path.join(path.dirname(file), 'renamed.mp4');
    await rename(file, moved);
    const other = path.join(path.dirname(file), 'talk.mp4');
    await writeFile(other, 'x');
    const wanted = { recordingId: id, sizeBytes: 99 };
    expect(await locateRecording(wanted, [other], context)).toMatchObject({
      ok: false,
      fileName: 'talk.mp4',
      problem: { code: 'media.different_file', message: expect.stringContaining('it has 1 bytes') as string },
    });
    expect(context.files.lastPath(id)).toBe(file);
    expect(await locateRecording(wanted, [other, moved], context)).toMatchObject({ ok: true });
    expect(context.files.openPath(id)).toBe(moved);
  });

  it('opens no file that a person never opened', async () => {
    const result = await reopenRecording({ recordingId: 'rec-000000000000' }, context);
    expect(result).toMatchObject({ ok: false, problem: { code: 'file.unknown' } });
  });
});
