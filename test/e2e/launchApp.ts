import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { _electron } from 'playwright-core';
import { expect } from 'vitest';

const projectFolder = path.resolve(import.meta.dirname, '../..');
export const screenshotFolder = path.join(projectFolder, 'test-results');

const LAUNCH_TIMEOUT_MS = 60_000;
const ACTION_TIMEOUT_MS = 30_000;

export interface LaunchOptions {
  /** User data folder of an earlier launch; a fresh one without it. */
  readonly userData?: string;
  readonly args?: readonly string[];
  /** Leaves the notice of the first run open. */
  readonly keepNotice?: boolean;
  /** Console errors that the test provokes; every other one fails it. */
  readonly expectedErrors?: readonly RegExp[];
}

/** The real app under test. Disposing closes it and fails the test when the page reported an error. */
export interface RunningApp extends AsyncDisposable {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
}

/** Starts the built app in the Electron that ELECTRON_OVERRIDE_DIST_PATH or the electron package gives. */
export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const userData = options.userData ?? (await freshFolder('user-data'));
  const app = await _electron.launch({
    args: [projectFolder, `--user-data-dir=${userData}`, ...(options.args ?? [])],
    timeout: LAUNCH_TIMEOUT_MS,
  });
  const errors: string[] = [];
  const report = (message: string): void => {
    if (!(options.expectedErrors ?? []).some((expected) => expected.test(message))) errors.push(message);
  };
  const page = await app.firstWindow({ timeout: LAUNCH_TIMEOUT_MS });
  page.setDefaultTimeout(ACTION_TIMEOUT_MS);
  page.on('console', (message) => {
    if (message.type() === 'error') report(message.text());
  });
  page.on('pageerror', (error) => {
    report(error.stack ?? error.message);
  });
  await page.waitForLoadState('load');
  if (options.keepNotice !== true) await readNotice(page);
  return {
    app,
    page,
    userData,
    async [Symbol.asyncDispose]() {
      await keepLastLook(page);
      await app.close();
      if (options.userData === undefined) await rm(userData, { recursive: true, force: true });
      if (errors.length > 0) throw new Error(`the page reported errors:\n${errors.join('\n')}`);
    },
  };
}

/** Reads the notice of the first run, where the page shows it: it does before it knows its recordings or not at all. */
async function readNotice(page: Page): Promise<void> {
  await page.locator('body[data-started]').waitFor({ state: 'attached' });
  const button = page.getByTestId('read-notice');
  if (await button.isVisible()) await button.click();
}

/** A folder of its own for one test. */
export function freshFolder(name: string): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), `lacuna-e2e-${name}-`));
}

/** What the window showed when the test ended, under the test's name: the first thing to look at when it failed. */
async function keepLastLook(page: Page): Promise<void> {
  const name = (expect.getState().currentTestName ?? 'test').replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80);
  await page
    .screenshot({ path: path.join(screenshotFolder, 'last', `${name}.png`), timeout: 5_000 })
    .catch(() => undefined);
}
