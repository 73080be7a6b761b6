import * as v from 'valibot';
import type { ViewName } from '../state/viewNames.js';
import type { Command } from './command.js';
import type { KeyTable } from './keyHandler.js';
import { isCharacterKey } from './keys.js';
import { DEFAULT_PRESET, PRESETS } from './presets.js';

/** What a person chose about keys; all of it is kept. */
export interface KeyChoices {
  readonly preset: string;
  /** Keys by command id, before preset and default. */
  readonly own: Readonly<Record<string, readonly string[]>>;
  /** Off: keys that are one letter, digit or sign do nothing (WCAG 2.1.4). */
  readonly characterKeys: boolean;
}

export const FIRST_CHOICES: KeyChoices = { preset: DEFAULT_PRESET, own: {}, characterKeys: true };

/** Two commands that want the same key, or a key that also begins a sequence. */
export interface KeyConflict {
  readonly keys: string;
  readonly ids: readonly [string, string];
}

const keysSchema = v.pipe(v.string(), v.maxLength(80), v.regex(/^\S+( \S+)?$/));
const choicesSchema = v.object({
  preset: v.string(),
  own: v.record(v.string(), v.pipe(v.array(keysSchema), v.maxLength(8))),
  characterKeys: v.boolean(),
});

/** Reads kept choices; what is damaged or of unknown shape gives the first choices, never an error. */
export function parseKeyChoices(kept: string | undefined): KeyChoices {
  if (kept === undefined) return FIRST_CHOICES;
  try {
    const parsed = v.safeParse(choicesSchema, JSON.parse(kept));
    if (!parsed.success) return FIRST_CHOICES;
    const known = PRESETS.some((preset) => preset.id === parsed.output.preset);
    return { ...parsed.output, preset: known ? parsed.output.preset : DEFAULT_PRESET };
  } catch {
    return FIRST_CHOICES;
  }
}

/** Keys of a command before the choice about character keys: own, else of the preset, else its default. */
export function chosenKeys(command: Pick<Command, 'id' | 'keys'>, choices: KeyChoices): readonly string[] {
  if (Object.hasOwn(choices.own, command.id)) return choices.own[command.id] ?? [];
  const preset = PRESETS.find((candidate) => candidate.id === choices.preset)?.keys ?? {};
  return Object.hasOwn(preset, command.id) ? (preset[command.id] ?? []) : command.keys;
}

/** Keys of a command that work now. */
export function workingKeys(command: Pick<Command, 'id' | 'keys'>, choices: KeyChoices): readonly string[] {
  const keys = chosenKeys(command, choices);
  return choices.characterKeys ? keys : keys.filter((key) => !isCharacterKey(key));
}

/**
 * The table that the key handler looks up. Commands of the view come before those of every view; where two commands want
 * a key, the first of the list has it.
 */
export function keyTable(commands: readonly Command[], choices: KeyChoices, view?: ViewName): KeyTable {
  const byKeys = new Map<string, Command>();
  const ofView = commands.filter((command) => command.view !== undefined && command.view === view);
  for (const command of [...ofView, ...commands.filter((candidate) => candidate.view === undefined)]) {
    for (const keys of workingKeys(command, choices)) if (!byKeys.has(keys)) byKeys.set(keys, command);
  }
  const sequences = [...byKeys.keys()].filter((keys) => keys.includes(' '));
  return { byKeys, prefixes: new Set(sequences.map((keys) => keys.slice(0, keys.indexOf(' ')))) };
}

/**
 * Everything that does not fit together, in the order of the commands. A command of one view may have a key of a command
 * of every view: there it comes first.
 */
export function findConflicts(commands: readonly Command[], choices: KeyChoices): readonly KeyConflict[] {
  const first = new Map<string, string>();
  const conflicts: KeyConflict[] = [];
  const all = commands.flatMap((command) =>
    chosenKeys(command, choices).map((keys) => ({ keys, id: command.id, view: command.view ?? '' })),
  );
  for (const { keys, id, view } of all) {
    const place = `${view}/${keys}`;
    const owner = first.get(place);
    if (owner !== undefined && owner !== id) conflicts.push({ keys, ids: [owner, id] });
    else first.set(place, id);
  }
  for (const { keys, id, view } of all) {
    if (!keys.includes(' ')) continue;
    const start = keys.slice(0, keys.indexOf(' '));
    const owners = all.filter((other) => other.keys === start && (view === '' || [view, ''].includes(other.view)));
    for (const owner of owners) conflicts.push({ keys: start, ids: [owner.id, id] });
  }
  return conflicts;
}
