import type { AnnotationDocument } from '../../document/annotationDocument.js';
import { addAnnotations, type NewAnnotation } from '../../tiers/editAnnotations.js';
import { addScheme, changeScheme, type ValueDraft } from '../../tiers/editSchemes.js';
import { addTier } from '../../tiers/editTiers.js';
import { EMOTION_SCHEME, firstLook, letterOf, LONGEST_NAME, MOST_VALUES, type Scheme } from '../../tiers/scheme.js';
import { type AnnotationTier, MOST_TIERS, schemeOf, schemesOf } from '../../tiers/tier.js';
import type { AnnotationSet, Tier } from '../annotationSet.js';
import type { ImportChoices } from '../importChoices.js';
import type { ReadingReport } from '../reading.js';
import { MAX_NOTE, remarked, TierRemarks } from './remarks.js';
import { type ChosenItem, insideItems, itemsOf, tellItem, tiersAs } from './chosenItems.js';

/** The document with the tiers that came, and how many annotations they have. */
export interface PlannedTiers {
  readonly document: AnnotationDocument;
  readonly annotations: number;
  /** Annotations that were there already got a note or a flag. */
  readonly remarks: boolean;
}

/** A name that none of the others has: `Gaze`, else `Gaze 2`, … */
function freeName(wanted: string, taken: readonly string[]): string {
  const base = wanted.trim().slice(0, LONGEST_NAME - 4) || 'Tier';
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base} ${number}`)) number += 1;
  return `${base} ${number}`;
}

/** Values of a tier with a vocabulary: what the vocabulary names, then what stands on the tier besides. */
function valuesOf(set: AnnotationSet, tier: Tier, items: readonly ChosenItem[]) {
  const entries = set.vocabularies.find(({ name }) => name === tier.vocabulary)?.entries ?? [];
  const known = new Map(entries.map(({ value, description }) => [value.trim(), description]));
  for (const { value } of items) if (!known.has(value.trim())) known.set(value.trim(), '');
  known.delete('');
  return known;
}

/** Files without vocabularies: the scheme of the tier here of the same name, where that has all values. */
function knownScheme(document: AnnotationDocument, name: string, items: readonly ChosenItem[]): Scheme | undefined {
  const same = document.tiers?.find((tier) => tier.name === name);
  const scheme = same && schemeOf(document, same);
  const values = new Set(scheme?.values.map(({ value }) => value));
  return items.every(({ value }) => values.has(value.trim())) ? scheme : undefined;
}

/** The scheme of a tier that comes: one here that has all its values, else a new one; undefined for free text. */
function schemeFor(
  document: AnnotationDocument,
  set: AnnotationSet,
  tier: Tier,
  name: string,
  items: readonly ChosenItem[],
  now: Date,
): { readonly document: AnnotationDocument; readonly scheme: Scheme | undefined } {
  if (tier.vocabulary === undefined) return { document, scheme: knownScheme(document, name, items) };
  const values = valuesOf(set, tier, items);
  const isUsable = values.size > 0 && values.size <= MOST_VALUES;
  if (!isUsable || [...values.keys()].some((value) => value.length > LONGEST_NAME))
    return { document, scheme: undefined };
  const wanted = tier.vocabulary === 'emotion' ? EMOTION_SCHEME.name : tier.vocabulary;
  const known = schemesOf(document).find(
    (scheme) =>
      scheme.name === wanted && [...values.keys()].every((value) => scheme.values.some((own) => own.value === value)),
  );
  if (known) return { document, scheme: known };
  const schemeName = freeName(
    wanted,
    schemesOf(document).map((scheme) => scheme.name),
  );
  const made = addScheme(document, schemeName);
  const drafts = [...values].map(([value, description], index): ValueDraft => ({
    ...{ value, ...firstLook(index), letter: letterOf(value) },
    ...(description === '' ? {} : { description: description.slice(0, 1_000) }),
  }));
  const filled = changeScheme(
    made.document,
    made.scheme.id,
    { name: schemeName, values: drafts },
    { raterId: 'import', now },
  );
  return { document: filled, scheme: filled.schemes?.find(({ id }) => id === made.scheme.id) };
}

/** The tier here of the same name and scheme, else a new one. */
function tierFor(document: AnnotationDocument, name: string, scheme: Scheme | undefined) {
  const same = document.tiers?.find((tier) => tier.name === name && schemeOf(document, tier)?.id === scheme?.id);
  if (same) return { document, tier: same };
  return addTier(
    document,
    freeName(
      name,
      (document.tiers ?? []).map((tier) => tier.name),
    ),
    scheme?.id,
  );
}

const keyOf = (tierId: string, raterId: string, { range }: Pick<ChosenItem, 'range'>, value: string): string =>
  JSON.stringify([tierId, raterId, range.start, range.end, value]);

/** Annotations of one rater that come to a tier. */
interface Coming {
  readonly tier: AnnotationTier;
  /** Name and rater under which the file remarks on them. */
  readonly name: string;
  readonly raterId: string;
  readonly items: readonly ChosenItem[];
}

/** Adds annotations that are not there yet, with notes and flags; one that is there is told, and gets these only. */
function addItems(
  document: AnnotationDocument,
  { tier, name, raterId, items }: Coming,
  remarks: TierRemarks,
  now: Date,
  report: ReadingReport,
): PlannedTiers {
  const known = new Map((document.annotations ?? []).map((a) => [keyOf(a.tierId, a.raterId, a, a.value ?? ''), a.id]));
  const wanted: NewAnnotation[] = [];
  const changed = new Map<string, ReturnType<TierRemarks['take']>>();
  for (const item of items) {
    const value = item.value.trim();
    const said = remarks.take(name, raterId, item.range);
    const id = known.get(keyOf(tier.id, raterId, item, value));
    if (id !== undefined) {
      changed.set(id, said);
      tellItem(report, item, 'note', 'annotation_known', 'it is there already; not taken again.', 'Nothing to do.');
      continue;
    }
    const note = said.note?.trim().slice(0, MAX_NOTE);
    wanted.push({
      ...{ tierId: tier.id, range: item.range, raterId, value },
      ...(note ? { note } : {}),
      ...(said.isFlagged ? { flagged: true } : {}),
    });
  }
  const before = document.annotations ?? [];
  const after = before.map((annotation) => {
    const said = changed.get(annotation.id);
    return said ? remarked(annotation, said.note, said.isFlagged) : annotation;
  });
  const differs = after.some((annotation, index) => annotation !== before[index]);
  const noted = differs ? { ...document, annotations: after } : document;
  return { document: addAnnotations(noted, wanted, now), annotations: wanted.length, remarks: differs };
}

/** Tiers of a file that become tiers here: with a scheme where the file has a vocabulary, else free text. */
export function planTiers(
  set: AnnotationSet,
  choices: ImportChoices,
  document: AnnotationDocument,
  now: Date,
  report: ReadingReport,
): PlannedTiers {
  let next = document;
  let annotations = 0;
  let changed = false;
  const remarks = new TierRemarks(set, choices);
  for (const { tier, choice } of tiersAs(set, choices, 'tier')) {
    const items = insideItems(itemsOf([tier]), document.duration, report);
    if (items.length === 0) continue;
    if ((next.tiers ?? []).length >= MOST_TIERS) {
      const message = `Tier ${tier.name}: there are ${MOST_TIERS} tiers here already; not taken.`;
      report.file({
        code: 'import.too_many_tiers',
        severity: 'warning',
        message,
        tip: 'Leave out tiers you do not need.',
      });
      continue;
    }
    const withScheme = schemeFor(next, set, tier, choice.name, items, now);
    const withTier = tierFor(withScheme.document, choice.name, withScheme.scheme);
    const { name, raterId } = choice;
    const filled = addItems(withTier.document, { tier: withTier.tier, name, raterId, items }, remarks, now, report);
    changed ||= filled.remarks;
    next = filled.document;
    annotations += filled.annotations;
  }
  return { document: next, annotations, remarks: changed };
}
