/** Annotations for NOVA: per tier a header `.annotation` (XML) and its data `.annotation~` (text). */
import type { AnnotationSet, Tier, Vocabulary } from './annotationSet.js';
import { escapeXml } from '../text/escapeXml.js';
import { fromZero } from './lanes.js';
import { formatPreciseSeconds } from './preciseSeconds.js';
import type { TimeRange } from '../time/microseconds.js';

/** One file of several that make an export together. */
export interface NamedFile {
  readonly name: string;
  readonly chunks: () => Iterable<string>;
}

const ROLE = 'participant';

/** Name without what file systems refuse; dots separate role, scheme and annotator in NOVA's names. */
const safe = (text: string): string => text.replace(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 60) || 'tier';

const rangeKey = ({ start, end }: TimeRange): string => `${start}-${end}`;

/** Scheme and annotator of a tier: NOVA keeps the annotator beside the scheme. */
function nameOf(tier: Tier): { readonly scheme: string; readonly annotator: string } {
  const isJudged = tier.kind === 'label';
  return isJudged
    ? { scheme: 'emotion', annotator: tier.owner ?? 'rater' }
    : { scheme: tier.name, annotator: 'lacuna' };
}

/** Labels of a discrete scheme with their ids; undefined for a free one. */
function schemeItems(tier: Tier, vocabulary: Vocabulary | undefined): ReadonlyMap<string, number> | undefined {
  if (tier.kind !== 'label' && tier.kind !== 'state') return undefined;
  const values = new Set([
    ...(vocabulary?.entries.map(({ value }) => value) ?? []),
    ...tier.items.map((item) => item.value),
  ]);
  return new Map([...values].map((value, id) => [value, id]));
}

function* header(tier: Tier, items: ReadonlyMap<string, number> | undefined): Generator<string> {
  const { scheme, annotator } = nameOf(tier);
  yield '<?xml version="1.0" ?>\n<annotation ssi-v="3">\n';
  yield `    <info ftype="ASCII" size="${tier.items.length}" />\n`;
  yield `    <meta role="${ROLE}" annotator="${escapeXml(annotator)}" />\n`;
  if (!items) {
    yield `    <scheme name="${escapeXml(scheme)}" type="FREE" />\n</annotation>\n`;
    return;
  }
  yield `    <scheme name="${escapeXml(scheme)}" type="DISCRETE">\n`;
  for (const [value, id] of items) yield `        <item name="${escapeXml(value)}" id="${id}" />\n`;
  yield '    </scheme>\n</annotation>\n';
}

/** Confidence of each annotation, by its times, from the tier that says it. */
function confidences(set: AnnotationSet, tier: Tier): ReadonlyMap<string, string> {
  const found = set.tiers.filter(({ kind, parent }) => kind === 'confidence' && parent === tier.name);
  return new Map(
    found.flatMap((one) => fromZero(one).items.map(({ range, value }) => [rangeKey(range), value] as const)),
  );
}

function* data(set: AnnotationSet, tier: Tier, items: ReadonlyMap<string, number> | undefined): Generator<string> {
  const confidence = confidences(set, tier);
  for (const { range, value } of tier.items) {
    const label = items ? String(items.get(value) ?? -1) : value.replace(/[;\r\n]+/g, ' ');
    const times = `${formatPreciseSeconds(range.start)};${formatPreciseSeconds(range.end)}`;
    yield `${times};${label};${confidence.get(rangeKey(range)) ?? '1'}\n`;
  }
}

/**
 * Files for NOVA: labels and states as discrete schemes with their confidence, everything else free. Scores and
 * confidences are no tiers of their own there.
 */
export function novaFiles(set: AnnotationSet): NamedFile[] {
  const taken = new Set<string>();
  return set.tiers
    .filter(({ kind }) => kind !== 'confidence' && kind !== 'score')
    .map(fromZero)
    .flatMap((tier): NamedFile[] => {
      const { scheme, annotator } = nameOf(tier);
      const base = [ROLE, safe(scheme), safe(annotator)].join('.');
      let name = base;
      for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base}_${number}`;
      taken.add(name.toLowerCase());
      const items = schemeItems(
        tier,
        set.vocabularies.find((vocabulary) => vocabulary.name === tier.vocabulary),
      );
      return [
        { name: `${name}.annotation`, chunks: () => header(tier, items) },
        { name: `${name}.annotation~`, chunks: () => data(set, tier, items) },
      ];
    });
}
