/** A straight scale from values to pixels. */
export interface Scale {
  /** Values at the ends. */
  readonly low: number;
  readonly high: number;
  /** Pixels at the ends; `start` may lie after `end`, as for values that go up. */
  readonly start: number;
  readonly end: number;
}

export function toPixel({ low, high, start, end }: Scale, value: number): number {
  return start + ((value - low) / (high - low)) * (end - start);
}

/** Round values inside a scale, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf({ low, high }: Pick<Scale, 'low' | 'high'>, count: number): readonly number[] {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? raw;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** Ends that hold all values with a little room; 0 and 1 for shares. @param fixed ends that are not to be moved. */
export function spanOf(
  values: Iterable<number | undefined>,
  fixed?: readonly [number, number],
): readonly [number, number] {
  if (fixed !== undefined) return fixed;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === undefined || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const room = Math.max((high - low) * 0.08, 1e-6 * Math.max(1, Math.abs(high)));
  // what cannot be negative does not get room below zero
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}
