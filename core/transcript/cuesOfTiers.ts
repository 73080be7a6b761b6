import type { Tier, TierItem } from '../interchange/annotationSet.js';
import { readTiers } from '../interchange/formats.js';
import { runNow } from '../runNow.js';
import { joinWords } from '../interchange/joinWords.js';
import { ProblemError, type Problem } from '../problems/problem.js';
import type { CsvCues } from './parseCsvTranscript.js';
import { hasWords } from './cueText.js';

/** A tier as the transcript it can be. */
interface Spoken {
  readonly items: readonly TierItem[];
  readonly speaker: string | undefined;
}

const asSpoken = ({ items, owner }: Tier): Spoken => ({ items, speaker: owner });

/** The tiers that hold what is said, and what is to be said about the choice. */
function chooseTiers(tiers: readonly Tier[]): { readonly spoken: readonly Spoken[]; readonly problem?: Problem } {
  const filled = tiers.filter(({ items }) => items.length > 0);
  const transcripts = filled.filter(({ kind }) => kind === 'transcript');
  if (transcripts.length > 0) return { spoken: transcripts.map(asSpoken) };
  const words = filled.filter(({ kind }) => kind === 'word');
  if (words.length > 0) return { spoken: words.map((tier) => ({ ...asSpoken(tier), items: joinWords(tier.items) })) };
  const names = filled
    .map(({ name }) => name)
    .join(', ')
    .slice(0, 500);
  const [only, ...others] = filled.filter(({ items }) => items.some(({ value }) => hasWords(value)));
  if (only && others.length === 0) {
    const message = `The transcript was taken from tier ${only.name}, the only one with words.`;
    const tip = 'Look whether these are the words that are said.';
    return { spoken: [asSpoken(only)], problem: { code: 'transcript.tier', severity: 'note', message, tip } };
  }
  const problem: Problem = {
    code: 'transcript.no_tier',
    severity: 'error',
    message: `No tier of the file is known to be a transcript; there are ${names || 'none'}.`,
    tip: 'Call the tier with the words "transcript", or import the file with File > Import annotations and choose the tier.',
  };
  return { spoken: [], problem };
}

/** Cues of the transcript tiers of a TextGrid, an EAF file or the JSON of a speech recogniser. Never throws for bad content. */
export function cuesOfTiers(fileName: string, text: string): CsvCues {
  try {
    const { set, problems } = runNow(readTiers(fileName, text));
    const { spoken, problem } = chooseTiers(set.tiers);
    const cues = spoken.flatMap(({ items, speaker }) =>
      items.map(({ range, value, line }, index) => ({
        line: line ?? index + 1,
        start: range.start,
        end: range.end,
        text: value.replace(/\s+/g, ' ').trim(),
        ...(speaker === undefined ? {} : { speaker }),
      })),
    );
    cues.sort((a, b) => a.start - b.start || a.end - b.end);
    return { cues, problems: [], tableProblems: [...problems, ...(problem ? [problem] : [])] };
  } catch (error) {
    if (error instanceof ProblemError) return { cues: [], problems: [], tableProblems: [error.problem] };
    throw error;
  }
}
