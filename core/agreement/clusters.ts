import type { AgreementUnit } from './agreementUnit.js';

/** The units' clusters, numbered without gaps, so that draws fall on clusters that have units. */
export function denseClusters(units: readonly AgreementUnit[]): { readonly count: number; readonly of: Uint32Array } {
  const numbers = new Map<number, number>();
  const of = Uint32Array.from(units, ({ cluster }) => {
    const known = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, known);
    return known;
  });
  return { count: numbers.size, of };
}

/** Draws in which every cluster is a class of its own. */
export function ownClasses(clusters: number): { readonly classOf: Uint32Array; readonly classes: number } {
  return { classOf: Uint32Array.from({ length: clusters }, (_, index) => index), classes: clusters };
}
