import { MAX_CANDIDATES, type PitchCandidate } from './pitchCandidates.js';

/** Rows of delay after which a decision is final: 300 ms. */
const TRACKER_LAG = 30;

const STATES = MAX_CANDIDATES + 1;
const RING = TRACKER_LAG + 1;
const UNVOICED = 0;
const VOICING_THRESHOLD = 0.55;
const OCTAVE_JUMP_COST = 0.35;
const VOICING_CHANGE_COST = 0.14;

/**
 * Picks one pitch candidate or "unvoiced" per row: the path of greatest total strength with costs for octave jumps and
 * changes of voicing (P. Boersma, "Accurate short-term analysis of the fundamental frequency...", Proc. Inst. Phonetic
 * Sciences 17, 1993), decided TRACKER_LAG rows late so that a stream needs constant memory.
 */
export class PitchTracker {
  readonly #candidates: (readonly PitchCandidate[])[] = [];
  readonly #previous = new Int8Array(RING * STATES);
  #score = new Float64Array(STATES);
  #rows = 0;
  #decided = 0;

  /** Takes the next row's candidates; returns the decision for the row TRACKER_LAG before, once there is one. */
  push(candidates: readonly PitchCandidate[]): { readonly pitch: PitchCandidate | undefined } | undefined {
    const row = this.#rows++;
    this.#candidates[row % RING] = candidates;
    this.#extend(row);
    if (row < TRACKER_LAG) return undefined;
    return { pitch: this.#decide(this.#decided++) };
  }

  /** Decisions for all rows that are still open, in order. */
  flush(): (PitchCandidate | undefined)[] {
    const rest: (PitchCandidate | undefined)[] = [];
    while (this.#decided < this.#rows) rest.push(this.#decide(this.#decided++));
    return rest;
  }

  #extend(row: number): void {
    const here = this.#candidates[row % RING]!;
    const before = row > 0 ? this.#candidates[(row - 1) % RING]! : [];
    const score = new Float64Array(STATES).fill(-Infinity);
    for (let state = 0; state <= here.length; state++) {
      let best = row === 0 ? 0 : -Infinity;
      let from = UNVOICED;
      for (let old = 0; row > 0 && old <= before.length; old++) {
        const value = this.#score[old]! - transitionCost(before[old - 1], here[state - 1]);
        if (value > best) [best, from] = [value, old];
      }
      score[state] = best + (here[state - 1]?.strength ?? VOICING_THRESHOLD);
      this.#previous[(row % RING) * STATES + state] = from;
    }
    // Only differences matter; taking off the maximum keeps hours of summed strengths exact.
    const top = Math.max(...score);
    this.#score = score.map((value) => value - top);
  }

  #decide(row: number): PitchCandidate | undefined {
    const last = this.#rows - 1;
    let state = this.#score.indexOf(Math.max(...this.#score));
    for (let at = last; at > row; at--) state = this.#previous[(at % RING) * STATES + state]!;
    return this.#candidates[row % RING]![state - 1];
  }
}

function transitionCost(from: PitchCandidate | undefined, to: PitchCandidate | undefined): number {
  if (from && to) return OCTAVE_JUMP_COST * Math.abs(Math.log2(from.frequencyHz / to.frequencyHz));
  return from || to ? VOICING_CHANGE_COST : 0;
}
