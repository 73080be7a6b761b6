/** Reads raters from a file of any format: a table of ratings, or annotations with tiers of labels and scores. */
import path from 'node:path';
import { ratingsOfTiers, type TierSelection } from '../../core/agreement/ratingsOfTiers.js';
import { ratingTable, type RatingFile, readRatingTable } from '../../core/agreement/readRatingTable.js';
import { readAnnotations } from '../../core/interchange/formats.js';
import { runNow } from '../../core/runNow.js';
import { decodeText } from '../../core/text/decodeText.js';
import type { Problem } from '../../core/problems/problem.js';
import { readInputText } from '../files/inputText.js';

/** Name of a file without its ending; stands for a rater whom the file does not name. */
export const stemOf = (file: string) => path.basename(file, path.extname(file));

/**
 * @param tiers names of tiers to take as labels whatever they are.
 * @param recordingId stands for the recording where the file names none.
 * @throws ProblemError `ratings.*`, `import.*` when the file cannot be read.
 */
export async function readRatingFile(
  file: string,
  { tiers, recordingId }: Omit<TierSelection, 'raterId'>,
): Promise<RatingFile> {
  const { bytes, fileName } = await readInputText(file, 'ratings');
  const defaults = { raterId: stemOf(file), recordingId };
  const text = /\.(?:csv|tsv)$/i.test(fileName) ? decodeText(bytes, 'file', 'import').text : undefined;
  const table = text === undefined ? undefined : ratingTable(text);
  const read = table ? readRatingTable(table, defaults) : readTierFile(fileName, bytes, { ...defaults, tiers });
  const named = (problem: Problem): Problem => ({ ...problem, message: `${fileName}: ${problem.message}` });
  return { ...read, problems: read.problems.map(named) };
}

function readTierFile(fileName: string, bytes: Uint8Array, selection: TierSelection): RatingFile {
  const { set, problems } = runNow(readAnnotations(fileName, bytes));
  const taken = ratingsOfTiers(set, selection);
  return { ...taken, problems: [...problems, ...taken.problems] };
}
