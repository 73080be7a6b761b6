import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { Scheme } from '../../core/tiers/scheme.js';
import { type AnnotationTier, schemeOf, type TierAnnotation } from '../../core/tiers/tier.js';
import { type Trace, TRACE_DIMENSIONS, type TraceDimension } from '../../core/traces/trace.js';
import { type Stack, stackLanes } from './stackLanes.js';
import { type SortedItems, sortByStart } from './timelineModel.js';

/** A tier with the annotations that may be seen now, ready to be drawn. */
export interface TierRow {
  readonly tier: AnnotationTier;
  /** Undefined for free text. */
  readonly scheme: Scheme | undefined;
  readonly items: SortedItems<TierAnnotation>;
  readonly stack: Stack;
}

/** Traces of one dimension, of all raters who may be seen. */
export interface TraceRow {
  readonly dimension: TraceDimension;
  readonly traces: readonly Trace[];
}

/** One row per tier, in their order. @param onlyRater in blind mode, whose annotations are shown. */
export function tierRows(document: AnnotationDocument | undefined, onlyRater: string | undefined): readonly TierRow[] {
  if (!document) return [];
  const shown = (document.annotations ?? []).filter(({ raterId }) => onlyRater === undefined || raterId === onlyRater);
  return (document.tiers ?? []).map((tier) => {
    const items = sortByStart(shown.filter(({ tierId }) => tierId === tier.id));
    return { tier, scheme: schemeOf(document, tier), items, stack: stackLanes(items.items) };
  });
}

/** One row per dimension that somebody rated. */
export function traceRows(
  document: AnnotationDocument | undefined,
  onlyRater: string | undefined,
): readonly TraceRow[] {
  const shown = (document?.traces ?? []).filter(({ raterId }) => onlyRater === undefined || raterId === onlyRater);
  return TRACE_DIMENSIONS.map((dimension) => ({
    dimension,
    traces: shown.filter((trace) => trace.dimension === dimension),
  })).filter(({ traces }) => traces.length > 0);
}
