import 'fake-indexeddb/auto';
import { cleanup, render } from '@testing-library/svelte';
import { expect } from 'vitest';
import App from '../../renderer/App.svelte';
import { Workbench } from '../../renderer/state/workbench.svelte.js';
import { LacunaDatabase } from '../../renderer/store/database.js';
import { FakeBridge, SEGMENTS } from './fakeBridge.js';

/** The page on an empty database with the sample open and perceived. */
export async function openSampleWorkbench(): Promise<Workbench> {
  const bridge = new FakeBridge();
  const workbench = new Workbench(bridge, new LacunaDatabase(`lacuna-${crypto.randomUUID()}`));
  render(App, { workbench });
  await workbench.start();
  // the notice on intended use has tests of its own
  workbench.view.dialog = undefined;
  await workbench.workspace.open(async () => [await bridge.call('recording/openSample')]);
  for (let step = 0; step < 5; step += 1) bridge.advance();
  await expect.poll(() => workbench.segments.items.length).toBe(SEGMENTS.length);
  return workbench;
}

/** Writes what is not written and takes the page away. */
export async function closeWorkbench(workbench: Workbench): Promise<void> {
  await workbench.editor.flush();
  workbench.jobs.dispose();
  cleanup();
}
