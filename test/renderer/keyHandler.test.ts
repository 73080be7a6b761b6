import { describe, expect, it, vi } from 'vitest';
import { FIRST_CHOICES, keyTable } from '../../renderer/commands/keyBindings.js';
import { KeyHandler } from '../../renderer/commands/keyHandler.js';
import { type KeyPress, strokeOf } from '../../renderer/commands/keys.js';
import { COMMANDS } from '../../renderer/commands/registry.js';

const press = (code: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

function setup() {
  const ran: string[] = [];
  const pending = vi.fn();
  const handler = new KeyHandler(
    () => keyTable(COMMANDS, FIRST_CHOICES),
    (command) => {
      ran.push(command.id);
      return true;
    },
    pending,
  );
  return { ran, pending, handler };
}

function element(html: string): Element {
  const box = document.createElement('div');
  box.innerHTML = html;
  document.body.append(box);
  return box.querySelector('[data-target]') ?? box.firstElementChild!;
}

describe('keys', () => {
  it('are read by physical code, Cmd counts as Ctrl', () => {
    expect(strokeOf(press('KeyZ', { metaKey: true, shiftKey: true }))).toBe('Ctrl+Shift+KeyZ');
    expect(strokeOf(press('ArrowLeft', { shiftKey: true }))).toBe('Shift+ArrowLeft');
  });

  it('run their command', () => {
    const { ran, handler } = setup();
    expect(handler.press(press('Space'), document.body)).toBe(true);
    handler.press(press('Digit3'), document.body);
    handler.press(press('KeyZ', { ctrlKey: true, shiftKey: true }), document.body);
    expect(ran).toEqual(['play.toggle', 'label.sadness', 'edit.redo']);
  });

  it('X then V marks visual; Esc or another key leaves the sequence without a mark', () => {
    const { ran, pending, handler } = setup();
    handler.press(press('KeyX'), document.body);
    expect(pending).toHaveBeenLastCalledWith('KeyX');
    handler.press(press('KeyV'), document.body);
    expect(ran).toEqual(['mark.visual']);
    handler.press(press('KeyX'), document.body);
    handler.press(press('Escape'), document.body);
    handler.press(press('KeyV'), document.body);
    expect(ran).toEqual(['mark.visual']);
    expect(pending).toHaveBeenLastCalledWith('');
  });

  it.each([
    '<input type="text" />',
    '<input type="number" />',
    '<textarea></textarea>',
    '<select></select>',
    '<input />',
  ])('do nothing while typing in %s, not even with Ctrl', (html) => {
    const { ran, handler } = setup();
    const field = element(html);
    for (const key of [
      press('Space'),
      press('KeyX'),
      press('Digit1'),
      press('KeyZ', { ctrlKey: true }),
      press('Enter'),
    ]) {
      expect(handler.press(key, field)).toBe(false);
    }
    expect(ran).toEqual([]);
  });

  it('Space and Enter belong to a focused button, other keys still work there', () => {
    const { ran, handler } = setup();
    const button = element('<button>Loop</button>');
    expect(handler.press(press('Space'), button)).toBe(false);
    expect(handler.press(press('Enter'), button)).toBe(false);
    handler.press(press('KeyP'), button);
    expect(ran).toEqual(['mark.next']);
  });

  it('arrows belong to sliders, lists and tabs', () => {
    const { ran, handler } = setup();
    handler.press(press('ArrowLeft'), element('<input type="range" />'));
    handler.press(press('ArrowDown'), element('<div role="listbox"><div data-target role="option"></div></div>'));
    handler.press(press('ArrowRight'), element('<div role="tablist"><button data-target role="tab"></button></div>'));
    expect(ran).toEqual([]);
  });
});
