import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../renderer/commands/command.js';
import {
  chosenKeys,
  findConflicts,
  FIRST_CHOICES,
  keyTable,
  parseKeyChoices,
  workingKeys,
} from '../../renderer/commands/keyBindings.js';
import { isCharacterKey, keyWords } from '../../renderer/commands/keys.js';
import { PRESETS } from '../../renderer/commands/presets.js';
import { COMMANDS } from '../../renderer/commands/registry.js';

describe('the command registry', () => {
  const keys = COMMANDS.flatMap((command) => command.keys);

  it('gives no key to two commands of every view, nor to two of one view', () => {
    const places = COMMANDS.flatMap((command) => command.keys.map((key) => `${command.view ?? 'every view'}: ${key}`));
    expect(new Set(places).size).toBe(places.length);
  });

  it('lets a command of one view come before one of every view there, and only there', () => {
    expect(keyTable(COMMANDS, FIRST_CHOICES, 'review').byKeys.get('Enter')?.id).toBe('review.accept');
    expect(keyTable(COMMANDS, FIRST_CHOICES, 'annotate').byKeys.get('Enter')?.id).toBe('label.confirm');
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

  it('prints keys as they are on the keyboard', () => {
    expect(keyWords('Ctrl+Shift+KeyZ')).toBe('Ctrl Shift Z');
    expect(keyWords('KeyX KeyT')).toBe('X T');
    expect(keyWords('Shift+Slash')).toBe('?');
    expect(keyWords('BracketLeft')).toBe('[');
  });
});

describe('presets', () => {
  it.each(PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s names known commands and clashes nowhere',
    (id, preset) => {
      const ids = COMMANDS.map((command) => command.id);
      expect(Object.keys(preset.keys).filter((known) => !ids.includes(known))).toEqual([]);
      expect(findConflicts(COMMANDS, { ...FIRST_CHOICES, preset: id })).toEqual([]);
    },
  );

  it('ELAN-like and BORIS-like keys are those of FEATURES.md', () => {
    const keysOf = (preset: string, id: string) =>
      chosenKeys(
        COMMANDS.find((command) => command.id === id)!,
        { ...FIRST_CHOICES, preset },
      );
    expect(keysOf('elan', 'play.toggle')).toEqual(['Ctrl+Space']);
    expect(keysOf('elan', 'play.selection')).toEqual(['Shift+Space']);
    expect(keysOf('elan', 'segment.add')).toEqual(['Alt+KeyN']);
    expect(keysOf('elan', 'play.frameBack')).toEqual(['Ctrl+ArrowLeft']);
    expect(keysOf('boris', 'play.faster')).toEqual(['Home']);
    expect(keysOf('boris', 'play.goTo')).toEqual(['Ctrl+KeyT']);
    expect(keysOf('boris', 'label.anger')).toEqual(['Digit4', 'Numpad4']);
  });
});

describe('own keys', () => {
  const split = COMMANDS.find((command) => command.id === 'segment.split')!;

  it('come before preset and default, also when there are none', () => {
    expect(chosenKeys(split, { ...FIRST_CHOICES, own: { [split.id]: ['KeyQ'] } })).toEqual(['KeyQ']);
    expect(chosenKeys(split, { ...FIRST_CHOICES, own: { [split.id]: [] } })).toEqual([]);
    expect(keyTable(COMMANDS, { ...FIRST_CHOICES, own: { [split.id]: ['KeyQ'] } }).byKeys.get('KeyQ')).toBe(split);
  });

  it('that another command has are named, and so is a key that begins a sequence', () => {
    const twice = findConflicts(COMMANDS, { ...FIRST_CHOICES, own: { [split.id]: ['KeyM'] } });
    expect(twice).toEqual([{ keys: 'KeyM', ids: ['segment.split', 'segment.mergeNext'] }]);
    const prefix = findConflicts(COMMANDS, { ...FIRST_CHOICES, own: { [split.id]: ['KeyX'] } });
    expect(prefix.map((conflict) => conflict.keys)).toContain('KeyX');
  });

  it('single characters can be switched off, and nothing but single characters', () => {
    const off = { ...FIRST_CHOICES, characterKeys: false };
    const left = COMMANDS.flatMap((command) => workingKeys(command, off));
    expect(left.filter(isCharacterKey)).toEqual([]);
    expect(left).toContain('Ctrl+KeyZ');
    expect(left).toContain('Space');
    expect(left).toContain('ArrowDown');
    expect(left.filter((keys) => keys.startsWith('KeyX'))).toEqual([]);
    expect(isCharacterKey('Shift+Slash')).toBe(true);
  });

  it.each([
    undefined,
    '',
    '{',
    '[]',
    '{"preset":1,"own":{},"characterKeys":true}',
    '{"preset":"default","own":{"a":["x y z"]},"characterKeys":true}',
  ])('damaged choices %s give the first ones', (kept) => {
    expect(parseKeyChoices(kept)).toEqual(FIRST_CHOICES);
  });

  it('come back as they were kept; a preset of another version becomes the default', () => {
    const choices = { preset: 'elan', own: { 'segment.split': ['KeyQ'] }, characterKeys: false };
    expect(parseKeyChoices(JSON.stringify(choices))).toEqual(choices);
    expect(parseKeyChoices(JSON.stringify({ ...choices, preset: 'gone' })).preset).toBe('default');
  });
});
