import type { AnnotationSet, Tier, TierItem, Vocabulary } from '../annotationSet.js';
import { fromZero, splitOverlaps } from '../lanes.js';
import { mimeTypeOf } from './mimeType.js';
import { escapeXml } from '../../text/escapeXml.js';

export interface EafOptions {
  /** Time of writing, ISO 8601 with zone. */
  readonly createdUtc: string;
}

const MICROSECONDS_PER_MILLISECOND = 1_000;

/** The constraints that ELAN writes into every file; the last one is what dependent tiers of ours use. */
const CONSTRAINTS: readonly (readonly [string, string])[] = [
  [
    'Time_Subdivision',
    "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval",
  ],
  [
    'Symbolic_Subdivision',
    'Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered',
  ],
  ['Symbolic_Association', '1-1 association with a parent annotation'],
  ['Included_In', "Time alignable annotations within the parent annotation's time interval, gaps are allowed"],
];

/** An element with its attributes; undefined ones are left out. */
function tag(name: string, attributes: Readonly<Record<string, string | undefined>>, end: '>' | '/>'): string {
  const parts = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeXml(value)}"`],
  );
  return `<${name}${parts.join('')}${end}`;
}

interface LinguisticType {
  readonly id: string;
  readonly vocabulary: string | undefined;
  readonly isDependent: boolean;
}

function typeOf(tier: Tier): LinguisticType {
  const isDependent = tier.parent !== undefined;
  const vocabulary = tier.vocabulary === undefined ? '' : ` (${tier.vocabulary})`;
  return {
    id: `${tier.kind}${isDependent ? ' of parent' : ''}${vocabulary}`,
    vocabulary: tier.vocabulary,
    isDependent,
  };
}

/** Ids of slots and annotations, given out before anything is written, because slots come first in the file. */
class Ids {
  readonly slots: { readonly ms: number; id: string }[] = [];
  readonly #pairs = new Map<TierItem, readonly [{ id: string }, { id: string }]>();
  readonly #annotations = new Map<TierItem, string>();
  readonly #byRange = new Map<string, string>();

  constructor(tiers: readonly Tier[]) {
    for (const tier of tiers) {
      for (const item of tier.items) {
        const id = `a${this.#annotations.size + 1}`;
        this.#annotations.set(item, id);
        this.#byRange.set(`${tier.name}\n${item.range.start}\n${item.range.end}`, id);
        if (tier.parent !== undefined) continue;
        const slot = (time: number) => ({ ms: time / MICROSECONDS_PER_MILLISECOND, id: '' });
        const pair = [slot(item.range.start), slot(item.range.end)] as const;
        this.#pairs.set(item, pair);
        this.slots.push(...pair);
      }
    }
    this.slots.sort((a, b) => a.ms - b.ms);
    this.slots.forEach((slot, index) => (slot.id = `ts${index + 1}`));
  }

  get count(): number {
    return this.#annotations.size;
  }

  of(item: TierItem): string {
    return this.#annotations.get(item) ?? '';
  }

  slotsOf(item: TierItem): readonly [string, string] {
    const pair = this.#pairs.get(item);
    return [pair?.[0].id ?? '', pair?.[1].id ?? ''];
  }

  /** Annotation of the parent tier with the same times. */
  parentOf(parent: string, { range }: TierItem): string {
    return this.#byRange.get(`${parent}\n${range.start}\n${range.end}`) ?? '';
  }
}

const entryId = (vocabulary: string, index: number): string =>
  `cve_${vocabulary.replace(/[^A-Za-z0-9]+/g, '_')}_${index + 1}`;

function* head(set: AnnotationSet, ids: Ids, { createdUtc }: EafOptions): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  const root = {
    AUTHOR: 'Lacuna',
    DATE: createdUtc,
    FORMAT: '3.0',
    VERSION: '3.0',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:noNamespaceSchemaLocation': 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd',
  };
  yield `${tag('ANNOTATION_DOCUMENT', root, '>')}\n`;
  yield '    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">\n';
  if (set.mediaName !== undefined) {
    // Relative in both places: ELAN looks beside the file, and nobody's folders travel with it.
    const url = `./${encodeURIComponent(set.mediaName)}`;
    const media = { MEDIA_URL: url, MIME_TYPE: mimeTypeOf(set.mediaName), RELATIVE_MEDIA_URL: url };
    yield `        ${tag('MEDIA_DESCRIPTOR', media, '/>')}\n`;
  }
  yield `        <PROPERTY NAME="lastUsedAnnotationId">${ids.count}</PROPERTY>\n    </HEADER>\n    <TIME_ORDER>\n`;
  for (const { id, ms } of ids.slots) yield `        <TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${ms}"/>\n`;
  yield '    </TIME_ORDER>\n';
}

function* tierElement(tier: Tier, ids: Ids, vocabulary: Vocabulary | undefined): Generator<string> {
  const isSpoken = tier.kind === 'transcript' || tier.kind === 'word' || tier.kind === 'speaker';
  const isRated = tier.kind === 'label' || tier.kind === 'score' || tier.kind === 'confidence';
  const { name, parent, owner } = tier;
  const attributes = {
    LINGUISTIC_TYPE_REF: typeOf(tier).id,
    TIER_ID: name,
    PARENT_REF: parent,
    PARTICIPANT: isSpoken ? owner : undefined,
    ANNOTATOR: isRated ? owner : undefined,
  };
  yield `    ${tag('TIER', attributes, '>')}\n`;
  const entries = new Map(vocabulary?.entries.map(({ value }, index) => [value, entryId(vocabulary.name, index)]));
  for (const item of tier.items) {
    const [start, end] = ids.slotsOf(item);
    const element = parent === undefined ? 'ALIGNABLE_ANNOTATION' : 'REF_ANNOTATION';
    const where =
      parent === undefined
        ? { TIME_SLOT_REF1: start, TIME_SLOT_REF2: end }
        : { ANNOTATION_REF: ids.parentOf(parent, item) };
    const own = tag(element, { ANNOTATION_ID: ids.of(item), CVE_REF: entries.get(item.value), ...where }, '>');
    yield `        <ANNOTATION>\n            ${own}\n                <ANNOTATION_VALUE>${escapeXml(item.value)}</ANNOTATION_VALUE>\n`;
    yield `            </${element}>\n        </ANNOTATION>\n`;
  }
  yield '    </TIER>\n';
}

function* tail(tiers: readonly Tier[], vocabularies: readonly Vocabulary[]): Generator<string> {
  const types = new Map(tiers.map((tier) => [typeOf(tier).id, typeOf(tier)]));
  for (const { id, vocabulary, isDependent } of types.values()) {
    const attributes = {
      LINGUISTIC_TYPE_ID: id,
      TIME_ALIGNABLE: isDependent ? 'false' : 'true',
      CONSTRAINTS: isDependent ? 'Symbolic_Association' : undefined,
      CONTROLLED_VOCABULARY_REF: vocabulary,
      GRAPHIC_REFERENCES: 'false',
    };
    yield `    ${tag('LINGUISTIC_TYPE', attributes, '/>')}\n`;
  }
  if (vocabularies.length > 0) {
    const language = {
      LANG_DEF: 'http://cdb.iso.org/lg/CDB-00130975-001',
      LANG_ID: 'und',
      LANG_LABEL: 'undetermined (und)',
    };
    yield `    ${tag('LANGUAGE', language, '/>')}\n`;
  }
  for (const [stereotype, description] of CONSTRAINTS) {
    yield `    ${tag('CONSTRAINT', { DESCRIPTION: description, STEREOTYPE: stereotype }, '/>')}\n`;
  }
  for (const { name, description, entries } of vocabularies) {
    yield `    ${tag('CONTROLLED_VOCABULARY', { CV_ID: name }, '>')}\n`;
    yield `        <DESCRIPTION LANG_REF="und">${escapeXml(description)}</DESCRIPTION>\n`;
    for (const [index, entry] of entries.entries()) {
      const value = tag('CVE_VALUE', { DESCRIPTION: entry.description, LANG_REF: 'und' }, '>');
      yield `        ${tag('CV_ENTRY_ML', { CVE_ID: entryId(name, index) }, '>')}\n`;
      yield `            ${value}${escapeXml(entry.value)}</CVE_VALUE>\n        </CV_ENTRY_ML>\n`;
    }
    yield '    </CONTROLLED_VOCABULARY>\n';
  }
}

/** Without a vocabulary that the set does not have. */
function withKnownVocabulary(tier: Tier, vocabularies: readonly Vocabulary[]): Tier {
  const { vocabulary, ...rest } = tier;
  return vocabularies.some(({ name }) => name === vocabulary) ? tier : rest;
}

/**
 * Writes EAF 3.0 for ELAN in pieces. Times are milliseconds; what is shorter gets 1 ms, what starts before 0 starts at 0.
 * Overlaps on a tier go to a tier of the same name with `#2`; dependent tiers are symbolic associations.
 */
export function* writeEaf(set: AnnotationSet, options: EafOptions): Generator<string> {
  const known = set.tiers.map((tier) => withKnownVocabulary(fromZero(tier), set.vocabularies));
  const grid = { grid: MICROSECONDS_PER_MILLISECOND, minimum: MICROSECONDS_PER_MILLISECOND };
  const tiers = splitOverlaps(known, grid);
  const ids = new Ids(tiers);
  yield* head(set, ids, options);
  for (const tier of tiers) {
    yield* tierElement(
      tier,
      ids,
      set.vocabularies.find(({ name }) => name === tier.vocabulary),
    );
  }
  yield* tail(tiers, set.vocabularies);
  yield '</ANNOTATION_DOCUMENT>\n';
}
