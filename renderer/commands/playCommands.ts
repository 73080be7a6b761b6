import type { Command } from './command.js';
import type { Workbench } from '../state/workbench.svelte.js';

const SECOND = 1_000_000;
const open = (workbench: Workbench) => workbench.workspace.entry !== undefined;
const playable = (workbench: Workbench) => workbench.workspace.media !== undefined;

function move(workbench: Workbench, action: () => void): void {
  action();
  const { time } = workbench.player;
  workbench.show({ start: time, end: time });
}

const seek = (id: string, title: string, keys: readonly string[], delta: number): Command => ({
  id,
  title,
  category: 'Play',
  keys,
  when: open,
  run: (w) => move(w, () => w.player.seekBy(delta)),
});

const step = (id: string, title: string, keys: readonly string[], frames: number): Command => ({
  id,
  title,
  category: 'Play',
  keys,
  when: open,
  run: (w) => move(w, () => w.player.step(frames)),
});

export const PLAY_COMMANDS: readonly Command[] = [
  {
    id: 'play.toggle',
    title: 'Play or pause',
    category: 'Play',
    keys: ['Space', 'KeyK'],
    when: playable,
    run: (w) => w.player.toggle(),
  },
  {
    id: 'play.slower',
    title: 'Slower',
    category: 'Play',
    keys: ['KeyJ'],
    when: playable,
    run: (w) => w.player.changeSpeed(-1),
  },
  {
    id: 'play.faster',
    title: 'Faster',
    category: 'Play',
    keys: ['KeyL'],
    when: playable,
    run: (w) => w.player.changeSpeed(1),
  },
  step('play.frameBack', 'Back one frame', ['ArrowLeft', 'Comma'], -1),
  step('play.frameForward', 'Forward one frame', ['ArrowRight', 'Period'], 1),
  seek('play.secondBack', 'Back 1 second', ['Shift+ArrowLeft'], -SECOND),
  seek('play.secondForward', 'Forward 1 second', ['Shift+ArrowRight'], SECOND),
  seek('play.fiveBack', 'Back 5 seconds', ['Ctrl+ArrowLeft'], -5 * SECOND),
  seek('play.fiveForward', 'Forward 5 seconds', ['Ctrl+ArrowRight'], 5 * SECOND),
  {
    id: 'play.start',
    title: 'Go to the start',
    category: 'Play',
    keys: ['Home'],
    when: open,
    run: (w) => move(w, () => w.player.seek(0)),
  },
  {
    id: 'play.end',
    title: 'Go to the end',
    category: 'Play',
    keys: ['End'],
    when: open,
    run: (w) => move(w, () => w.player.seek(w.player.duration)),
  },
  {
    id: 'play.loop',
    title: 'Loop the selection',
    category: 'Play',
    keys: ['KeyR'],
    when: playable,
    run: (w) => {
      w.player.loop = !w.player.loop;
    },
  },
];
