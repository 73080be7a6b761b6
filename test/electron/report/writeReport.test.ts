import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkReportFolder } from '../../../electron/report/reportFolder.js';
import { writeReport } from '../../../electron/report/writeReport.js';
import { reportOf } from './smallReport.js';

const FILES = [...reportOf(1).map(({ name }) => name), 'SHA256SUMS'];
const REQUIRED = ['segments', 'timeline', 'recovery', 'marks', 'problems', 'codebook'].map((name) => `${name}.csv`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lacuna-report-test-'));
});

const target = (): string => path.join(folder, 'report');
const listed = (): readonly string[] => readdirSync(target()).sort();
const code = (what: string) => ({ problem: { code: `report.${what}`, severity: 'error' } });

describe('a report', () => {
  it('is all its files, and nothing else', async () => {
    const written = await writeReport(reportOf(3), target(), { overwrite: false });
    expect(listed()).toEqual([...FILES].sort());
    expect(listed()).toEqual(expect.arrayContaining([...REQUIRED, 'provenance.json']));
    expect([...written.files].sort()).toEqual(listed());
    expect(readFileSync(path.join(target(), 'segments.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(4);
    expect(readdirSync(folder)).toEqual(['report']);
  });

  it('is written into an empty folder and makes missing folders above', async () => {
    mkdirSync(target());
    await writeReport(reportOf(1), target(), { overwrite: false });
    expect(listed()).toHaveLength(FILES.length);
    await writeReport(reportOf(1), path.join(folder, 'a', 'b', 'c'), { overwrite: false });
    expect(readdirSync(path.join(folder, 'a', 'b', 'c'))).toHaveLength(FILES.length);
  });

  it('is the same bytes for the same input', async () => {
    await writeReport(reportOf(50), target(), { overwrite: false });
    await writeReport(reportOf(50), path.join(folder, 'again'), { overwrite: false });
    for (const name of FILES) {
      expect(readFileSync(path.join(folder, 'again', name))).toEqual(readFileSync(path.join(target(), name)));
    }
  });

  it('refuses a folder that is not empty and leaves it as it is', async () => {
    mkdirSync(target());
    writeFileSync(path.join(target(), 'thesis.docx'), 'mine');
    await expect(writeReport(reportOf(1), target(), { overwrite: false })).rejects.toMatchObject(
      code('folder-not-empty'),
    );
    await expect(checkReportFolder(target(), false)).rejects.toMatchObject(code('folder-not-empty'));
    expect(listed()).toEqual(['thesis.docx']);
  });

  it('replaces an earlier report when told to and keeps other files', async () => {
    await writeReport(reportOf(5), target(), { overwrite: false });
    writeFileSync(path.join(target(), 'thesis.docx'), 'mine');
    writeFileSync(path.join(target(), 'my.csv'), 'mine, too');
    await writeReport(reportOf(2), target(), { overwrite: true });
    expect(listed()).toEqual([...FILES, 'my.csv', 'thesis.docx'].sort());
    expect(readFileSync(path.join(target(), 'thesis.docx'), 'utf8')).toBe('mine');
    expect(readFileSync(path.join(target(), 'segments.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  it('keeps the earlier report whole when replacing it fails', async () => {
    await writeReport(reportOf(5), target(), { overwrite: false });
    const before = readFileSync(path.join(target(), 'segments.csv'), 'utf8');
    const openFile: typeof open = async (file, flags) => {
      if (String(file).endsWith('provenance.json'))
        throw Object.assign(new Error('I/O'), { code: 'EIO', syscall: 'open' });
      return open(file, flags);
    };
    await expect(writeReport(reportOf(2), target(), { overwrite: true, openFile })).rejects.toMatchObject(
      code('not-written'),
    );
    expect(readFileSync(path.join(target(), 'segments.csv'), 'utf8')).toBe(before);
    expect(listed()).toEqual([...FILES].sort());
  });

  it('leaves nothing behind when it is cancelled half way', async () => {
    const controller = new AbortController();
    const writing = writeReport(reportOf(20), path.join(folder, 'new', 'report'), {
      overwrite: false,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 3) controller.abort();
      },
    });
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not go where a file is, nor under one', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    for (const place of ['file', 'file/report', 'file/a/b']) {
      const outDir = path.join(folder, place);
      await expect(writeReport(reportOf(1), outDir, { overwrite: true })).rejects.toMatchObject(code('not-a-folder'));
      await expect(checkReportFolder(outDir, true)).rejects.toMatchObject(code('not-a-folder'));
    }
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full and leaves nothing behind', async () => {
    const openFile: typeof open = (file, flags) =>
      open(String(file).endsWith('timeline.csv') ? '/dev/full' : file, flags);
    const writing = writeReport(reportOf(20), target(), { overwrite: false, openFile });
    await expect(writing).rejects.toMatchObject(code('disk-full'));
    await expect(writing).rejects.toThrow(/no room for the report in .*ENOSPC/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says when the name is too long for the disk', async () => {
    const outDir = path.join(folder, 'x'.repeat(300));
    await expect(writeReport(reportOf(1), outDir, { overwrite: false })).rejects.toMatchObject(code('name-too-long'));
  });

  it('takes unicode folder names', async () => {
    const outDir = path.join(folder, 'Bericht Ünïcödé 報告 🙂');
    await writeReport(reportOf(1), outDir, { overwrite: false });
    expect(readdirSync(outDir)).toHaveLength(FILES.length);
  });

  it.runIf(process.getuid?.() !== 0 && process.platform !== 'win32')('needs a writable folder', async () => {
    mkdirSync(target(), { mode: 0o555 });
    await expect(checkReportFolder(target(), true)).rejects.toMatchObject(code('not-writable'));
  });
});
