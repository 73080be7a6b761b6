import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MENU_COMMANDS } from '../../electron/contract/contract.js';
import { CATEGORIES, keyWords } from '../../renderer/commands/command.js';
import { COMMANDS } from '../../renderer/commands/registry.js';

describe('the command registry', () => {
  const keys = COMMANDS.flatMap((command) => command.keys);

  it('gives no key to two commands', () => {
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has no command twice, and every command a title and a known category', () => {
    expect(new Set(COMMANDS.map((command) => command.id)).size).toBe(COMMANDS.length);
    for (const command of COMMANDS) {
      expect(command.title).not.toBe('');
      expect(CATEGORIES).toContain(command.category);
    }
  });

  it('has no key that is also the first key of a sequence', () => {
    const prefixes = keys.filter((key) => key.includes(' ')).map((key) => key.split(' ')[0]);
    expect(keys.filter((key) => prefixes.includes(key))).toEqual([]);
  });

  it('leaves Tab to the platform', () => {
    expect(keys.filter((key) => key.includes('Tab'))).toEqual([]);
  });

  it('answers every command of the native menu', () => {
    const ids = COMMANDS.map((command) => command.id);
    expect(MENU_COMMANDS.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('is documented command by command', () => {
    const readme = readFileSync(new URL('../../renderer/README.md', import.meta.url), 'utf8');
    expect(COMMANDS.filter((command) => !readme.includes(`\`${command.id}\``)).map((command) => command.id)).toEqual(
      [],
    );
  });

  it('prints keys as they are on the keyboard', () => {
    expect(keyWords('Ctrl+Shift+KeyZ')).toBe('Ctrl Shift Z');
    expect(keyWords('KeyX KeyT')).toBe('X T');
    expect(keyWords('Shift+Slash')).toBe('?');
    expect(keyWords('BracketLeft')).toBe('[');
  });
});
