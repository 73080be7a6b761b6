/** Random annotation sets and documents for property tests of round trips. */
import fc from 'fast-check';
import type { AnnotationSet, Tier, TierItem, TierKind } from '../../../core/interchange/annotationSet.js';
import { readAnnotations, type ImportedFile } from '../../../core/interchange/formats.js';
import { runNow } from '../../../core/runNow.js';
import { sortItems } from '../../../core/interchange/reading.js';
import { tierName } from '../../../core/interchange/tierNames.js';
import { microseconds } from '../../../core/time/microseconds.js';

const MILLISECOND = 1_000;

/** Text as people write it: several scripts, quotation marks, separators, markup, line ends. */
const words = fc
  .stringMatching(/^[A-Za-zäß漢字'"<>&;,=+@#|\\/ \n\t.-]{1,24}$/)
  .filter((text) => /[\p{L}]/u.test(text.trim()));

/** The same without anything that one of the plain text formats would change. */
export const plainWords = fc.stringMatching(/^[A-Za-zäß漢字'",.?]{1,8}( [A-Za-zäß漢字',.?]{1,8}){1,3}$/);

function items(text: fc.Arbitrary<string>, gap: fc.Arbitrary<number>): fc.Arbitrary<TierItem[]> {
  const item = fc.record({ gap, length: fc.integer({ min: 1, max: 9_000 }), text });
  return fc.array(item, { minLength: 1, maxLength: 8 }).map((drafts) => {
    let at = 0;
    const made = drafts.map(({ gap: before, length, text: value }) => {
      const start = Math.max(0, at + before);
      at = start + length;
      return {
        range: { start: microseconds(start * MILLISECOND), end: microseconds(at * MILLISECOND) },
        value: value.trim(),
      };
    });
    return sortItems(made);
  });
}

const apart = fc.integer({ min: 0, max: 4_000 });
const overlapping = fc.integer({ min: -6_000, max: 4_000 });

interface Shape {
  readonly text?: fc.Arbitrary<string>;
  readonly overlaps?: boolean;
}

function tier(
  kind: TierKind,
  owner: string | undefined,
  { text = words, overlaps = false }: Shape,
): fc.Arbitrary<Tier> {
  return items(text, overlaps ? overlapping : apart).map((list) => ({
    name: tierName(kind, owner),
    kind,
    ...(owner === undefined ? {} : { owner }),
    items: list,
  }));
}

/** Transcript tiers of two speakers. */
export function transcripts(shape: Shape = {}): fc.Arbitrary<AnnotationSet> {
  return fc
    .tuple(tier('transcript', 'Anna', shape), tier('transcript', 'Bo', shape))
    .map((tiers) => ({ tiers, vocabularies: [] }));
}

/** Labels with confidences on them, marks that may overlap, a transcript: all that a set can hold. */
export function annotationSets(shape: Shape = {}): fc.Arbitrary<AnnotationSet> {
  const emotion = fc.constantFrom('neutral', 'anger', 'surprise');
  const mark = fc.constantFrom('noisy 2', 'dropout 3', 'silence 1');
  return fc
    .tuple(
      tier('transcript', undefined, shape),
      tier('label', 'R1', { text: emotion, overlaps: shape.overlaps ?? false }),
      tier('mark', 'audio', { text: mark, overlaps: shape.overlaps ?? false }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
    )
    .map(([transcript, label, marks, shares]) => {
      const confidence: Tier = {
        name: tierName('confidence', 'R1'),
        kind: 'confidence',
        owner: 'R1',
        parent: label.name,
        items: label.items.map(({ range }, index) => ({ range, value: (shares[index] ?? 0).toFixed(3) })),
      };
      return { tiers: [transcript, label, confidence, marks], vocabularies: [] };
    });
}

/** Reads what a writer wrote. */
export function read(fileName: string, chunks: Iterable<string>): ImportedFile {
  return runNow(readAnnotations(fileName, new TextEncoder().encode([...chunks].join(''))));
}

/** What of a tier must come back: everything but the line and the vocabulary. */
export function essence(tiers: readonly Tier[]): unknown {
  return tiers.map(({ name, kind, owner, parent, items: list }) => ({
    name,
    kind,
    owner,
    parent,
    items: list
      .map(({ range, value }) => [range.start, range.end, value] as const)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1)),
  }));
}
