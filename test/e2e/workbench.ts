import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { JobKind, JobState } from '../../electron/contract/types.js';
import type { RunningApp } from './launchApp.js';
import { screenshotFolder } from './launchApp.js';

/** Longest time that a job on the sample may take on a busy machine. */
const JOB_TIMEOUT_MS = 150_000;

/** The page keeps the state for the test: a promise that waits in the page can be collected before it settles. */
interface EndedJob {
  endedJob?: JobState;
}

/** What a person does in the workbench, in the words of the page. */
export class WorkbenchPage {
  readonly page: Page;
  readonly running: RunningApp;

  constructor(running: RunningApp) {
    this.running = running;
    this.page = running.page;
  }

  get segmentRows(): Locator {
    return this.page.getByTestId('segment-table').getByRole('option');
  }

  get marks(): Locator {
    return this.page.getByTestId('mark');
  }

  get finishedJobs(): Locator {
    return this.page.getByTestId('finished-job');
  }

  get runRecovery(): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: /^Run recovery/ });
  }

  get exportReport(): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: 'Export report' });
  }

  /** Opens the export window and exports as it stands. */
  async exportWithDefaults(): Promise<void> {
    await this.exportReport.click();
    await this.page
      .getByRole('dialog', { name: 'Export report' })
      .getByRole('button', { name: 'Export', exact: true })
      .click();
  }

  label(emotion: string): Locator {
    return this.page.getByRole('group', { name: 'Emotion label' }).getByRole('button', { name: emotion });
  }

  async pressedLabels(): Promise<readonly string[]> {
    return this.page
      .getByRole('group', { name: 'Emotion label' })
      .getByRole('button', { pressed: true })
      .allInnerTexts();
  }

  /** Does what starts a job of a kind and waits for its end; answers with the state it ended in. */
  async runJob(kind: JobKind, start: () => Promise<unknown>): Promise<JobState> {
    await this.page.evaluate((wanted) => {
      const kept = window as unknown as EndedJob;
      delete kept.endedJob;
      const stop = window.lacuna.on('job/update', (job) => {
        if (job.kind !== wanted || !['finished', 'failed', 'cancelled'].includes(job.state)) return;
        kept.endedJob = job.state;
        stop();
      });
    }, kind);
    await start();
    const ended = await this.page.waitForFunction(() => (window as unknown as EndedJob).endedJob, undefined, {
      timeout: JOB_TIMEOUT_MS,
    });
    return (await ended.jsonValue()) as JobState;
  }

  /** Opens the sample from the start page and waits until marks were found. */
  async openSample(): Promise<void> {
    const open = this.page.getByRole('button', { name: 'Open sample' });
    expect(await this.runJob('perceive', () => open.click())).toBe('finished');
  }

  async showSegments(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Segments' }).click();
    await this.segmentRows.first().waitFor();
  }

  async saved(): Promise<void> {
    await this.page.getByTestId('save-state').getByText('All edits saved').waitFor();
  }

  screenshot(name: string): Promise<unknown> {
    return this.page.screenshot({ path: path.join(screenshotFolder, `${name}.png`) });
  }

  /** Titles of the pictures that can be saved now, in the order of the list; the window is open afterwards. */
  async pictureTitles(): Promise<readonly string[]> {
    await this.page.keyboard.press('Control+Shift+p');
    const dialog = this.page.getByRole('dialog', { name: 'Save picture' });
    await dialog.waitFor();
    return dialog
      .getByRole('group', { name: 'Picture', exact: true })
      .getByRole('radio')
      .evaluateAll((radios) => radios.map((radio) => radio.closest('label')?.textContent.trim() ?? ''));
  }

  /**
   * Saves a picture, by its place in the list or its title; the system's dialog answers with the file.
   * @param leastWidth its preview is at least this wide, px.
   * @param seen name of a screenshot of the window before it is saved.
   */
  async savePicture(
    picture: number | string,
    file: string,
    format: 'SVG' | 'PNG',
    { leastWidth = 300, seen }: { readonly leastWidth?: number; readonly seen?: string } = {},
  ): Promise<void> {
    await this.running.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, file);
    const dialog = this.page.getByRole('dialog', { name: 'Save picture' });
    if (!(await dialog.isVisible())) await this.page.keyboard.press('Control+Shift+p');
    const choice =
      typeof picture === 'string'
        ? dialog.getByRole('radio', { name: picture })
        : dialog.getByRole('group', { name: 'Picture', exact: true }).getByRole('radio').nth(picture);
    await choice.check();
    await dialog.getByRole('radio', { name: format }).check();
    const image = dialog.getByTestId('picture-preview');
    await expect
      .poll(() => image.evaluate((img) => (img as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(leastWidth);
    if (seen !== undefined) await this.screenshot(seen);
    await dialog.getByRole('button', { name: 'Save…' }).click();
    // a closed window loses its role before it is gone, and until then the page's keys wait
    await this.page.locator('dialog').waitFor({ state: 'detached' });
  }

  /** The documents, as they lie in the page's database. */
  storedDocuments<T>(): Promise<readonly T[]> {
    return this.page.evaluate(
      () =>
        new Promise<T[]>((resolve, reject) => {
          const opening = indexedDB.open('lacuna');
          opening.onerror = () => reject(new Error('no database'));
          opening.onsuccess = () => {
            const all = opening.result.transaction('documents').objectStore('documents').getAll();
            all.onsuccess = () => {
              opening.result.close();
              resolve(all.result as T[]);
            };
          };
        }),
    );
  }

  /** Answers the next system dialogs with these paths, as a person who chooses them would. */
  async answerDialogs(paths: readonly string[]): Promise<void> {
    await this.running.app.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] });
    }, paths);
  }
}
