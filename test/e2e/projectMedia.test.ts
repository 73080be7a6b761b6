import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mediaFolder } from '../electron/media/mediaFiles.js';
import { freshFolder, launchApp } from './launchApp.js';
import { addRecordings, choose, createProject, openFile, row, save } from './projectSteps.js';
import { WorkbenchPage } from './workbench.js';

const root = path.resolve(import.meta.dirname, '../..');
const sampleFile = path.join(root, 'sample/sample.mp4');
const SHA256 = /^[0-9a-f]{64}$/;

/** Sound of the sample, larger than what the quick check of its two ends reads. */
async function recordingOf(study: string, name: string): Promise<string> {
  const folder = await mediaFolder();
  const args = ['-t', '20', '-i', sampleFile, '-vn', '-ac', '2', '-ar', '48000', '-c:a', 'pcm_s16le'];
  const file = await folder.make(name, args);
  const place = path.join(study, name);
  await copyFile(file, place);
  await folder.remove();
  expect((await stat(place)).size).toBeGreaterThan(3 * 1024 * 1024);
  return place;
}

/** Changes some bytes in the middle of a file; its size and its ends stay. */
async function changeMiddle(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(4_000, 3), 0, 4_000, Math.floor(size / 2));
  await handle.close();
}

describe('media of a project', () => {
  it('go along in a copy that opens on another computer, and are known by their whole content there', async () => {
    const study = await freshFolder('media');
    try {
      const file = await recordingOf(study, 'visit.wav');
      const there = await copyWithMedia(study, file);
      expect((await readdir(there)).sort()).toEqual(['Sibling contact.lacuna', 'media']);
      await rm(file);
      const media = path.join(there, 'media', 'visit.wav');
      const original = await readFile(media);
      const projectFile = path.join(there, 'Sibling contact.lacuna');
      const userData = await openElsewhere(projectFile);
      await changeMiddle(media);
      await replacedMedia(projectFile, media, original, userData);
      await rm(userData, { recursive: true, force: true });
    } finally {
      await rm(study, { recursive: true, force: true });
    }
  }, 400_000);
});

/** Makes the copy and moves it; answers with where it lies then. */
async function copyWithMedia(study: string, file: string): Promise<string> {
  await using running = await launchApp();
  const workbench = new WorkbenchPage(running);
  await createProject(workbench, 'Sibling contact');
  await addRecordings(workbench, [file]);
  await workbench.label('anger').click();
  await workbench.saved();
  await workbench.answerDialogs([study]);
  expect(await workbench.runJob('packProject', () => choose(workbench, 'project.saveWithMedia'))).toBe('finished');
  await workbench.finishedJobs.filter({ hasText: 'Copy the project with its media' }).getByText('2 files').waitFor();
  await workbench.screenshot('projectMedia-1-copied');
  const there = path.join(study, 'usb');
  await rename(path.join(study, 'Sibling contact'), there);
  return there;
}

/** Opens the copy where nothing is known, and answers with the folder of what is known then. */
async function openElsewhere(projectFile: string): Promise<string> {
  const userData = await freshFolder('elsewhere');
  await using running = await launchApp({ userData });
  const workbench = new WorkbenchPage(running);
  await openFile(workbench, projectFile);
  expect(await workbench.runJob('perceive', () => row(running.page, 'visit.wav').click())).toBe('finished');
  await expect.poll(() => workbench.pressedLabels()).toEqual([expect.stringContaining('anger')]);
  const known = JSON.parse(await readFile(path.join(userData, 'granted-files.json'), 'utf8')) as {
    hashes: Record<string, string>;
  };
  expect(Object.values(known.hashes)).toEqual([expect.stringMatching(SHA256)]);
  return userData;
}

/** The file was changed in its middle: it is not used, the message says so, and the original is taken back. */
async function replacedMedia(projectFile: string, media: string, original: Buffer, userData: string): Promise<void> {
  await using running = await launchApp({ userData });
  const { page } = running;
  const workbench = new WorkbenchPage(running);
  expect(await workbench.runJob('perceive', () => row(page, 'visit.wav').click())).toBe('failed');
  const told = page.getByRole('alert').filter({ hasText: 'Another file lies in its place' });
  await told.getByText('the size of the recording but another content (its SHA-256 checksum differs)').waitFor();
  expect(await page.getByTestId('media').count()).toBe(0);
  await page.getByRole('complementary', { name: 'Jobs' }).getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => workbench.pressedLabels()).toEqual([expect.stringContaining('anger')]);
  await workbench.screenshot('projectMedia-2-replaced-light');
  await page.getByRole('button', { name: 'Dark' }).click();
  await workbench.screenshot('projectMedia-3-replaced-dark');
  // another file is no answer to "locate", whatever it is called
  await workbench.answerDialogs([sampleFile]);
  await page.getByTestId('locate-file').click();
  await page.getByText('This is not the file of the recording').waitFor();
  expect(await page.getByTestId('recording-row').count()).toBe(1);
  await workbench.screenshot('projectMedia-4-other-file');
  const found = path.join(path.dirname(projectFile), 'original.wav');
  await writeFile(found, original);
  await workbench.answerDialogs([found]);
  expect(await workbench.runJob('perceive', () => page.getByTestId('locate-file').click())).toBe('finished');
  await page.getByTestId('media').waitFor({ state: 'attached' });
  expect(await readFile(media)).not.toEqual(original);
}

describe('a project file that others use too', () => {
  it('saved by somebody else meanwhile is not replaced silently, and the other version is kept beside', async () => {
    const study = await freshFolder('shared');
    try {
      const shared = path.join(study, 'shared.lacuna');
      await using running = await launchApp();
      const { page } = running;
      const workbench = new WorkbenchPage(running);
      await createProject(workbench, 'Shared');
      await addRecordings(workbench, [await recordingOf(study, 'visit.wav')]);
      await save(workbench, shared);
      await workbench.label('anger').click();
      await workbench.saved();
      // another computer has saved its own version
      await writeFile(shared, Buffer.concat([await readFile(shared), Buffer.from('x')]));
      const theirs = await readFile(shared);
      await choose(workbench, 'project.save');
      const dialog = page.getByRole('dialog', { name: 'The file was changed by somebody else' });
      await dialog.getByText('Nothing was written').waitFor();
      expect(await readFile(shared)).toEqual(theirs);
      await workbench.screenshot('projectMedia-5-changed-light');
      await dialog.getByRole('button', { name: /^Replace it/ }).click();
      await page.getByTestId('project-file').getByText('saved').waitFor();
      expect(await readFile(`${shared}.backup-1`)).toEqual(theirs);
      expect(await readFile(shared)).not.toEqual(theirs);
    } finally {
      await rm(study, { recursive: true, force: true });
    }
  }, 200_000);

  it('is never open in two windows: a second start shows the window that is there', async () => {
    await using running = await launchApp();
    const runtime = await running.app.evaluate(() => process.execPath);
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const second = spawn(runtime, [root, `--user-data-dir=${running.userData}`, ...sandbox], { stdio: 'ignore' });
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(0);
    expect(running.app.windows()).toHaveLength(1);
  }, 60_000);
});
