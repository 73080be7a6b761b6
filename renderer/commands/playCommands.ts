import { FEATURE_CONTAINER } from '../../core/recording/mediaInfo.js';
import { microseconds } from '../../core/time/microseconds.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { commandGroup } from './command.js';

const SECOND = 1_000_000;
/** What "play around" adds on both sides of the selection. */
const AROUND = SECOND / 2;

const isOpen = (w: Workbench) => w.workspace.entry !== undefined;
const isPlayable = ({ workspace }: Workbench) =>
  workspace.media !== undefined && workspace.info?.container !== FEATURE_CONTAINER;
const canPlaySelection = (w: Workbench) => isPlayable(w) && w.range !== undefined;

function move(workbench: Workbench, action: () => void): void {
  action();
  const { time } = workbench.player;
  workbench.show({ start: time, end: time });
}

function playSelection(workbench: Workbench, margin: number): void {
  const { range, player } = workbench;
  if (!range) return;
  const start = microseconds(Math.max(0, range.start - margin));
  const end = microseconds(Math.min(player.duration, range.end + margin));
  player.playRange({ start, end });
}

/** During a take of a trace the recorder plays and pauses, so that going on counts down again. */
function togglePlaying({ recorder, player }: Workbench): void {
  if (recorder.busy) recorder.toggle();
  else player.toggle();
}

const seekBy = (delta: number) => (w: Workbench) => move(w, () => w.player.seekBy(delta));
const step = (frames: number) => (w: Workbench) => move(w, () => w.player.step(frames));

export const PLAY_COMMANDS = commandGroup('Play', isOpen, [
  ['play.toggle', 'Play or pause', 'Space, KeyK', togglePlaying, isPlayable],
  ['play.selection', 'Play the selection', 'Shift+Space', (w) => playSelection(w, 0), canPlaySelection],
  ['play.around', 'Play around the selection', 'Ctrl+Shift+Space', (w) => playSelection(w, AROUND), canPlaySelection],
  ['play.loop', 'Loop the selection', 'KeyR', (w) => w.player.toggleLoop(), isPlayable],
  ['play.slower', 'Slower', 'KeyJ', (w) => w.player.changeSpeed(-1), isPlayable],
  ['play.faster', 'Faster', 'KeyL', (w) => w.player.changeSpeed(1), isPlayable],
  ['play.normalSpeed', 'Normal speed', 'Backslash', (w) => w.player.setSpeed(1), isPlayable],
  ['play.frameBack', 'Back one frame', 'ArrowLeft, Comma', step(-1)],
  ['play.frameForward', 'Forward one frame', 'ArrowRight, Period', step(1)],
  ['play.secondBack', 'Back 1 second', 'Shift+ArrowLeft', seekBy(-SECOND)],
  ['play.secondForward', 'Forward 1 second', 'Shift+ArrowRight', seekBy(SECOND)],
  ['play.fiveBack', 'Back 5 seconds', 'Ctrl+ArrowLeft', seekBy(-5 * SECOND)],
  ['play.fiveForward', 'Forward 5 seconds', 'Ctrl+ArrowRight', seekBy(5 * SECOND)],
  ['play.start', 'Go to the start', 'Home', (w) => move(w, () => w.player.seek(0))],
  ['play.end', 'Go to the end', 'End', (w) => move(w, () => w.player.seek(w.player.duration))],
  ['play.goTo', 'Go to a time', 'KeyG', (w) => w.view.openDialog('goTo')],
]);
