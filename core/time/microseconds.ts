/**
 * Time on a recording's clock: an integer count of microseconds.
 *
 * Seconds as floating-point numbers never cross a module border; they are parsed and formatted here only.
 */
declare const microsecondsBrand: unique symbol;

/** An integer number of microseconds since the start of the recording's clock. May be negative in foreign files. */
export type Microseconds = number & { readonly [microsecondsBrand]: true };

/** Half-open interval [start, end) on a recording's clock, start <= end. */
export interface TimeRange {
  readonly start: Microseconds;
  readonly end: Microseconds;
}

export const MICROSECONDS_PER_SECOND = 1_000_000;

/**
 * Brands an integer as microseconds.
 * @throws RangeError when the value is not a safe integer.
 */
export function microseconds(value: number): Microseconds {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer count of microseconds: ${value}`);
  return value as Microseconds;
}

/**
 * Converts seconds to the nearest microsecond.
 * @throws RangeError when the value is not finite.
 */
export function fromSeconds(seconds: number): Microseconds {
  return microseconds(Math.round(seconds * MICROSECONDS_PER_SECOND));
}

/** Seconds as a float, for display and for media elements only. */
export function toSeconds(time: Microseconds): number {
  return time / MICROSECONDS_PER_SECOND;
}
