import { microseconds, type Microseconds } from '../time/microseconds.js';
import { type Trace, TRACE_SCALE } from './trace.js';

/** Longest jump of the clock that still counts as playing on, µs; beyond it the time between was skipped. */
const LONGEST_STEP = 500_000;

/**
 * A trace in the making: takes the clock and the person's value at every screen frame and keeps one value per step of a
 * fixed grid. What the clock jumped over stays unrated; going over a stretch again replaces its values.
 */
export class TraceDraft {
  readonly step: Microseconds;
  private readonly values = new Map<number, number>();
  private last: number | undefined;

  /** @param rate samples per second. */
  constructor(rate: number) {
    this.step = microseconds(Math.round(1e6 / rate));
  }

  /** The clock shows `time` (µs) and the person says `value`, -1 to 1; undefined before they said anything. */
  sample(time: number, value: number | undefined): void {
    const index = Math.floor(Math.max(0, time) / this.step);
    const from = this.last;
    this.last = index;
    if (value === undefined) return;
    const kept = Math.round(Math.min(1, Math.max(-1, value)) * TRACE_SCALE);
    const playedOn = from !== undefined && index >= from && (index - from) * this.step <= LONGEST_STEP;
    for (let at = playedOn ? Math.min(from + 1, index) : index; at <= index; at += 1) this.values.set(at, kept);
  }

  /** Playing was interrupted: the next value is not joined to the one before. */
  pause(): void {
    this.last = undefined;
  }

  /** Start and values so far; undefined before the first one. */
  result(): Pick<Trace, 'start' | 'step' | 'values'> | undefined {
    if (this.values.size === 0) return undefined;
    let first = Infinity;
    let last = -Infinity;
    for (const index of this.values.keys()) {
      first = Math.min(first, index);
      last = Math.max(last, index);
    }
    const values = Array.from({ length: last - first + 1 }, (_, offset) => this.values.get(first + offset) ?? null);
    return { start: microseconds(first * this.step), step: this.step, values };
  }
}
