import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchApp } from './launchApp.js';
import { WorkbenchPage } from './workbench.js';

/** Document of the recording on screen, as it lies in the page's database. */
interface Kept {
  readonly annotations?: readonly { value?: string; range: { start: number; end: number }; raterId: string }[];
  readonly traces?: readonly { values: readonly (number | null)[]; reactionLag: number; dimension: string }[];
  readonly labels: readonly { raterId: string; label: string }[];
  readonly marks: readonly { source: string; review: string; raterId?: string; reviewedBy?: string }[];
  readonly segments: readonly { text?: string; speaker?: string; flagged?: true; reactionLag?: number }[];
  readonly schemes?: readonly { name: string; locked?: true }[];
}

async function kept(workbench: WorkbenchPage): Promise<Kept> {
  await workbench.saved();
  const [document] = await workbench.storedDocuments<Kept>();
  return document!;
}

/** Waits until the clock of the page shows a later time than this. */
async function clockPasses(page: Page, time: string): Promise<void> {
  await page.waitForFunction((wanted) => {
    const clock = document.querySelector('[data-testid="timecode"]');
    return (clock?.textContent ?? '') > wanted;
  }, time);
}

describe('a coding session', () => {
  it('by keyboard only: scheme, tier, codes, labels, marks, a trace, live segments, the transcript', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await workbench.openSample();
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const timeline = page.getByTestId('timeline');

    // a scheme with two values, locked, and a tier of it
    await timeline.focus();
    await press('Shift+T');
    await page.getByTestId('new-scheme').focus();
    await page.keyboard.type('Gaze');
    await press('Enter');
    await page.getByTestId('new-value').focus();
    await page.keyboard.type('partner');
    await press('Enter');
    await page.keyboard.type('away');
    await press('Enter');
    await expect.poll(() => page.getByTestId('scheme-value').count()).toBe(2);
    await workbench.screenshot('coding-schemes-light');
    await page.getByRole('button', { name: 'Lock', exact: true }).focus();
    await press('Enter');
    await page.getByTestId('scheme-locked').waitFor();
    await page.getByTestId('new-tier').focus();
    await page.keyboard.type('Gaze');
    await press('Enter');
    await expect.poll(() => page.getByTestId('tier').count()).toBe(1);
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // the new tier is active: add, code, step, code a stretch
    await timeline.focus();
    await press('Home', 'Shift+ArrowRight', 'a', '1');
    await press('Control+ArrowRight', 'i', 'Shift+ArrowRight', 'Shift+ArrowRight', 'o', '2');
    expect((await kept(workbench)).annotations).toMatchObject([
      { value: 'partner', range: { start: 1_000_000 }, raterId: 'R1' },
      { value: 'away', range: { start: 6_000_000, end: 8_000_000 } },
    ]);
    await workbench.screenshot('coding-tiers-light');

    // back on the segments: a label, a flag, a mark
    await press('Alt+ArrowUp', 'Control+Home', '2', 'f', 'x', 'a');
    const labelled = await kept(workbench);
    expect(labelled.labels).toMatchObject([{ raterId: 'R1', label: 'happiness' }]);
    expect(labelled.segments[0]).toMatchObject({ flagged: true });
    expect(labelled.marks.filter(({ source }) => source === 'human')).toMatchObject([{ raterId: 'R1' }]);

    // bulk review of what the detectors proposed
    await press('Shift+P');
    await page.getByTestId('bulk-threshold').focus();
    await press('Home');
    await workbench.screenshot('coding-bulk-light');
    await page.getByRole('button', { name: 'Accept above and reject below' }).focus();
    await press('Enter');
    const reviewed = (await kept(workbench)).marks.filter(({ source }) => source === 'auto');
    expect(reviewed.length).toBeGreaterThan(0);
    expect(reviewed.every(({ review, reviewedBy }) => review === 'confirmed' && reviewedBy === 'R1')).toBe(true);
    if (await page.getByRole('dialog').isVisible()) await press('Escape');

    // live segmentation while playing
    await timeline.focus();
    await press('Home', 'Shift+L', 'Space', 'Enter');
    await clockPasses(page, '00:00:01.000');
    await press('Enter', 'Space', 'Shift+L');
    const live = await kept(workbench);
    expect(live.segments.length).toBe(labelled.segments.length + 1);

    // a trace by keys
    await press('Home', 'Shift+V');
    const strip = page.getByTestId('trace-strip');
    await expect.poll(() => strip.evaluate((element) => element === document.activeElement)).toBe(true);
    await press('Space');
    await page.getByTestId('trace-countdown').waitFor();
    await page.getByTestId('trace-state').getByText('recording').waitFor();
    await press('ArrowUp', 'ArrowUp', 'ArrowUp');
    const playhead = () =>
      timeline
        .locator('canvas')
        .nth(1)
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await playhead();
    await clockPasses(page, '00:00:01.500');
    expect(await playhead()).not.toBe(before);
    await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown');
    await workbench.screenshot('coding-trace-light');
    await clockPasses(page, '00:00:02.500');
    await press('Enter');
    const [trace] = (await kept(workbench)).traces ?? [];
    expect(trace).toMatchObject({ dimension: 'valence', reactionLag: 0, input: 'keys' });
    expect(trace!.values).toContain(300);
    expect(trace!.values).toContain(-100);
    await press('Escape');

    // words: edit in place
    await timeline.focus();
    await press('Control+Home', 'Alt+t');
    await page.getByTestId('transcript-text').waitFor();
    await page.keyboard.type(' indeed');
    await workbench.screenshot('coding-transcript-light');
    await press('Enter');
    expect((await kept(workbench)).segments[0]?.text).toMatch(/indeed$/);

    await press('Control+k');
    await page.keyboard.type('Switch between light and dark');
    await press('Enter');
    await press('Alt+ArrowDown', 'ArrowDown');
    await workbench.screenshot('coding-tiers-dark');
    await press('Shift+T');
    await workbench.screenshot('coding-schemes-dark');
    await press('Escape');

    // everything back, then forward again
    await timeline.focus();
    const last = await kept(workbench);
    await press(...Array.from({ length: 40 }, () => 'Control+z'));
    expect((await kept(workbench)).traces ?? []).toEqual([]);
    expect((await kept(workbench)).annotations ?? []).toEqual([]);
    await press(...Array.from({ length: 40 }, () => 'Control+y'));
    expect(await kept(workbench)).toEqual(last);
  }, 300_000);

  it('by mouse: a tier, a stretch by dragging, a value, moved and resized, a trace in the strip', async () => {
    await using running = await launchApp();
    const { page } = running;
    const workbench = new WorkbenchPage(running);
    await workbench.openSample();
    await page.getByRole('button', { name: 'Tiers', exact: true }).click();
    await page.getByTestId('new-tier').fill('Emotion seen');
    await page.getByRole('button', { name: 'Add tier' }).click();
    await page.getByRole('button', { name: /^Close/ }).click();

    const timeline = page.getByTestId('timeline');
    const box = (await timeline.boundingBox())!;
    // the tier lies above the sentiment curve; its height is fixed, so it is found by its header
    const row = async () => {
      for (let y = 0; y < box.height; y += 8) {
        await page.mouse.click(box.x + 40, box.y + y);
        const head = page.getByRole('complementary', { name: 'Selected segment' }).getByRole('heading', { level: 2 });
        if (y > 200 && (await head.innerText()) === 'Emotion seen') return box.y + y + 4;
      }
      throw new Error('no row of the tier');
    };
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    const y = await row();
    const drag = async (from: number, to: number) => {
      await page.mouse.move(from, y);
      await page.mouse.down();
      await page.mouse.move((from + to) / 2, y, { steps: 4 });
      await page.mouse.move(to, y, { steps: 4 });
      await page.mouse.up();
    };
    await page.keyboard.down('Shift');
    await drag(box.x + 200, box.x + 320);
    await page.keyboard.up('Shift');
    await page
      .getByRole('group', { name: 'Values of Emotion' })
      .getByRole('button', { name: /happiness/ })
      .click();
    const [made] = (await kept(workbench)).annotations!;
    expect(made).toMatchObject({ value: 'happiness', raterId: 'R1' });
    await drag(box.x + 260, box.x + 300);
    const [moved] = (await kept(workbench)).annotations!;
    expect(moved!.range.start).toBeGreaterThan(made!.range.start);
    expect(moved!.range.end - moved!.range.start).toBe(made!.range.end - made!.range.start);
    await drag(box.x + 360, box.x + 420);
    const [grown] = (await kept(workbench)).annotations!;
    expect(grown!.range.start).toBe(moved!.range.start);
    expect(grown!.range.end).toBeGreaterThan(moved!.range.end);

    await page.getByRole('button', { name: 'Trace', exact: true }).click();
    const strip = (await page.getByTestId('trace-strip').boundingBox())!;
    await page.getByRole('button', { name: /^Start/ }).click();
    await page.getByTestId('trace-state').getByText('recording').waitFor();
    await page.mouse.move(strip.x + 40, strip.y + strip.height * 0.25);
    await clockPasses(page, '00:00:01.500');
    await page.mouse.move(strip.x + 40, strip.y + strip.height * 0.75, { steps: 5 });
    await workbench.screenshot('coding-mouse-light');
    await page.getByRole('button', { name: 'End', exact: true }).click();
    const [trace] = (await kept(workbench)).traces!;
    const values = trace!.values.filter((value) => value !== null);
    expect(Math.max(...values)).toBeGreaterThan(450);
    expect(values.length).toBeGreaterThan(10);
  }, 300_000);
});
