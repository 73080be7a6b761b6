import type { Scheme } from '../tiers/scheme.js';
import type { AnnotationTier, TierAnnotation } from '../tiers/tier.js';
import { orderByStart } from '../time/orderByStart.js';
import type { MergeContext } from './mergeFields.js';
import { canonical, CHOICES, freeId, rangeKey, same } from './mergeParts.js';

/** Tiers, their schemes and annotations, and continuous ratings. */
export function mergeTiers(context: MergeContext): void {
  const schemeIds = mergeSchemes(context);
  const tierIds = mergeTierList(context, schemeIds);
  mergeAnnotations(context, tierIds);
  mergeTraces(context);
}

/** My scheme with the values that only theirs has, so that no annotation of theirs loses its value. */
function withValues(mine: Scheme, theirs: Scheme): Scheme {
  const known = new Set(mine.values.map(({ value }) => value));
  const keys = new Set(mine.values.flatMap(({ key }) => key ?? []));
  const added = theirs.values
    .filter(({ value }) => !known.has(value))
    .map(({ key, ...rest }) => (key === undefined || keys.has(key) ? rest : { ...rest, key }));
  return added.length === 0 ? mine : { ...mine, values: [...mine.values, ...added] };
}

/** @returns their scheme ids as they are called on my side. */
function mergeSchemes(context: MergeContext): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  let schemes = [...(context.mine.schemes ?? [])];
  const taken = new Set(schemes.map(({ id }) => id));
  for (const theirs of context.theirs.schemes ?? []) {
    const mine = schemes.find(({ name }) => name === theirs.name);
    const id = mine?.id ?? freeId(theirs.id, taken);
    ids.set(theirs.id, id);
    if (mine) schemes = schemes.map((scheme) => (scheme === mine ? withValues(mine, theirs) : scheme));
    else schemes.push({ ...theirs, id });
    if (!mine) context.add('others');
  }
  if (schemes.length > 0) context.document = { ...context.document, schemes };
  return ids;
}

/** @returns their tier ids as they are called on my side. A tier of the same name is the same tier. */
function mergeTierList(context: MergeContext, schemeIds: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const tiers = [...(context.mine.tiers ?? [])];
  const taken = new Set(tiers.map(({ id }) => id));
  const names = new Set(tiers.map(({ name }) => name));
  for (const theirs of context.theirs.tiers ?? []) {
    const schemeId = theirs.schemeId === undefined ? undefined : (schemeIds.get(theirs.schemeId) ?? theirs.schemeId);
    const mine = tiers.find((tier) => tier.name === theirs.name);
    if (mine && mine.schemeId === schemeId) {
      ids.set(theirs.id, mine.id);
      continue;
    }
    const id = freeId(theirs.id, taken);
    // a tier of this name with other values is another tier
    const name = mine ? freeId(theirs.name, names) : theirs.name;
    names.add(name);
    ids.set(theirs.id, id);
    const next: AnnotationTier = { ...theirs, id, name, ...(schemeId === undefined ? {} : { schemeId }) };
    tiers.push(next);
    context.add('others');
  }
  if (tiers.length > 0) context.document = { ...context.document, tiers };
  return ids;
}

function mergeAnnotations(context: MergeContext, tierIds: ReadonlyMap<string, string>): void {
  const placeOf = (item: TierAnnotation) => `${item.tierId} ${item.raterId} ${rangeKey(item)}`;
  const own = context.mine.annotations ?? [];
  const known = new Map(own.map((item) => [placeOf(item), item]));
  const taken = new Set(own.map(({ id }) => id));
  const added: TierAnnotation[] = [];
  for (const item of context.theirs.annotations ?? []) {
    const theirs = { ...item, tierId: tierIds.get(item.tierId) ?? item.tierId };
    const mine = known.get(placeOf(theirs));
    if (!mine) added.push({ ...theirs, id: freeId(theirs.id, taken) });
    else if (!same({ ...mine, id: '', modifiedUtc: '' }, { ...theirs, id: '', modifiedUtc: '' })) {
      askAnnotation(context, mine, { ...theirs, id: mine.id }, freeId(theirs.id, taken));
    }
  }
  context.add('annotations', added.length);
  const annotations = orderByStart([...own, ...added]);
  if (annotations.length > 0) context.document = { ...context.document, annotations };
}

const annotationWords = ({ value, note, flagged }: TierAnnotation): string =>
  [
    value ?? 'no value',
    ...(note === undefined ? [] : [`“${note.slice(0, 80)}”`]),
    ...(flagged ? ['flagged'] : []),
  ].join(', ');

function askAnnotation(context: MergeContext, mine: TierAnnotation, theirs: TierAnnotation, freshId: string): void {
  const tier = context.document.tiers?.find(({ id }) => id === mine.tierId)?.name ?? mine.tierId;
  context.steps.push({
    conflict: {
      key: `annotation ${mine.id}`,
      kind: 'label',
      what: `annotation ${mine.id} of ${mine.raterId} on ${tier}`,
      mine: annotationWords(mine),
      theirs: annotationWords(theirs),
      choices: CHOICES,
    },
    take: (document, choice) => {
      const list = document.annotations ?? [];
      const next =
        choice === 'both'
          ? [...list, { ...theirs, id: freshId, raterId: context.otherName(theirs.raterId) }]
          : list.map((item) => (item.id === mine.id ? theirs : item));
      return { ...document, annotations: orderByStart(next) };
    },
  });
}

/** A continuous rating is a recording of a person: it is there or not, never a conflict. */
function mergeTraces(context: MergeContext): void {
  const own = context.mine.traces ?? [];
  const known = new Set(own.map(({ id: _id, ...rest }) => canonical(rest)));
  const taken = new Set(own.map(({ id }) => id));
  const added = (context.theirs.traces ?? [])
    .filter(({ id: _id, ...rest }) => !known.has(canonical(rest)))
    .map((trace) => ({ ...trace, id: freeId(trace.id, taken) }));
  if (added.length === 0) return;
  context.add('annotations', added.length);
  context.document = { ...context.document, traces: [...own, ...added] };
}
