import {
  chosenKeys,
  findConflicts,
  FIRST_CHOICES,
  type KeyChoices,
  type KeyConflict,
  keyTable,
  parseKeyChoices,
  workingKeys,
} from '../commands/keyBindings.js';
import { CATEGORIES } from '../commands/command.js';
import type { KeyTable } from '../commands/keyHandler.js';
import { isCharacterKey, keyWords } from '../commands/keys.js';
import { COMMANDS, commandOf } from '../commands/registry.js';
import type { ViewName } from './viewNames.js';
import type { CommandMenu } from '../../electron/contract/contract.js';

/** The keys of this person: preset, own keys, and whether single characters work. Kept over restarts. */
export class Keymap {
  choices = $state.raw<KeyChoices>(FIRST_CHOICES);
  readonly conflicts: readonly KeyConflict[] = $derived.by(() => findConflicts(COMMANDS, this.choices));
  private readonly save: (kept: string) => void;

  constructor(save: (kept: string) => void) {
    this.save = save;
  }

  /** What every key does in a view. */
  tableOf(view: ViewName): KeyTable {
    return keyTable(COMMANDS, this.choices, view);
  }

  restore(kept: string | undefined): void {
    this.choices = parseKeyChoices(kept);
  }

  /** Keys of a command as printed on the page, without those of the numeric pad; empty when it has none that work. */
  words(id: string): readonly string[] {
    const command = commandOf(id);
    if (!command) return [];
    const keys = workingKeys(command, this.choices);
    return keys.filter((key, index) => index === 0 || !key.startsWith('Numpad')).map(keyWords);
  }

  /** Whether a key is not switched off as a single character. */
  works(keys: string): boolean {
    return this.choices.characterKeys || !isCharacterKey(keys);
  }

  /** Keys chosen for a command, whether or not single characters are switched on. */
  keysOf(id: string): readonly string[] {
    const command = commandOf(id);
    return command ? chosenKeys(command, this.choices) : [];
  }

  /** The commands as menus of the window, with the keys that work now. */
  menus(): CommandMenu[] {
    return CATEGORIES.map((category) => ({
      title: category === 'Recording' ? 'File' : category,
      items: COMMANDS.filter((command) => command.category === category).map(({ id, title, ...rest }) => {
        const [keys] = workingKeys({ id, ...rest }, this.choices);
        return keys === undefined ? { id, title } : { id, title, keys };
      }),
    }));
  }

  /** What the next key of a begun sequence would do, `T Mark text…`; empty when no sequence has begun. */
  continuations(pending: string, view: ViewName): readonly { readonly key: string; readonly title: string }[] {
    if (pending === '') return [];
    return [...this.tableOf(view).byKeys].flatMap(([keys, command]) =>
      keys.startsWith(`${pending} `) ? [{ key: keyWords(keys.slice(pending.length + 1)), title: command.title }] : [],
    );
  }

  /** Whether a person set the keys of this command. */
  isOwn(id: string): boolean {
    return Object.hasOwn(this.choices.own, id);
  }

  setKeys(id: string, keys: readonly string[]): void {
    this.change({ own: { ...this.choices.own, [id]: keys } });
  }

  /** Back to the preset's keys. */
  reset(id: string): void {
    this.change({ own: Object.fromEntries(Object.entries(this.choices.own).filter(([other]) => other !== id)) });
  }

  resetAll(): void {
    this.change({ own: {} });
  }

  choosePreset(preset: string): void {
    this.change({ preset });
  }

  useCharacterKeys(characterKeys: boolean): void {
    this.change({ characterKeys });
  }

  private change(part: Partial<KeyChoices>): void {
    this.choices = { ...this.choices, ...part };
    this.save(JSON.stringify(this.choices));
  }
}
