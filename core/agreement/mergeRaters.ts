import type { RaterTrack, Rating } from './rating.js';
import type { Topic } from './topic.js';

/** Raters of one file, under the name by which the file is told from the others. */
export interface NamedTracks {
  readonly name: string;
  readonly tracks: readonly RaterTrack[];
}

const placeOf = ({ recordingId, range }: Rating) => `${recordingId}\n${range.start} ${range.end}`;

/** Whether two tracks say different things of the same stretch. */
function contradict(a: RaterTrack, b: RaterTrack): boolean {
  const known = new Map(a.ratings.map((rating) => [placeOf(rating), rating]));
  return b.ratings.some((rating) => {
    const other = known.get(placeOf(rating));
    return other !== undefined && (other.label !== rating.label || other.score !== rating.score);
  });
}

function joined(a: RaterTrack, b: RaterTrack): RaterTrack {
  const known = new Set(a.ratings.map(placeOf));
  return { ...a, ratings: [...a.ratings, ...b.ratings.filter((rating) => !known.has(placeOf(rating)))] };
}

const topicOf = ({ topic = 'segments' }: RaterTrack): Topic => topic;

/** What of several tracks is of the same topic as one. */
const sameTopic = (track: RaterTrack, tracks: readonly RaterTrack[]) =>
  tracks.find((other) => topicOf(other) === topicOf(track));

/**
 * The raters of several files. A rater of the same id in several files is one rater, unless the files contradict each
 * other or a person of that id worked on the same topic of the same recordings: then they are two people, told apart by
 * the file, `R1@b`.
 */
export function mergeRaters(files: readonly NamedTracks[]): RaterTrack[] {
  const merged: RaterTrack[] = [];
  for (const { name, tracks } of files) {
    for (const raterId of new Set(tracks.map((track) => track.raterId))) {
      const own = tracks.filter((track) => track.raterId === raterId);
      const known = merged.filter((track) => track.raterId === raterId);
      const isOther = own.some((track) => {
        const same = sameTopic(track, known);
        return same !== undefined && !isSamePerson(same, track);
      });
      if (isOther) {
        const id = freeId(`${raterId}@${name}`, merged);
        merged.push(...own.map((track) => ({ ...track, raterId: id })));
      } else for (const track of own) addTo(merged, track, sameTopic(track, known));
    }
  }
  return merged;
}

function addTo(merged: RaterTrack[], track: RaterTrack, known: RaterTrack | undefined): void {
  if (known) merged[merged.indexOf(known)] = joined(known, track);
  else merged.push(track);
}

function isSamePerson(a: RaterTrack, b: RaterTrack): boolean {
  if (contradict(a, b)) return false;
  if (a.raterType === 'model') return true;
  const recordings = new Set(a.ratings.map((rating) => rating.recordingId));
  const known = new Set(a.ratings.map(placeOf));
  return b.ratings.every((rating) => !recordings.has(rating.recordingId) || known.has(placeOf(rating)));
}

function freeId(wanted: string, tracks: readonly RaterTrack[]): string {
  const taken = new Set(tracks.map((track) => track.raterId));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}
