import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { argumentSchemas } from '../../electron/contract/contract.js';
import { COMMANDS } from '../../renderer/commands/registry.js';
import { Keymap } from '../../renderer/state/keymap.svelte.js';

describe('the native menu', () => {
  it('holds every command once, in a form that main takes', () => {
    const keymap = new Keymap(() => undefined);
    const menus = v.parse(argumentSchemas['menu/show'], keymap.menus());
    expect(menus.flatMap((menu) => menu.items.map((item) => item.id)).sort()).toEqual(
      COMMANDS.map((command) => command.id).sort(),
    );
    expect(menus.flatMap((menu) => menu.items).find((item) => item.id === 'edit.undo')?.keys).toBe('Ctrl+KeyZ');
  });
});

describe('the keymap', () => {
  it('keeps every change, and reads it again', () => {
    let kept = '';
    const keymap = new Keymap((text) => (kept = text));
    keymap.choosePreset('boris');
    keymap.setKeys('segment.split', ['KeyQ']);
    keymap.useCharacterKeys(false);
    const again = new Keymap(() => undefined);
    again.restore(kept);
    expect(again.choices).toEqual(keymap.choices);
    expect(again.keysOf('segment.split')).toEqual(['KeyQ']);
    expect(again.words('segment.split')).toEqual([]);
    expect(again.words('play.faster')).toEqual(['Home']);
  });

  it('reset gives the keys of the preset back', () => {
    const keymap = new Keymap(() => undefined);
    keymap.setKeys('segment.split', ['KeyQ']);
    expect(keymap.isOwn('segment.split')).toBe(true);
    keymap.reset('segment.split');
    expect(keymap.words('segment.split')).toEqual(['S']);
    keymap.setKeys('segment.split', ['KeyM']);
    expect(keymap.conflicts).toHaveLength(1);
    keymap.resetAll();
    expect(keymap.conflicts).toEqual([]);
  });

  it('names what the next key of a sequence does', () => {
    const keymap = new Keymap(() => undefined);
    expect(keymap.continuations('KeyX', 'annotate').map(({ key }) => key)).toEqual(['T', 'A', 'V']);
    expect(keymap.continuations('', 'annotate')).toEqual([]);
  });
});
