import type { Workbench } from '../state/workbench.svelte.js';
import { type Command, isEnabled } from './command.js';
import { GENERAL_COMMANDS } from './generalCommands.js';
import { LABEL_COMMANDS } from './labelCommands.js';
import { MARK_COMMANDS } from './markCommands.js';
import { PLAY_COMMANDS } from './playCommands.js';

/** Every command of the page. Keys, shortcut sheet, palette and native menu all read this one list. */
export const COMMANDS: readonly Command[] = [
  ...PLAY_COMMANDS,
  ...LABEL_COMMANDS,
  ...MARK_COMMANDS,
  ...GENERAL_COMMANDS,
];

const BY_ID: ReadonlyMap<string, Command> = new Map(COMMANDS.map((command) => [command.id, command]));

/** Runs a command if it can run now; false when it cannot or is unknown. */
export function runCommand(workbench: Workbench, id: string): boolean {
  const command = BY_ID.get(id);
  if (!command || !isEnabled(command, workbench)) return false;
  command.run(workbench);
  return true;
}

/** First key of a command, for hints on buttons. */
export function firstKey(id: string): string | undefined {
  return BY_ID.get(id)?.keys[0];
}
