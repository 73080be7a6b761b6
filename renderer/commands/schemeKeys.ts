import type { Scheme } from '../../core/tiers/scheme.js';
import { codeValue } from './annotationEdits.js';
import type { Command } from './command.js';
import type { KeyTable } from './keyHandler.js';

/**
 * The keys while a tier with a scheme is active: those of its values come before those of commands. Where single-character
 * keys are switched off, the table stays as it is; the buttons of the inspector do the same.
 */
export function withSchemeKeys(table: KeyTable, scheme: Scheme | undefined, characterKeys: boolean): KeyTable {
  if (!scheme || !characterKeys) return table;
  const byKeys = new Map(table.byKeys);
  const prefixes = new Set(table.prefixes);
  for (const { value, key } of scheme.values) {
    if (key === undefined) continue;
    const command: Command = {
      id: `code.${value}`,
      title: `Code ${value}`,
      category: 'Label',
      keys: [key],
      run: (workbench) => codeValue(workbench, value),
    };
    for (const code of [key, ...numberPad(key)]) {
      byKeys.set(code, command);
      prefixes.delete(code);
    }
  }
  return { byKeys, prefixes };
}

/** The key of the number pad for a digit. */
function numberPad(key: string): readonly string[] {
  const digit = /^Digit(\d)$/.exec(key)?.[1];
  return digit === undefined ? [] : [`Numpad${digit}`];
}
