import type { Command } from './command.js';

/** The parts of a keyboard event that decide what it does. */
export type KeyPress = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** `Ctrl+Shift+KeyZ` for an event; Cmd counts as Ctrl. */
export function strokeOf(event: KeyPress): string {
  const modifiers = [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey ? 'Shift+' : '',
  ];
  return modifiers.join('') + event.code;
}

const MODIFIER_CODES = /^(Control|Shift|Alt|Meta|CapsLock)/;
const TYPING_TYPES = new Set(['text', 'number', 'search', 'email', 'password', 'tel', 'url', '']);

/** Whether typing goes into the element, so that no command may take its keys. */
function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return TYPING_TYPES.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Whether the element itself answers this key: Space and Enter press buttons, arrows move sliders and lists. */
function isOwnKey(target: EventTarget | null, event: KeyPress): boolean {
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return false;
  const presses = event.code === 'Space' || event.code === 'Enter' || event.code === 'NumpadEnter';
  if (presses && target.closest('button, a[href], summary, input, [role="option"], [role="tab"]')) return true;
  const moves = event.code.startsWith('Arrow') || event.code === 'Home' || event.code === 'End';
  const slides = target instanceof HTMLInputElement && (target.type === 'range' || target.type === 'radio');
  return moves && (slides || target.closest('[role="listbox"], [role="tablist"], [role="radiogroup"]') !== null);
}

/** Turns key presses into commands; remembers the first key of a sequence. */
export class KeyHandler {
  private readonly byKeys: ReadonlyMap<string, Command>;
  private readonly prefixes: ReadonlySet<string>;
  private pending = '';

  private readonly run: (command: Command) => boolean;
  private readonly onPending: (keys: string) => void;

  constructor(
    commands: readonly Command[],
    run: (command: Command) => boolean,
    onPending: (keys: string) => void = () => undefined,
  ) {
    this.run = run;
    this.onPending = onPending;
    this.byKeys = new Map(commands.flatMap((command) => command.keys.map((keys) => [keys, command] as const)));
    this.prefixes = new Set(
      [...this.byKeys.keys()].filter((keys) => keys.includes(' ')).map((keys) => keys.slice(0, keys.indexOf(' '))),
    );
  }

  /** Handles a press; true when a command took it (the caller then prevents the default). */
  press(event: KeyPress, target: EventTarget | null): boolean {
    if (MODIFIER_CODES.test(event.code)) return false;
    if (isTextField(target) || isOwnKey(target, event)) {
      this.setPending('');
      return false;
    }
    const stroke = strokeOf(event);
    const before = this.pending;
    this.setPending('');
    if (before !== '') {
      const command = this.byKeys.get(`${before} ${stroke}`);
      if (command) return this.run(command);
      if (stroke === 'Escape') return true;
    }
    if (this.prefixes.has(stroke)) {
      this.setPending(stroke);
      return true;
    }
    const command = this.byKeys.get(stroke);
    return command !== undefined && this.run(command);
  }

  private setPending(keys: string): void {
    if (this.pending === keys) return;
    this.pending = keys;
    this.onPending(keys);
  }
}
