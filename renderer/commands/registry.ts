import type { Workbench } from '../state/workbench.svelte.js';
import { AGREEMENT_COMMANDS } from './agreementCommands.js';
import { type Command, isEnabled } from './command.js';
import { COMPARE_COMMANDS } from './compareCommands.js';
import { EDIT_COMMANDS } from './editCommands.js';
import { GENERAL_COMMANDS } from './generalCommands.js';
import { LABEL_COMMANDS } from './labelCommands.js';
import { MARK_COMMANDS } from './markCommands.js';
import { PLAY_COMMANDS } from './playCommands.js';
import { PROJECT_COMMANDS } from './projectCommands.js';
import { REVIEW_COMMANDS } from './reviewCommands.js';
import { SEGMENT_COMMANDS } from './segmentCommands.js';
import { SELECT_COMMANDS } from './selectCommands.js';
import { TIER_COMMANDS } from './tierCommands.js';
import { VIEW_COMMANDS } from './viewCommands.js';

/** Every command of the page. Keys, shortcut sheet, settings, palette and native menu all read this one list. */
export const COMMANDS: readonly Command[] = [
  ...PLAY_COMMANDS,
  ...SELECT_COMMANDS,
  ...SEGMENT_COMMANDS,
  ...TIER_COMMANDS,
  ...LABEL_COMMANDS,
  ...MARK_COMMANDS,
  ...COMPARE_COMMANDS,
  ...GENERAL_COMMANDS,
  ...PROJECT_COMMANDS,
  ...EDIT_COMMANDS,
  ...REVIEW_COMMANDS,
  ...AGREEMENT_COMMANDS,
  ...VIEW_COMMANDS,
];

const BY_ID: ReadonlyMap<string, Command> = new Map(COMMANDS.map((command) => [command.id, command]));

export function commandOf(id: string): Command | undefined {
  return BY_ID.get(id);
}

/** Runs a command if it can run now; false when it cannot or is unknown. */
export function runCommand(workbench: Workbench, id: string): boolean {
  const command = BY_ID.get(id);
  if (!command || !isEnabled(command, workbench)) return false;
  command.run(workbench);
  return true;
}
