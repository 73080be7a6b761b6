/** The command line: the main job and its helpers without a window. */
import { agreementMain } from './agreement.js';
import { analyzeMain } from './analyze.js';
import { convertMain } from './convert.js';
import { docsMain } from './docs.js';
import { EXIT } from './exitCodes.js';

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  agreement: agreementMain,
  analyze: analyzeMain,
  convert: convertMain,
  docs: docsMain,
  evaluate: async (argv) => (await import('./evaluate.js')).main(argv),
  features: async (argv) => (await import('./features.js')).main(argv),
};

/**
 * Runs a command of the command line.
 * @returns the exit status; `analyze --help` lists what each number means.
 */
export async function run(command: string, argv: readonly string[]): Promise<number> {
  const main = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (main !== undefined) return main(argv);
  process.stderr.write(`unknown command "${command}"; there are ${Object.keys(COMMANDS).join(', ')}\n`);
  return EXIT.usage;
}
