import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import { EMOTIONS } from '../../core/recording/emotion.js';
import type { NearPhrase } from '../../core/recovery/decodedCurve.js';
import type { LoadedBundle } from './loadBundle.js';

/** Phrases that are shown for a recovered text, and that count as near in one sample. */
const NEAREST = 5;
/** Phrases that go through the graph together. */
const BATCH = 64;

/** `phrases.json` of a bundle. */
export const phrasesSchema = v.object({
  format: v.literal(1),
  language: v.string(),
  licence: v.string(),
  phrases: v.pipe(
    v.array(
      v.object({
        text: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
        emotion: v.picklist(EMOTIONS),
        sentiment: v.picklist([-1, 0, 1]),
      }),
    ),
    v.minLength(NEAREST),
    v.maxLength(5_000),
  ),
});

/** Phrases with their place in the bundle's space of texts. */
export interface PhraseBank {
  readonly texts: readonly string[];
  /** Unit vectors [texts x width]. */
  readonly vectors: Float32Array;
  readonly width: number;
}

const banks = new WeakMap<LoadedBundle, Promise<PhraseBank>>();

/**
 * The phrases of a bundle as its own text encoder places them; embedded once and kept in memory.
 * @returns undefined for a bundle without phrases.
 * @throws the signal's reason when aborted.
 */
export async function phraseBank(
  bundle: LoadedBundle,
  embed: (text: string) => Promise<Float32Array>,
  signal?: AbortSignal,
): Promise<PhraseBank | undefined> {
  const { phrases } = bundle;
  if (phrases === undefined) return undefined;
  const known = banks.get(bundle);
  if (known !== undefined) return known;
  const made = makeBank(bundle, phrases, embed, signal);
  banks.set(bundle, made);
  made.catch(() => banks.delete(bundle));
  return made;
}

async function makeBank(
  { graphs, manifest }: LoadedBundle,
  texts: readonly string[],
  embed: (text: string) => Promise<Float32Array>,
  signal: AbortSignal | undefined,
): Promise<PhraseBank> {
  const { text, audio, visual } = manifest.modalities;
  const width = graphs.latentSize / 3;
  const vectors = new Float32Array(texts.length * width);
  for (let start = 0; start < texts.length; start += BATCH) {
    const batch = texts.slice(start, start + BATCH);
    const rows = new Float32Array(batch.length * text.dimension);
    for (const [row, phrase] of batch.entries()) {
      await nextTurn();
      signal?.throwIfAborted();
      rows.set(await embed(phrase), row * text.dimension);
    }
    const latents = await graphs.encode(batch.length, {
      text: rows,
      audio: new Float32Array(batch.length * audio.dimension).fill(Number.NaN),
      visual: new Float32Array(batch.length * visual.dimension).fill(Number.NaN),
      available: Float32Array.from(batch.flatMap(() => [1, 0, 0])),
    });
    batch.forEach((_, row) => {
      const latent = latents.subarray(row * graphs.latentSize, row * graphs.latentSize + width);
      const length = norm(latent);
      vectors.set(
        latent.map((value) => value / length),
        (start + row) * width,
      );
    });
  }
  return { texts, vectors, width };
}

/**
 * The phrases nearest to a recovered text by cosine similarity, mean over the samples, nearest first.
 * @param latents one row per sample; its first numbers are the text's.
 */
export function nearPhrases(bank: PhraseBank, latents: readonly Float32Array[]): NearPhrase[] {
  const { texts, vectors, width } = bank;
  const sums = new Float64Array(texts.length);
  const counts = new Uint32Array(texts.length);
  for (const latent of latents) {
    const length = norm(latent.subarray(0, width));
    const similar = texts.map((_, phrase) => {
      let product = 0;
      for (let i = 0; i < width; i++) product += latent[i]! * vectors[phrase * width + i]!;
      return product / length;
    });
    similar.forEach((similarity, phrase) => (sums[phrase] = sums[phrase]! + similarity));
    for (const phrase of largest(similar)) counts[phrase] = counts[phrase]! + 1;
  }
  return largest([...sums]).map((phrase) => ({
    text: texts[phrase]!,
    similarity: sums[phrase]! / latents.length,
    share: counts[phrase]! / latents.length,
  }));
}

/** Places of the largest values, largest first; equal ones in their order. */
function largest(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, NEAREST);
}

function norm(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
