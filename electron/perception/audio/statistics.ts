/** Plain statistics over the finite values of a list. Every function returns NaN where its result is undefined. */

/** Arithmetic mean; NaN for an empty list. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length > 0 ? sum / values.length : Number.NaN;
}

/** Population standard deviation; NaN for an empty list. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return values.length > 0 ? Math.sqrt(sum / values.length) : Number.NaN;
}

/** Least-squares slope of values over their positions; NaN with fewer than two distinct positions. */
export function slope(positions: readonly number[], values: readonly number[]): number {
  const [x, y] = [mean(positions), mean(values)];
  let [above, below] = [0, 0];
  positions.forEach((position, i) => {
    above += (position - x) * (values[i]! - y);
    below += (position - x) ** 2;
  });
  return below > 0 ? above / below : Number.NaN;
}
