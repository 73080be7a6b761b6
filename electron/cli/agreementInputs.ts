/** Reads the raters that `agreement` compares from files of any format. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { mergeRaters, type NamedTracks } from '../../core/agreement/mergeRaters.js';
import type { RaterTrack, StateStretch } from '../../core/agreement/rating.js';
import type { RatingFile } from '../../core/agreement/readRatingTable.js';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import { readRatingFile, stemOf } from '../agreement/readRatingFile.js';
import { fingerprintFile } from '../media/fingerprint.js';
import type { AgreementCommand } from './agreementOptions.js';
import { UsageError } from './analyzeOptions.js';

/** What is compared. */
export interface AgreementInputs {
  readonly tracks: readonly RaterTrack[];
  readonly states: readonly StateStretch[];
  /** Ids of the recordings that were rated. */
  readonly recordings: readonly string[];
  /** Trouble with the files, each with the name of its file. */
  readonly problems: readonly Problem[];
}

/** Stands for the recording of files that do not name it. */
const UNNAMED = 'recording';

/** Ids of the recordings that were asked for; a media file is known by its fingerprint. */
async function recordingIds(names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    if (existsSync(name)) ids.push(await fingerprintFile(name));
    else if (path.isAbsolute(name)) throw new UsageError(`--recording: there is no file ${name}`);
    else ids.push(name);
  }
  return [...new Set(ids)];
}

interface Placed {
  readonly recordingId: string;
}

/** Names the recording of what has none: the one asked for, else the only one that any file names. */
function nameRecordings(files: readonly RatingFile[], wanted: readonly string[]): RatingFile[] {
  const all = files.flatMap((file) => [...file.tracks.flatMap((track) => track.ratings), ...file.states]);
  const named = new Set(all.map(({ recordingId }) => recordingId).filter((id) => id !== UNNAMED));
  const candidates = wanted.length > 0 ? wanted : [...named];
  const unnamed = all.some(({ recordingId }) => recordingId === UNNAMED);
  if (unnamed && candidates.length > 1) {
    throw new UsageError(
      `the files name ${candidates.length} recordings and some ratings name none: say which one with --recording`,
    );
  }
  const name = candidates[0] ?? UNNAMED;
  const place = <T extends Placed>(item: T): T =>
    item.recordingId === UNNAMED ? { ...item, recordingId: name } : item;
  const isWanted = ({ recordingId }: Placed) => wanted.length === 0 || wanted.includes(recordingId);
  return files.map((file) => ({
    ...file,
    tracks: file.tracks.map((track) => ({ ...track, ratings: track.ratings.map(place).filter(isWanted) })),
    states: file.states.map(place).filter(isWanted),
  }));
}

function chosenRaters(tracks: readonly RaterTrack[], wanted: readonly string[]): RaterTrack[] {
  const known = [...new Set(tracks.map((track) => track.raterId))];
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new UsageError(`--rater ${unknown.join(', ')} is not among the raters found: ${known.join(', ') || 'none'}`);
  }
  return wanted.length === 0 ? [...tracks] : wanted.flatMap((id) => tracks.filter((track) => track.raterId === id));
}

/**
 * Reads all files of the command line.
 * @throws ProblemError `ratings.*`, `import.*` when a file cannot be read, `agreement.too_few_raters` when there is nobody
 * to compare.
 * @throws UsageError when the recording or a rater is not clear.
 */
export async function readAgreementInputs(command: AgreementCommand): Promise<AgreementInputs> {
  const files = [...command.inputs, ...(command.states === undefined ? [] : [command.states])];
  const read: RatingFile[] = [];
  for (const file of files) {
    read.push(await readRatingFile(file, { tiers: command.tiers, recordingId: UNNAMED }));
  }
  const placed = nameRecordings(read, await recordingIds(command.recordings));
  const named = command.inputs.map((file, index): NamedTracks => ({
    name: stemOf(file),
    tracks: placed[index]?.tracks.filter((track) => track.ratings.length > 0) ?? [],
  }));
  const tracks = chosenRaters(mergeRaters(named), command.raters);
  if (new Set(tracks.map((track) => track.raterId)).size < 2) throw tooFew(tracks);
  return {
    tracks,
    states: placed.flatMap((file) => file.states),
    recordings: [...new Set(tracks.flatMap((track) => track.ratings.map(({ recordingId }) => recordingId)))].sort(),
    problems: read.flatMap((file) => file.problems),
  };
}

function tooFew(tracks: readonly RaterTrack[]): ProblemError {
  const found = [...new Set(tracks.map((track) => track.raterId))].join(', ');
  return new ProblemError({
    code: 'agreement.too_few_raters',
    severity: 'error',
    message: `There are fewer than two raters to compare${found === '' ? '' : `, only ${found}`}.`,
    tip: 'Name a file with another rater. A tier whose values are no emotions is taken with --tier NAME.',
  });
}
