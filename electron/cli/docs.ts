import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { generateCodebookMarkdown } from '../../core/report/codebook.js';
import { writeAtomically } from '../files/writeAtomically.js';
import { findAppFolder } from './appFolder.js';
import { EXIT } from './exitCodes.js';

const HELP = `usage: docs [--check]

Writes docs/CODEBOOK.md from the columns in code. With --check it writes nothing and fails when the file is outdated.
`;

/** Runs `docs`: generates the documents that are made from code. Answers with the exit status. */
export async function docsMain(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (argv.some((argument) => argument !== '--check')) {
    process.stderr.write(HELP);
    return EXIT.usage;
  }
  const file = path.join(findAppFolder().root, 'docs', 'CODEBOOK.md');
  const text = generateCodebookMarkdown();
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return EXIT.done;
  if (argv.includes('--check')) {
    process.stderr.write('docs/CODEBOOK.md is outdated: run `npm run docs`.\n');
    return EXIT.failed;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeAtomically(file, text);
  process.stdout.write('docs/CODEBOOK.md\n');
  return EXIT.done;
}
