/** Finds the times of all annotations of an EAF file: of slots without a time, and of annotations about others. */
import type { ReadingReport } from '../reading.js';
import type { EafAnnotation, EafDocument, EafTier } from './eafDocument.js';

/** Start and end in milliseconds, not rounded. */
export interface MsRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Times of slots on one tier: a run of unaligned slots between two aligned ones is spread evenly, as ELAN shows it.
 * @returns slots that got a time here.
 */
function spreadSlots(tier: EafTier, slots: ReadonlyMap<string, number | undefined>): Map<string, number> {
  const chain: string[] = [];
  for (const { slots: pair } of tier.annotations) {
    for (const slot of pair ?? []) if (chain.at(-1) !== slot) chain.push(slot);
  }
  const spread = new Map<string, number>();
  let known = -1;
  chain.forEach((slot, index) => {
    const time = slots.get(slot);
    if (time === undefined) return;
    const before = known >= 0 ? slots.get(chain[known] ?? '') : undefined;
    if (before !== undefined && index - known > 1) {
      for (let step = known + 1; step < index; step += 1) {
        spread.set(chain[step] ?? '', before + ((time - before) * (step - known)) / (index - known));
      }
    }
    known = index;
  });
  return spread;
}

/** Annotations under one parent in the order of their chain of previous ones; loose ones keep the file's order. */
function chained(annotations: readonly EafAnnotation[]): readonly EafAnnotation[] {
  const next = new Map<string, EafAnnotation>();
  for (const annotation of annotations)
    if (annotation.previous !== undefined) next.set(annotation.previous, annotation);
  const ordered: EafAnnotation[] = [];
  const seen = new Set<EafAnnotation>();
  const heads = [...annotations.filter(({ previous }) => previous === undefined), ...annotations];
  for (const head of heads) {
    for (let at: EafAnnotation | undefined = head; at && !seen.has(at); at = next.get(at.id)) {
      seen.add(at);
      ordered.push(at);
    }
  }
  return ordered;
}

class TimeResolver {
  readonly ranges = new Map<string, MsRange>();
  readonly #document: EafDocument;
  readonly #report: ReadingReport;
  readonly #done = new Set<EafTier>();
  readonly #owners = new Map<string, EafTier>();

  constructor(document: EafDocument, report: ReadingReport) {
    this.#document = document;
    this.#report = report;
    for (const tier of document.tiers) for (const { id } of tier.annotations) this.#owners.set(id, tier);
  }

  /** Resolves a tier after the tiers that it refers to; a circle ends where it began. */
  resolve(tier: EafTier): void {
    if (this.#done.has(tier)) return;
    this.#done.add(tier);
    const refs = new Set(tier.annotations.flatMap(({ ref }) => (ref === undefined ? [] : [ref])));
    const parents = new Set([...refs].flatMap((ref) => this.#owners.get(ref) ?? []));
    for (const parent of parents) this.resolve(parent);
    this.#align(tier);
    this.#refer(tier);
  }

  #align(tier: EafTier): void {
    const { slots } = this.#document;
    const spread = spreadSlots(tier, slots);
    for (const { id, line, slots: pair } of tier.annotations) {
      if (!pair) continue;
      const [start, end] = pair.map((slot) => slots.get(slot) ?? spread.get(slot));
      if (start !== undefined && end !== undefined) {
        this.ranges.set(id, { start, end });
        continue;
      }
      const missing = pair.find((slot) => !slots.has(slot));
      const what =
        missing === undefined
          ? 'the annotation has no times'
          : `there is no time slot ${missing}; the annotation has no times`;
      this.#report.line(line, 'error', 'eaf_no_time', `${what}; not taken.`, 'Align it in ELAN.');
    }
    if (spread.size > 0) {
      const what = `${spread.size} time slots of tier ${tier.id} have no time; they were spread evenly, as ELAN shows them.`;
      this.#report.line(tier.line, 'note', 'eaf_spread', what, 'Align them in ELAN if their times matter.');
    }
  }

  /** One annotation about a parent has its times; several share them evenly, in their order. */
  #refer(tier: EafTier): void {
    const children = new Map<string, EafAnnotation[]>();
    for (const annotation of tier.annotations) {
      if (annotation.ref === undefined) continue;
      const siblings = children.get(annotation.ref);
      if (siblings) siblings.push(annotation);
      else children.set(annotation.ref, [annotation]);
    }
    for (const [ref, siblings] of children) {
      const range = this.ranges.get(ref);
      const ordered = chained(siblings);
      ordered.forEach((annotation, index) => {
        if (!range) {
          const what = `the annotation is about ${ref}, which does not exist or has no times; not taken.`;
          this.#report.line(
            annotation.line,
            'error',
            'eaf_no_parent',
            what,
            'Open the file in ELAN and save it again.',
          );
          return;
        }
        const length = (range.end - range.start) / ordered.length;
        this.ranges.set(annotation.id, {
          start: range.start + length * index,
          end: range.start + length * (index + 1),
        });
      });
    }
  }
}

/** Times of all annotations by id; those without any are told in the report and absent. */
export function resolveEafTimes(document: EafDocument, report: ReadingReport): ReadonlyMap<string, MsRange> {
  const resolver = new TimeResolver(document, report);
  for (const tier of document.tiers) resolver.resolve(tier);
  return resolver.ranges;
}
