import { fireEvent, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addTier } from '../../core/tiers/editTiers.js';
import { TraceRecorder } from '../../renderer/state/traceRecorder.svelte.js';
import type { Workbench } from '../../renderer/state/workbench.svelte.js';
import { SEGMENTS } from './fakeBridge.js';
import { closeWorkbench, openSampleWorkbench } from './sampleWorkbench.js';

let workbench: Workbench;

beforeEach(async () => {
  workbench = await openSampleWorkbench();
});
afterEach(() => closeWorkbench(workbench));

const key = (code: string, init: KeyboardEventInit = {}, target: Element = document.body) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...init }));

describe('live marking', () => {
  it('Enter begins and ends a segment; the lag is taken off both ends and kept with it', () => {
    key('KeyL', { shiftKey: true });
    workbench.setLiveLag(200);
    workbench.player.seek(20_000_000);
    key('Enter');
    workbench.player.seek(22_000_000);
    expect(workbench.live.openRange).toEqual({ start: 19_800_000, end: 21_800_000 });
    key('Enter');
    expect(workbench.segment).toMatchObject({
      range: { start: 19_800_000, end: 21_800_000 },
      origin: 'human',
      reactionLag: 200_000,
    });
    expect(workbench.view.message).toMatch(/200 ms reaction lag taken off/);
    key('KeyZ', { ctrlKey: true });
    expect(workbench.segments.items).toHaveLength(SEGMENTS.length);
  });

  it('without a lag nothing is taken off and nothing is said about one', () => {
    key('KeyL', { shiftKey: true });
    workbench.player.seek(20_000_000);
    key('Enter');
    workbench.player.seek(21_000_000);
    key('Enter');
    expect(workbench.segment?.range).toEqual({ start: 20_000_000, end: 21_000_000 });
    expect(workbench.segment).not.toHaveProperty('reactionLag');
  });

  it('on a tier the key of a value begins its stretch and ends the one of another value', () => {
    workbench.editor.apply('Add tier', addTier(workbench.editor.document!, 'Emotion', 'emotion').document);
    key('ArrowDown', { altKey: true });
    key('KeyL', { shiftKey: true });
    const press = (time: number, code: string) => {
      workbench.player.seek(time);
      key(code);
    };
    press(1_000_000, 'Digit2');
    press(3_000_000, 'Digit3');
    press(4_000_000, 'Digit3');
    expect(workbench.editor.document?.annotations).toMatchObject([
      { value: 'happiness', range: { start: 1_000_000, end: 3_000_000 } },
      { value: 'sadness', range: { start: 3_000_000, end: 4_000_000 } },
    ]);
    expect(workbench.live.openRange).toBeUndefined();
  });
});

describe('the trace recorder', () => {
  /** A recorder over the page's editor, with a player whose clock the test moves. */
  function recorderWith(stick?: () => number | undefined) {
    const player = { time: 0, playing: false, speed: 1, mediaError: '', play: () => {}, pause: () => {} };
    player.play = () => (player.playing = true);
    player.pause = () => (player.playing = false);
    const sources = { editor: workbench.editor, raterId: () => 'R3', say: () => {}, ...(stick ? { stick } : {}) };
    return { player, recorder: new TraceRecorder({ ...sources, player: player as never }) };
  }
  const frames = async (player: { time: number }, amount: number) => {
    for (let frame = 0; frame < amount; frame += 1) {
      player.time += 50_000;
      await vi.advanceTimersByTimeAsync(17);
    }
  };

  it('counts down, records steps by keys, pauses, counts down again, and one undo takes all of it back', async () => {
    vi.useFakeTimers();
    try {
      const before = workbench.editor.document;
      const { player, recorder } = recorderWith();
      recorder.lagMs = 350;
      recorder.input = 'keys';
      recorder.toggle();
      expect([recorder.state, recorder.secondsLeft, player.playing]).toEqual(['countdown', 3, false]);
      await vi.advanceTimersByTimeAsync(3000);
      expect([recorder.state, player.playing]).toEqual(['recording', true]);
      await frames(player, 10);
      recorder.nudge(0.1);
      await frames(player, 10);
      recorder.toggle();
      expect([recorder.state, player.playing]).toEqual(['paused', false]);
      player.time = 5_000_000;
      recorder.toggle();
      expect(recorder.secondsLeft).toBe(3);
      await vi.advanceTimersByTimeAsync(3000);
      recorder.nudge(-0.3);
      await frames(player, 4);
      recorder.stop();
      const [trace] = workbench.editor.document!.traces!;
      expect(trace).toMatchObject({ raterId: 'R3', reactionLag: 350_000, step: 50_000, input: 'keys', speeds: [1] });
      expect(trace!.start).toBeGreaterThanOrEqual(450_000);
      expect(trace!.values[0]).toBe(100);
      expect(trace!.values.at(-1)).toBe(-200);
      expect(trace!.values.filter((value) => value === null).length).toBeGreaterThan(60);
      expect(trace!.values).not.toContain(0);
      workbench.editor.undo();
      expect(workbench.editor.document).toEqual(before);
    } finally {
      vi.useRealTimers();
    }
  });

  it('a stick at rest says nothing, a moved one is followed', async () => {
    vi.useFakeTimers();
    try {
      let at = 0.01;
      const { player, recorder } = recorderWith(() => at);
      recorder.input = 'gamepad';
      recorder.toggle();
      await vi.advanceTimersByTimeAsync(3000);
      await frames(player, 5);
      expect(recorder.value).toBeUndefined();
      at = 0.5;
      await frames(player, 5);
      recorder.stop();
      expect(new Set(workbench.editor.document?.traces?.[0]?.values)).toEqual(new Set([500]));
    } finally {
      vi.useRealTimers();
    }
  });

  it('without a movement there is no trace', async () => {
    vi.useFakeTimers();
    try {
      const { player, recorder } = recorderWith();
      recorder.toggle();
      await vi.advanceTimersByTimeAsync(3000);
      await frames(player, 5);
      recorder.stop();
      expect(workbench.editor.document).not.toHaveProperty('traces');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the transcript', () => {
  const area = () => screen.findByTestId<HTMLTextAreaElement>('transcript-text');

  it('Alt+T edits in place; Esc leaves the words, Ctrl+Enter keeps them and goes on', async () => {
    workbench.selectSegment('s0001');
    key('KeyT', { altKey: true });
    const field = await area();
    await fireEvent.input(field, { target: { value: 'Something else' } });
    key('Escape', {}, field);
    expect(workbench.segments.items[0]?.text).toBe(SEGMENTS[0]!.text);
    key('KeyT', { altKey: true });
    const again = await area();
    await fireEvent.input(again, { target: { value: 'Something else' } });
    key('Enter', { ctrlKey: true }, again);
    expect(workbench.segments.items[0]?.text).toBe('Something else');
    expect(workbench.view.editedSegment).toBe('s0002');
  });

  it('Shift+Enter splits at the cursor, Backspace at the start merges again', async () => {
    workbench.selectSegment('s0002');
    workbench.player.seek(0);
    key('KeyT', { altKey: true });
    const field = await area();
    field.setSelectionRange(12, 12);
    key('Enter', { shiftKey: true }, field);
    const [, first, second] = workbench.segments.items;
    expect([first?.text, second?.text]).toEqual(['It was our t', 'hing, more or less.']);
    expect(first?.range.end).toBe(second?.range.start);
    const part = await screen.findByLabelText<HTMLTextAreaElement>('Words of segment 3');
    part.setSelectionRange(0, 0);
    key('Backspace', {}, part);
    expect(workbench.segments.items).toHaveLength(SEGMENTS.length);
    expect(workbench.segments.items[1]?.range).toEqual(SEGMENTS[1]!.range);
  });

  it('Delete at the end merges with the next one, and the editor shows the words of both', async () => {
    workbench.selectSegment('s0001');
    key('KeyT', { altKey: true });
    const field = await area();
    field.setSelectionRange(field.value.length, field.value.length);
    key('Delete', {}, field);
    const both = `${SEGMENTS[0]!.text!} ${SEGMENTS[1]!.text!}`;
    await expect.poll(async () => (await area()).value).toBe(both);
    key('Enter', {}, await area());
    expect(workbench.segments.items[0]?.text).toBe(both);
  });

  it('Alt and a bracket set an edge to the playhead, and typed times are checked', async () => {
    workbench.selectSegment('s0003');
    key('KeyT', { altKey: true });
    workbench.player.seek(10_000_000);
    key('BracketLeft', { altKey: true }, await area());
    expect(workbench.segment?.range.start).toBe(10_000_000);
    const end = await screen.findByTestId<HTMLInputElement>('transcript-end');
    end.value = '9';
    await fireEvent.change(end);
    expect((await screen.findByRole('alert')).textContent).toMatch(/start must lie before the end/);
  });

  it('speakers are assigned to the selection, filtered and renamed everywhere', async () => {
    workbench.selection.selectSegments(['s0001', 's0002']);
    key('KeyT', { altKey: true });
    const speaker = await screen.findByTestId<HTMLInputElement>('transcript-speaker');
    speaker.value = 'S1';
    await fireEvent.change(speaker);
    expect(workbench.segments.items.filter((segment) => segment.speaker === 'S1')).toHaveLength(2);
    key('Escape', {}, await area());
    const filter = await screen.findByTestId<HTMLSelectElement>('speaker-filter');
    await fireEvent.change(filter, { target: { value: 'S1' } });
    await fireEvent.click(await screen.findByRole('button', { name: 'Rename' }));
    const name = await screen.findByTestId<HTMLInputElement>('speaker-name');
    name.value = 'Mother';
    key('Enter', {}, name);
    expect(new Set(workbench.segments.items.map((segment) => segment.speaker))).toEqual(new Set(['Mother', undefined]));
  });

  it('search tells how many places there are, and Enter walks through them', async () => {
    key('KeyF', { ctrlKey: true });
    const search = await screen.findByTestId<HTMLInputElement>('transcript-search');
    await fireEvent.input(search, { target: { value: 'THEN' } });
    expect((await screen.findByTestId('transcript-found')).textContent).toMatch(/of 3/);
    key('Enter', {}, search);
    const [first] = workbench.selection.segmentIds;
    key('Enter', {}, search);
    expect(workbench.selection.segmentIds[0]).not.toBe(first);
    expect(workbench.segment?.text).toMatch(/then/i);
  });
});
