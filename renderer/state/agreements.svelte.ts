import { type AgreementOptions, DEFAULT_AGREEMENT_OPTIONS, drawsFor } from '../../core/agreement/agreementOptions.js';
import { type AgreementResult, type ComparedRater, comparedRaters } from '../../core/agreement/agreementResult.js';
import { mergeRaters } from '../../core/agreement/mergeRaters.js';
import type { RaterTrack } from '../../core/agreement/rating.js';
import { isContinuous } from '../../core/agreement/topic.js';
import { statesOfWork, tracksOfWork, type RatedWork } from '../../core/agreement/ratingsOfWork.js';
import type { JobSnapshot, RatingSource } from '../../electron/contract/types.js';

/** What tells a track from its earlier states; a trace has many values, of which a number is made. */
function keyOf({ raterId, topic = 'segments', ratings }: RaterTrack): unknown {
  if (!isContinuous(topic)) return [raterId, topic, ratings];
  let sum = 0;
  for (const { range, score = 0, reactionLag = 0 } of ratings) {
    for (const part of [range.start, range.end, score * 1_000, reactionLag]) sum = (Math.imul(sum, 31) + part) | 0;
  }
  return [raterId, topic, ratings.length, sum];
}

/** What the view of agreement compares and found: kept while the window is open, never stored. */
export class Agreements {
  /** Options as set; the number of draws is the usual one for the material until the person sets it. */
  options = $state.raw<AgreementOptions>(DEFAULT_AGREEMENT_OPTIONS);
  /** Draws that the person asked for. */
  draws = $state<number>();
  /** Raters of files, by file. */
  sources = $state.raw<readonly RatingSource[]>([]);
  /** Ids of raters who are left out. */
  leftOut = $state.raw<readonly string[]>([]);
  result = $state.raw<AgreementResult>();
  /** What the result was made of, to say when that has changed since. */
  private comparedKey = $state('');
  private askedKey = '';
  private readonly work: () => RatedWork | undefined;

  /** @param work segments, results and labels on screen; undefined where no recording is open. */
  constructor(work: () => RatedWork | undefined) {
    this.work = work;
  }

  /** What all raters said who can be compared: the model and people of the recording, then those of files. */
  readonly tracks: readonly RaterTrack[] = $derived.by(() => {
    const work = this.work();
    if (!work) return [];
    return mergeRaters([{ name: 'app', tracks: tracksOfWork(work) }, ...this.sources]).filter(
      (track) => track.ratings.length > 0,
    );
  });
  readonly raters: readonly ComparedRater[] = $derived(comparedRaters(this.tracks));
  readonly chosen: readonly ComparedRater[] = $derived(
    this.raters.filter(({ raterId }) => !this.leftOut.includes(raterId)),
  );
  private readonly compared: readonly RaterTrack[] = $derived(
    this.tracks.filter((track) => !this.leftOut.includes(track.raterId)),
  );
  readonly usedOptions: AgreementOptions = $derived({
    ...this.options,
    draws: this.draws ?? drawsFor(Math.max(0, ...this.compared.map((track) => track.ratings.length))),
  });
  private readonly key: string = $derived(JSON.stringify([this.usedOptions, this.compared.map(keyOf)]));
  /** The result is of other labels, raters or options than those on screen. */
  readonly outdated: boolean = $derived(this.result !== undefined && this.comparedKey !== this.key);

  toggle(raterId: string): void {
    const others = this.leftOut.filter((id) => id !== raterId);
    this.leftOut = others.length < this.leftOut.length ? others : [...others, raterId];
  }

  removeSource(fileName: string): void {
    this.sources = this.sources.filter((source) => source.fileName !== fileName);
  }

  /** What is sent to be compared. */
  request() {
    this.askedKey = this.key;
    const work = this.work();
    const own = work ? statesOfWork(work) : [];
    const states = [...own, ...this.sources.flatMap((source) => source.states)];
    const tracks = this.compared.map((track) => ({ ...track, ratings: [...track.ratings] }));
    return { tracks, states, options: this.usedOptions };
  }

  /** Takes over what a finished job made. */
  take(job: JobSnapshot): void {
    if (job.result?.kind === 'agreement') {
      this.result = job.result.agreement;
      this.comparedKey = this.askedKey;
    }
    if (job.result?.kind === 'ratings') {
      const { sources } = job.result;
      const others = this.sources.filter(({ fileName }) => !sources.some((source) => source.fileName === fileName));
      this.sources = [...others, ...sources];
    }
  }

  /** Another recording is on screen: one that was compared along keeps the result. */
  recordingOpened(recordingId: string): void {
    if (this.result?.recordings.includes(recordingId)) return;
    this.sources = [];
    this.leftOut = [];
    this.result = undefined;
  }
}
