import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { microseconds } from '../../core/time/microseconds.js';
import { runCommand } from '../../renderer/commands/registry.js';
import type { Workbench } from '../../renderer/state/workbench.svelte.js';
import { SEGMENTS } from './fakeBridge.js';
import { closeWorkbench, openSampleWorkbench } from './sampleWorkbench.js';

let workbench: Workbench;

beforeEach(async () => {
  workbench = await openSampleWorkbench();
});
afterEach(() => closeWorkbench(workbench));

const key = (code: string, init: KeyboardEventInit = {}) =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...init }));
const ids = () => workbench.segments.items.map((segment) => segment.id);

describe('segments by keys', () => {
  it('S splits at the playhead and selects the second part; undo joins them again', () => {
    workbench.selectSegment('s0002');
    workbench.player.seek(7_000_000);
    key('KeyS');
    expect(workbench.segments.items).toHaveLength(SEGMENTS.length + 1);
    expect(workbench.segment?.range.start).toBe(7_000_000);
    key('KeyZ', { ctrlKey: true });
    expect(ids()).toEqual(SEGMENTS.map((segment) => segment.id));
    expect(workbench.editor.document?.segments).toEqual(SEGMENTS);
  });

  it('S outside every segment says why nothing happened', () => {
    workbench.player.seek(SEGMENTS[0]!.range.end + 1);
    expect(runCommand(workbench, 'segment.split')).toBe(false);
  });

  it('M merges with the next, with several selected all of them', () => {
    workbench.selectSegment('s0001');
    key('KeyM');
    expect(ids()[1]).toBe('s0003');
    expect(workbench.segment?.text).toBe(`${SEGMENTS[0]!.text!} ${SEGMENTS[1]!.text!}`);
    key('ArrowDown', { shiftKey: true });
    key('ArrowDown', { shiftKey: true });
    expect(workbench.selection.segmentIds).toEqual(['s0001', 's0003', 's0004']);
    key('KeyM');
    expect(ids().slice(0, 2)).toEqual(['s0001', 's0005']);
  });

  it('Shift and arrows select more and fewer; labels and Delete go to all of them, as one step of undo', () => {
    workbench.selectSegment('s0003');
    key('ArrowDown', { shiftKey: true });
    key('ArrowDown', { shiftKey: true });
    key('ArrowUp', { shiftKey: true });
    expect(workbench.selection.segmentIds).toEqual(['s0003', 's0004']);
    key('Digit4');
    expect([...workbench.labels.values()].map((label) => [label.segmentId, label.label])).toEqual([
      ['s0003', 'anger'],
      ['s0004', 'anger'],
    ]);
    key('Delete');
    expect(ids()).not.toContain('s0003');
    expect(ids()).not.toContain('s0004');
    expect(workbench.segment?.id).toBe('s0005');
    key('KeyZ', { ctrlKey: true });
    key('KeyZ', { ctrlKey: true });
    expect(workbench.editor.document?.segments).toEqual(SEGMENTS);
    expect(workbench.labels.size).toBe(0);
  });

  it('A adds one over the free range, else at the playhead up to the next', () => {
    workbench.selection.selectRange({ start: microseconds(500_000), end: microseconds(900_000) });
    key('KeyA');
    expect(workbench.segment).toMatchObject({ id: 's0011', range: { start: 500_000, end: 900_000 } });
    workbench.selection.clear();
    workbench.player.seek(0);
    key('KeyA');
    expect(workbench.segment?.range).toEqual({ start: 0, end: SEGMENTS[0]!.range.start });
  });

  it('brackets move the edges of the selected segment by one frame', () => {
    workbench.selectSegment('s0003');
    key('BracketRight', { shiftKey: true });
    expect(workbench.segment?.range.end).toBe(SEGMENTS[2]!.range.end - 40_000);
    key('BracketLeft', { shiftKey: true });
    expect(workbench.segment?.range.start).toBe(9_120_000);
  });

  it('E goes to the typed start and Enter back to where the person was', async () => {
    workbench.selectSegment('s0003');
    const tab = screen.getByRole('tab', { name: 'Timeline' });
    tab.focus();
    key('KeyE');
    const field = screen.getByTestId<HTMLInputElement>('segment-start');
    await expect.poll(() => document.activeElement).toBe(field);
    field.value = '9.5';
    await fireEvent.keyDown(field, { code: 'Enter' });
    expect(workbench.segment?.range.start).toBe(9_500_000);
    expect(document.activeElement).toBe(tab);
  });

  it('a typed time that cannot be is refused with a reason and changes nothing', async () => {
    workbench.selectSegment('s0003');
    const field = await screen.findByTestId<HTMLInputElement>('segment-end');
    for (const [text, words] of [
      ['soon', /HH:MM:SS/],
      ['1', /before the end/],
      ['99999', /outside the recording/],
    ] as const) {
      await fireEvent.change(field, { target: { value: text } });
      expect((await screen.findByText(words)).getAttribute('role')).toBe('alert');
    }
    expect(workbench.editor.document?.segments).toEqual(SEGMENTS);
  });
});

describe('changing keys', () => {
  it('takes the next key press, shows a conflict, and resets', async () => {
    workbench.view.openDialog('keys');
    const button = await screen.findByRole('button', { name: 'Change the key of Split at the playhead' });
    await fireEvent.click(button);
    await fireEvent.keyDown(button, { code: 'KeyM' });
    expect(workbench.keymap.keysOf('segment.split')).toEqual(['KeyM']);
    expect((await screen.findByTestId('key-conflicts')).textContent).toContain('used twice');
    await fireEvent.click(screen.getByRole('button', { name: 'Reset the key of Split at the playhead' }));
    expect(workbench.keymap.conflicts).toEqual([]);
  });

  it('searches by words and by key', async () => {
    workbench.view.openDialog('keys');
    const search = await screen.findByRole('searchbox', { name: 'Search commands and keys' });
    await fireEvent.input(search, { target: { value: 'ctrl z' } });
    expect(screen.getAllByTestId(/^key-row-/).map((row) => row.dataset['testid'])).toEqual([
      'key-row-edit.undo',
      'key-row-edit.redo',
      'key-row-review.undo',
    ]);
  });

  it('a changed key works at once, and single characters can be switched off', () => {
    workbench.selectSegment('s0001');
    workbench.keymap.setKeys('label.anger', ['KeyQ']);
    key('KeyQ');
    expect(workbench.labels.get('s0001')?.label).toBe('anger');
    workbench.keymap.useCharacterKeys(false);
    key('Digit1');
    expect(workbench.labels.get('s0001')?.label).toBe('anger');
  });
});
