import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { JobKind, JobState } from '../../electron/contract/types.js';
import type { RunningApp } from './launchApp.js';
import { screenshotFolder } from './launchApp.js';

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

  label(emotion: string): Locator {
    return this.page.getByRole('group', { name: 'Emotion label' }).getByRole('button', { name: emotion });
  }

  async pressedLabels(): Promise<readonly string[]> {
    return this.page
      .getByRole('group', { name: 'Emotion label' })
      .getByRole('button', { pressed: true })
      .allInnerTexts();
  }

  /** Resolves when the next job of a kind ends, with its state. Ask before the click that starts it. */
  jobEnds(kind: JobKind): Promise<JobState> {
    return this.page.evaluate(
      (wanted) =>
        new Promise<JobState>((resolve) => {
          const stop = window.lacuna.on('job/update', (job) => {
            if (job.kind !== wanted || !['finished', 'failed', 'cancelled'].includes(job.state)) return;
            stop();
            resolve(job.state);
          });
        }),
      kind,
    );
  }

  /** Opens the sample from the start page and waits until marks were found. */
  async openSample(): Promise<void> {
    const ended = this.jobEnds('perceive');
    await this.page.getByRole('button', { name: 'Open sample' }).click();
    expect(await ended).toBe('finished');
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

  /** Answers the next system dialogs with these paths, as a person who chooses them would. */
  async answerDialogs(paths: readonly string[]): Promise<void> {
    await this.running.app.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] });
    }, paths);
  }
}
