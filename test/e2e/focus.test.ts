import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchApp, type RunningApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

/** More stops than the page has. */
const MOST_STOPS = 250;

interface Stop {
  /** Tag, role and name of the element that has the focus; `BODY` when nothing has it. */
  readonly what: string;
  readonly visible: boolean;
  readonly ring: boolean;
}

/** The element with the focus: whether it is on screen, uncovered (WCAG 2.4.11), and drawn as focused (2.4.7). */
function focusedElement(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
    const what = [element.tagName, element.getAttribute('role') ?? '', name].filter(Boolean).join(' ');
    const box = element.getBoundingClientRect();
    const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
    const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const uncovered = !!at && (element.contains(at) || at.contains(element) || at.closest('label')?.contains(element));
    const drawn = (part?: string) => {
      const style = getComputedStyle(element, part);
      return (
        (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || (!!part && style.borderTopWidth !== '0px')
      );
    };
    return { what, visible: right > left && bottom > top && uncovered === true, ring: drawn() || drawn('::after') };
  });
}

async function afterRecovery(running: RunningApp): Promise<WorkbenchPage> {
  const workbench = new WorkbenchPage(running);
  await workbench.openSample();
  expect(await workbench.runJob('analyze', () => workbench.runRecovery.click())).toBe('finished');
  return workbench;
}

describe('the focus', () => {
  it('goes through the whole window by Tab, always visible and uncovered, and comes round again', async () => {
    await using running = await launchApp();
    const { page } = running;
    await afterRecovery(running);
    for (const tab of ['Timeline', 'Segments', 'Problems', 'Parameters']) {
      await page.getByRole('tab', { name: tab }).click();
      const seen: Stop[] = [];
      for (let press = 0; press < MOST_STOPS; press += 1) {
        await page.keyboard.press('Tab');
        const stop = await focusedElement(page);
        if (seen.length > 10 && stop.what === seen[0]?.what) break;
        seen.push(stop);
      }
      expect(seen.length, tab).toBeGreaterThan(30);
      expect(seen.length, tab).toBeLessThan(MOST_STOPS);
      expect(
        seen.filter((stop) => !stop.what.startsWith('BODY') && !(stop.visible && stop.ring)),
        tab,
      ).toEqual([]);
    }
  }, 240_000);

  it('goes from pane to pane by F6 and back by Shift F6', async () => {
    await using running = await launchApp();
    const { page } = running;
    await afterRecovery(running);
    const pane = () =>
      page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('aria-label') ?? 'top bar');
    await page.keyboard.press('F6');
    const first = await pane();
    const round: string[] = [];
    do {
      round.push(await pane());
      await page.keyboard.press('F6');
    } while ((await pane()) !== first && round.length < 20);
    expect(new Set(round).size).toBe(round.length);
    expect(round.length).toBeGreaterThanOrEqual(6);
    await page.keyboard.press('Shift+F6');
    expect(await pane()).toBe(round.at(-1));
  });

  it('is never lost: after edits, deletions, dialogs, views and jobs something on screen has it', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = await afterRecovery(running);
    const lost: string[] = [];
    const press = async (keys: string) => {
      await page.keyboard.press(keys);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const { what } = await focusedElement(page);
      if (what.startsWith('BODY')) lost.push(keys);
    };
    await workbench.showSegments();
    await workbench.segmentRows.nth(2).click();
    for (const keys of [
      '3',
      'Control+z',
      'x',
      'v',
      'Delete',
      'p',
      'c',
      'p',
      'd',
      's',
      'm',
      'Shift+Delete',
      'Control+z',
    ])
      await press(keys);
    for (const keys of [
      't',
      'Escape',
      'e',
      'Enter',
      'F1',
      'Escape',
      'Control+k',
      'Escape',
      'g',
      'Escape',
      'Control+Comma',
    ])
      await press(keys);
    await press('Escape');
    for (const view of ['2', '3', '4', '1']) await press(`Control+${view}`);
    for (const tab of ['7', '8', '9', '0']) await press(`Alt+Digit${tab}`);
    expect(await workbench.runJob('analyze', () => press('Control+Enter'))).toBe('finished');
    await press('ArrowDown');
    expect(lost).toEqual([]);
  });

  it('goes back to where it was when a dialog closes', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = await afterRecovery(running);
    await workbench.showSegments();
    await workbench.segmentRows.nth(1).click();
    await page.getByTestId('segment-table').focus();
    for (const keys of ['F1', 'Control+k', 'g', 'Control+e']) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await expect.poll(async () => (await focusedElement(page)).what, { message: keys }).toContain('listbox Segments');
    }
  });
});
