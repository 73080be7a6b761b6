import type { Workbench } from '../state/workbench.svelte.js';

export const CATEGORIES = ['Play', 'Select', 'Mark', 'Label', 'Recording', 'Edit', 'View'] as const;
type Category = (typeof CATEGORIES)[number];

/**
 * One thing a person can do, by key, palette or menu. Keys are physical codes (`KeyboardEvent.code`) with modifiers in
 * the order Ctrl, Alt, Shift: `Ctrl+Shift+KeyZ`; a sequence is written with a space: `KeyX KeyT`. Ctrl is Cmd on a Mac.
 */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly category: Category;
  readonly keys: readonly string[];
  /** Whether it can run now; always when absent. */
  readonly when?: (workbench: Workbench) => boolean;
  readonly run: (workbench: Workbench) => void;
}

export function isEnabled(command: Command, workbench: Workbench): boolean {
  return command.when?.(workbench) ?? true;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Escape: 'Esc',
  Equal: '+',
  Minus: '−',
};

/** Key as printed on the page: `Ctrl+Shift+KeyZ` -> `Ctrl Shift Z`, `KeyX KeyT` -> `X T`. */
export function keyWords(keys: string): string {
  if (keys === 'Shift+Slash') return '?';
  return keys
    .split(/[ +]/)
    .map((part) => KEY_NAMES[part] ?? part.replace(/^(Key|Digit|Numpad)/, ''))
    .join(' ');
}
