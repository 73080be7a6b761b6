import { open } from 'node:fs/promises';
import path from 'node:path';
import { agreementOf } from '../../core/agreement/agreement.js';
import {
  AGREEMENT_COLUMNS,
  AGREEMENT_MATRIX_COLUMNS,
  agreementMatrixRows,
  agreementRows,
} from '../../core/agreement/agreementTables.js';
import { ProblemError } from '../../core/problems/problem.js';
import { csvChunks } from '../../core/report/csv.js';
import { writeAtomically } from '../files/writeAtomically.js';
import { checkReportFolder, publishFolder } from '../report/reportFolder.js';
import { readAgreementInputs } from './agreementInputs.js';
import { AGREEMENT_HINT, type AgreementCommand, agreementHelp, parseAgreementOptions } from './agreementOptions.js';
import { agreementJson, agreementText } from './agreementText.js';
import { UsageError } from './analyzeOptions.js';
import { callersFolder } from './appFolder.js';
import { EXIT, exitCodeOf } from './exitCodes.js';

const TABLE_FILE = 'agreement.csv';
const MATRIX_FILE = 'agreement_matrix.csv';

/** Runs `agreement`. Answers with the exit status; never throws for expected trouble. */
export async function agreementMain(argv: readonly string[]): Promise<number> {
  try {
    const command = parseAgreementOptions(argv, callersFolder(process.cwd(), process.env));
    if (command === 'help') {
      process.stdout.write(agreementHelp());
      return EXIT.done;
    }
    process.stdout.write(await compare(command));
    return EXIT.done;
  } catch (error) {
    process.stderr.write(failureText(error));
    return exitCodeOf(error);
  }
}

async function compare(command: AgreementCommand): Promise<string> {
  await checkReportFolder(command.out, command.overwrite);
  const inputs = await readAgreementInputs(command);
  for (const { severity, message, tip } of inputs.problems) process.stderr.write(`${severity}: ${message} ${tip}\n`);
  const { tracks, states, recordings } = inputs;
  const agreement = agreementOf({ tracks, states, options: command.options });
  await writeTables(command.out, [
    [TABLE_FILE, csvChunks(AGREEMENT_COLUMNS, agreementRows(agreement, recordings))],
    [MATRIX_FILE, csvChunks(AGREEMENT_MATRIX_COLUMNS, agreementMatrixRows(agreement, recordings))],
  ]);
  const json = command.json === undefined ? '' : agreementJson(agreement, recordings);
  if (command.json === '-') return json;
  if (command.json !== undefined) await writeAtomically(command.json, json);
  return `${agreementText(agreement, tracks)}\n${TABLE_FILE} and ${MATRIX_FILE} in ${command.out}\n`;
}

type NamedChunks = readonly [name: string, chunks: Iterable<string>];

/** Writes the tables; all appear together, or none. */
async function writeTables(outDir: string, tables: readonly NamedChunks[]): Promise<void> {
  await publishFolder(outDir, [TABLE_FILE, MATRIX_FILE], async (folder) => {
    for (const [name, chunks] of tables) {
      const handle = await open(path.join(folder, name), 'w');
      try {
        for (const chunk of chunks) await handle.appendFile(chunk);
      } finally {
        await handle.close();
      }
    }
  });
}

function failureText(error: unknown): string {
  if (error instanceof UsageError) return `agreement: ${error.message}\n${AGREEMENT_HINT}`;
  if (error instanceof ProblemError) return `agreement: ${error.problem.message}\n${error.problem.tip}\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `agreement: this should not have happened, please report it:\n${stack}\n`;
}
