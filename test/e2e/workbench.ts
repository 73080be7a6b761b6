import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { RunningApp } from './launchApp.js';
import { screenshotFolder } from './launchApp.js';

/** Longest time that a job on the sample may take on a busy machine. */
export const JOB_TIMEOUT_MS = 240_000;

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

  /** The buttons are pressed state is `aria-pressed`. */
  async pressedLabels(): Promise<readonly string[]> {
    return this.page
      .getByRole('group', { name: 'Emotion label' })
      .getByRole('button', { pressed: true })
      .allInnerTexts();
  }

  /** Opens the sample from the start page and waits for its segments. */
  async openSample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open sample' }).click();
    await this.waitForSegments();
  }

  async waitForSegments(): Promise<void> {
    await this.page.getByTestId('timeline-hint').waitFor({ state: 'detached', timeout: JOB_TIMEOUT_MS });
    await this.runRecovery.or(this.exportReport).first().waitFor();
    await this.page.getByTestId('job-chip').waitFor({ state: 'detached', timeout: JOB_TIMEOUT_MS });
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
