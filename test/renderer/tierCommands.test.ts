import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addTier } from '../../core/tiers/editTiers.js';
import { addScheme, changeScheme } from '../../core/tiers/editSchemes.js';
import { firstLook, letterOf } from '../../core/tiers/scheme.js';
import type { Workbench } from '../../renderer/state/workbench.svelte.js';
import { closeWorkbench, openSampleWorkbench } from './sampleWorkbench.js';

let workbench: Workbench;

beforeEach(async () => {
  workbench = await openSampleWorkbench();
  const made = addScheme(workbench.editor.document!, 'Gaze');
  const values = ['partner', 'away'].map((value, index) => ({ value, ...firstLook(index), letter: letterOf(value) }));
  values[1]!.key = 'KeyS';
  const by = { raterId: 'R1', now: new Date() };
  const filled = changeScheme(made.document, made.scheme.id, { name: 'Gaze', values }, by);
  workbench.editor.apply('Tiers', addTier(addTier(filled, 'Gaze', made.scheme.id).document, 'Remarks').document);
});
afterEach(() => closeWorkbench(workbench));

const key = (code: string, init: KeyboardEventInit = {}) =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...init }));
const annotations = () => workbench.editor.document?.annotations ?? [];

describe('coding on a tier by keys', () => {
  it('Alt+down makes the tier active, A adds at the playhead, the keys of the scheme code', () => {
    key('ArrowDown', { altKey: true });
    expect(workbench.coding.row?.tier.name).toBe('Gaze');
    workbench.player.seek(3_000_000);
    key('KeyA');
    expect(annotations()).toMatchObject([{ range: { start: 3_000_000, end: 5_000_000 }, raterId: 'R1' }]);
    key('Digit1');
    expect(annotations()[0]?.value).toBe('partner');
    key('KeyS');
    expect(annotations().map(({ value }) => value)).toEqual(['away']);
    key('Digit0');
    expect(annotations()[0]).not.toHaveProperty('value');
    for (let step = 0; step < 4; step += 1) key('KeyZ', { ctrlKey: true });
    expect(workbench.editor.document).not.toHaveProperty('annotations');
  });

  it('I and O set a stretch that the key of a value codes; the key of a command does so only on other tiers', () => {
    key('ArrowDown', { altKey: true });
    workbench.player.seek(10_000_000);
    key('KeyI');
    workbench.player.seek(12_000_000);
    key('KeyO');
    key('KeyS');
    expect(annotations()).toMatchObject([{ value: 'away', range: { start: 10_000_000, end: 12_000_000 } }]);
    key('ArrowDown', { altKey: true });
    expect(workbench.coding.row?.tier.name).toBe('Remarks');
    workbench.player.seek(11_000_000);
    key('KeyA');
    workbench.player.seek(12_000_000);
    key('KeyS');
    expect(annotations().filter(({ tierId }) => tierId === 't0002')).toHaveLength(2);
  });

  it('arrows walk, brackets nudge by a frame, M merges, Delete removes, and Alt+up goes back to the segments', () => {
    key('ArrowDown', { altKey: true });
    for (const start of [2_000_000, 6_000_000]) {
      workbench.player.seek(start);
      key('KeyA');
      key('Digit1');
    }
    key('ArrowUp');
    expect(workbench.coding.annotation?.range.start).toBe(2_000_000);
    key('BracketRight');
    expect(workbench.coding.annotation?.range.end).toBe(4_040_000);
    key('KeyM');
    expect(annotations()).toMatchObject([{ range: { start: 2_000_000, end: 8_000_000 }, value: 'partner' }]);
    key('Delete');
    expect(annotations()).toEqual([]);
    key('ArrowUp', { altKey: true });
    expect(workbench.coding.row).toBeUndefined();
    key('ArrowDown');
    expect(workbench.segment).toBeDefined();
  });

  it('what another rater made cannot be changed, and blind mode does not show it', async () => {
    key('ArrowDown', { altKey: true });
    key('KeyA');
    key('Digit1');
    workbench.switchRater('R2');
    key('KeyS');
    key('Delete');
    expect(annotations()).toMatchObject([{ value: 'partner', raterId: 'R1' }]);
    expect(workbench.view.message).toMatch(/Rater R1 made this annotation/);
    expect(await screen.findByText(/Rater R1 made it/)).toBeDefined();
    key('KeyB', { shiftKey: true });
    expect(workbench.coding.row?.items.items).toEqual([]);
  });

  it('with single-character keys off the buttons of the panel code, and typed times move an edge', async () => {
    workbench.keymap.useCharacterKeys(false);
    key('ArrowDown', { altKey: true });
    key('Insert');
    key('Digit1');
    expect(annotations()[0]).not.toHaveProperty('value');
    await fireEvent.click(await screen.findByRole('button', { name: /partner/ }));
    expect(annotations()[0]?.value).toBe('partner');
    const end = await screen.findByTestId<HTMLInputElement>('annotation-end');
    end.value = '1.5';
    await fireEvent.change(end);
    expect(annotations()[0]?.range.end).toBe(1_500_000);
  });
});

describe('raters, notes and flags', () => {
  it('labels and marks carry the rater at the keyboard', () => {
    workbench.selectSegment('s0001');
    workbench.switchRater('R7');
    key('Digit3');
    key('KeyX');
    key('KeyA');
    expect(workbench.editor.document?.labels.at(-1)).toMatchObject({ raterId: 'R7', label: 'sadness' });
    expect(workbench.mark).toMatchObject({ raterId: 'R7', modality: 'audio' });
  });

  it('F flags the segment and takes the flag away; Shift+F goes to the next flagged one', () => {
    workbench.selectSegment('s0003');
    key('KeyF');
    expect(workbench.segment?.flagged).toBe(true);
    workbench.selectSegment('s0001');
    key('KeyF', { shiftKey: true });
    expect(workbench.segment?.id).toBe('s0003');
    key('KeyF');
    expect(workbench.segment).not.toHaveProperty('flagged');
  });
});
