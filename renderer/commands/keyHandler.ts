import type { Command } from './command.js';
import { isModifier, type KeyPress, strokeOf } from './keys.js';

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

/** What every key does now: whole bindings, and the first keys of sequences. */
export interface KeyTable {
  readonly byKeys: ReadonlyMap<string, Command>;
  readonly prefixes: ReadonlySet<string>;
}

/** Turns key presses into commands; remembers the first key of a sequence. */
export class KeyHandler {
  private pending = '';

  private readonly table: () => KeyTable;
  private readonly run: (command: Command) => boolean;
  private readonly onPending: (keys: string) => void;

  constructor(
    table: () => KeyTable,
    run: (command: Command) => boolean,
    onPending: (keys: string) => void = () => undefined,
  ) {
    this.table = table;
    this.run = run;
    this.onPending = onPending;
  }

  /** Handles a press; true when a command took it (the caller then prevents the default). */
  press(event: KeyPress, target: EventTarget | null): boolean {
    if (isModifier(event)) return false;
    if (isTextField(target) || isOwnKey(target, event)) {
      this.setPending('');
      return false;
    }
    const { byKeys, prefixes } = this.table();
    const stroke = strokeOf(event);
    const before = this.pending;
    this.setPending('');
    if (before !== '') {
      const command = byKeys.get(`${before} ${stroke}`);
      if (command) return this.run(command);
      if (stroke === 'Escape') return true;
    }
    if (prefixes.has(stroke)) {
      this.setPending(stroke);
      return true;
    }
    const command = byKeys.get(stroke);
    return command !== undefined && this.run(command);
  }

  private setPending(keys: string): void {
    if (this.pending === keys) return;
    this.pending = keys;
    this.onPending(keys);
  }
}
