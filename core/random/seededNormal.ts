/**
 * Reproducible standard normal numbers from a text key, so that the same recording, segment and seed draw the same
 * samples in the app and on the command line, on every platform.
 *
 * Key -> 128 bits: cyrb128 (public domain, MurmurHash3-style mixing). Generator: xoshiro128** 1.1 (Blackman & Vigna
 * 2021, doi:10.1145/3460772). Normal deviates: Marsaglia's polar method (Marsaglia & Bray 1964,
 * doi:10.1137/1006063), which needs only square root and logarithm and so avoids the trigonometric functions, whose
 * last bit differs between engine versions.
 */

type State = [number, number, number, number];

function hash128(key: string): State {
  let h1 = 1779033703;
  let h2 = 3144134277;
  let h3 = 1013904242;
  let h4 = 2773480762;
  for (let index = 0; index < key.length; index += 1) {
    const code = key.charCodeAt(index);
    h1 = h2 ^ Math.imul(h1 ^ code, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ code, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ code, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ code, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  h1 ^= h2 ^ h3 ^ h4;
  return [h1 >>> 0, (h2 ^ h1) >>> 0, (h3 ^ h1) >>> 0, (h4 ^ h1) >>> 0];
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** xoshiro128**: 32 uniform bits per call. */
function xoshiro128(seed: State): () => number {
  // The all-zero state is the generator's one fixed point.
  let [a, b, c, d] = seed.every((word) => word === 0) ? ([1, 2, 3, 4] satisfies State) : seed;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

const WARM_UP = 16;
const TWO_POW_26 = 67_108_864;
const TWO_POW_MINUS_53 = 2 ** -53;

/**
 * A generator of uniform numbers in [0, 1) with 53 random bits, determined by the key alone.
 * @param key for example `rec-12ab|s0001|7`; different keys give unrelated sequences.
 */
export function seededUniform(key: string): () => number {
  const bits = xoshiro128(hash128(key));
  for (let index = 0; index < WARM_UP; index += 1) bits();
  return () => {
    const high = bits() >>> 5;
    const low = bits() >>> 6;
    return (high * TWO_POW_26 + low) * TWO_POW_MINUS_53;
  };
}

/** A generator of independent N(0, 1) numbers, determined by the key alone. */
export function seededNormal(key: string): () => number {
  const uniform = seededUniform(key);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const squared = x * x + y * y;
      if (squared >= 1 || squared === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(squared)) / squared);
      spare = y * scale;
      return x * scale;
    }
  };
}

/** Fills an array with the first `target.length` numbers of `seededNormal(key)`. */
export function fillNormal(key: string, target: Float32Array): void {
  const next = seededNormal(key);
  for (let index = 0; index < target.length; index += 1) target[index] = next();
}
