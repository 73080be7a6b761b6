/**
 * Quantile of an ascending list, linear between order statistics (numpy's default; Hyndman & Fan 1996, type 7).
 * @param share 0 to 1.
 * @returns NaN for an empty list.
 */
export function quantileOfSorted(ascending: ArrayLike<number>, share: number): number {
  const place = (ascending.length - 1) * share;
  const below = ascending[Math.floor(place)] ?? Number.NaN;
  const above = ascending[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** `quantileOfSorted` of a list in any order. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted(
    [...values].sort((a, b) => a - b),
    share,
  );
}
