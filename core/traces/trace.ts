import type { Microseconds, TimeRange } from '../time/microseconds.js';
import { microseconds } from '../time/microseconds.js';

/** What a trace rates, each from -1 (unpleasant, calm) to +1 (pleasant, aroused). */
export const TRACE_DIMENSIONS = ['valence', 'arousal'] as const;
export type TraceDimension = (typeof TRACE_DIMENSIONS)[number];

export const TRACE_INPUTS = ['mouse', 'keys', 'gamepad'] as const;
export type TraceInput = (typeof TRACE_INPUTS)[number];

/** Values are integers: thousandths of the scale from -1 to +1. */
export const TRACE_SCALE = 1_000;
/** Samples per second that a trace can have. */
export const TRACE_RATES = [10, 20, 25] as const;

/**
 * A continuous rating, recorded live while the recording played. Its times are those at which the person moved, with the
 * reaction in them: the declared lag is kept beside them and never applied to what is stored.
 */
export interface Trace {
  readonly id: string;
  readonly dimension: TraceDimension;
  /** Pseudonym of who rated. */
  readonly raterId: string;
  /** Time of the first value. */
  readonly start: Microseconds;
  /** Time from value to value. */
  readonly step: Microseconds;
  /** Integers from -1000 to 1000; null where nothing was rated (skipped, or before the first movement), never 0. */
  readonly values: readonly (number | null)[];
  /** Reaction lag that the person stated, µs; applied on display and export only, and said there. */
  readonly reactionLag: Microseconds;
  readonly input: TraceInput;
  /** Playing speeds that were used, 1 is normal. */
  readonly speeds: readonly number[];
  /** ISO 8601 UTC time at which recording began. */
  readonly recordedUtc: string;
}

/** A stretch of a trace without a gap. */
export interface TraceRun {
  /** Time of its first value, shifted by the lag where asked for. */
  readonly start: number;
  /** -1 to 1. */
  readonly values: readonly number[];
}

/** Time of a value; `shifted` takes the stated lag off. */
export function traceTime(
  trace: Pick<Trace, 'start' | 'step' | 'reactionLag'>,
  index: number,
  shifted: boolean,
): number {
  return trace.start + index * trace.step - (shifted ? trace.reactionLag : 0);
}

/** From the first to after the last value, as recorded. */
export function traceRange({ start, step, values }: Pick<Trace, 'start' | 'step' | 'values'>): TimeRange {
  return { start, end: microseconds(start + values.length * step) };
}

/** The stretches without a gap: a line never crosses what was not rated. */
export function traceRuns(trace: Trace, shifted: boolean): readonly TraceRun[] {
  const runs: { start: number; values: number[] }[] = [];
  let open: { start: number; values: number[] } | undefined;
  trace.values.forEach((value, index) => {
    if (value === null) open = undefined;
    else {
      if (!open) runs.push((open = { start: traceTime(trace, index, shifted), values: [] }));
      open.values.push(value / TRACE_SCALE);
    }
  });
  return runs;
}

/** Share of the values that were rated, 0 to 1; NaN for a trace without values. */
export function ratedShare({ values }: Pick<Trace, 'values'>): number {
  return values.reduce<number>((sum, value) => sum + (value === null ? 0 : 1), 0) / values.length;
}
