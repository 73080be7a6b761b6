/** How often each cluster is drawn when as many clusters as there are are drawn with replacement. */
import { seededUniform } from '../random/seededNormal.js';

/** What is drawn. */
export interface Resampling {
  /**
   * Class of each cluster: clusters of one class are alike, so that only how often the class was drawn matters. A cluster
   * that is like no other is a class of its own.
   */
  readonly classOf: Uint32Array;
  readonly classes: number;
}

/** How many clusters each class has. */
export function classSizes({ classOf, classes }: Resampling): Float64Array {
  const sizes = new Float64Array(classes);
  for (const number of classOf) sizes[number]! += 1;
  return sizes;
}

/** From this many clusters a class on, numbers of each class are drawn at once; below, clusters one by one. */
const AT_ONCE = 20;

/**
 * A function that draws; its answer, how often each class was drawn, is overwritten by the next call.
 * @param key names the sequence of draws.
 */
export function clusterDraws(resampling: Resampling, key: string): () => Float64Array {
  const atOnce = resampling.classOf.length >= AT_ONCE * resampling.classes;
  return atOnce ? classCounts(resampling, key) : oneByOne(resampling, key);
}

/** Draws cluster by cluster with fast 32-bit numbers (sfc32, PractRand). */
function oneByOne({ classOf, classes }: Resampling, key: string): () => Float64Array {
  const uniform = seededUniform(key);
  const word = () => Math.floor(uniform() * 4_294_967_296) | 0;
  const state = Int32Array.of(word(), word(), word(), 1);
  const drawn = new Float64Array(classes);
  const scale = classOf.length / 4_294_967_296;
  return () => {
    drawn.fill(0);
    // kept in local names, which are much faster than the array
    let [a, b, c, counter] = state as unknown as [number, number, number, number];
    for (let index = 0; index < classOf.length; index += 1) {
      const sum = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (c << 21) | (c >>> 11);
      c = (c + sum) | 0;
      drawn[classOf[((sum >>> 0) * scale) | 0]!]! += 1;
    }
    state.set([a, b, c, counter]);
    return drawn;
  };
}

/** Draws the numbers of the classes, which are multinomial, as binomial numbers one after the other. */
function classCounts(resampling: Resampling, key: string): () => Float64Array {
  const { classOf, classes } = resampling;
  const sizes = classSizes(resampling);
  const uniform = seededUniform(key);
  const logFactorial = logFactorials(classOf.length);
  const drawn = new Float64Array(classes);
  return () => {
    let draws = classOf.length;
    let rest = classOf.length;
    for (let number = 0; number < classes; number += 1) {
      const size = sizes[number]!;
      const count = size >= rest ? draws : binomial(draws, size / rest, logFactorial, uniform());
      drawn[number] = count;
      draws -= count;
      rest -= size;
    }
    return drawn;
  };
}

function logFactorials(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let number = 2; number <= most; number += 1) logs[number] = logs[number - 1]! + Math.log(number);
  return logs;
}

/**
 * A binomial number by inversion (Kachitvichyanukul & Schmeiser 1988): the probabilities are summed from the most
 * probable number outwards until they exceed a uniform number.
 */
function binomial(n: number, p: number, logFactorial: Float64Array, uniform: number): number {
  if (n === 0) return 0;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const ways = logFactorial[n]! - logFactorial[mode]! - logFactorial[n - mode]!;
  const atMode = Math.exp(ways + mode * Math.log(p) + (n - mode) * Math.log1p(-p));
  let left = uniform - atMode;
  if (left < 0) return mode;
  let [below, above] = [mode, mode];
  let [probabilityBelow, probabilityAbove] = [atMode, atMode];
  while (below > 0 || above < n) {
    if (above < n) {
      probabilityAbove *= (odds * (n - above)) / (above + 1);
      above += 1;
      left -= probabilityAbove;
      if (left < 0) return above;
    }
    if (below > 0) {
      probabilityBelow *= below / (odds * (n - below + 1));
      below -= 1;
      left -= probabilityBelow;
      if (left < 0) return below;
    }
  }
  // the probabilities sum to 1 but for rounding
  return mode;
}
