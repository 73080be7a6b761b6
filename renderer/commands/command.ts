import type { ViewName } from '../state/viewNames.js';
import type { Workbench } from '../state/workbench.svelte.js';

export const CATEGORIES = [
  'Recording',
  'Edit',
  'View',
  'Play',
  'Select',
  'Segment',
  'Tier',
  'Label',
  'Mark',
  'Project',
  'Review',
  'Compare',
  'Help',
] as const;
export type Category = (typeof CATEGORIES)[number];

type When = (workbench: Workbench) => boolean;
type Run = (workbench: Workbench) => void;

/**
 * One thing a person can do, by key, palette or menu. Keys are physical codes (`KeyboardEvent.code`) with modifiers in
 * the order Ctrl, Alt, Shift: `Ctrl+Shift+KeyZ`; a sequence is written with a space: `KeyX KeyT`. Ctrl is Cmd on a Mac.
 */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly category: Category;
  /** Default keys; what a person set instead is in the keymap. */
  readonly keys: readonly string[];
  /** Whether it can run now; always when absent. */
  readonly when?: When;
  /** The one view in which it exists; there its keys come before those of commands without a view. Every view when absent. */
  readonly view?: ViewName;
  readonly run: Run;
}

/** A command as one line of a list; keys are separated by commas, `''` for none. */
export type CommandRow = readonly [id: string, title: string, keys: string, run: Run, when?: When];

/** Commands of one category, and of one view if named; `when` holds for every row that has none of its own. */
export function commandGroup(
  category: Category,
  when: When | undefined,
  rows: readonly CommandRow[],
  view?: ViewName,
): Command[] {
  return rows.map(([id, title, keys, run, ownWhen = when]) => ({
    id,
    title,
    category,
    keys: keys === '' ? [] : keys.split(', '),
    ...(ownWhen ? { when: ownWhen } : {}),
    ...(view ? { view } : {}),
    run,
  }));
}

export function isEnabled(command: Command, workbench: Workbench): boolean {
  if (command.view !== undefined && command.view !== workbench.view.name) return false;
  return command.when?.(workbench) ?? true;
}
