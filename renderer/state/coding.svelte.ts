import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { TierAnnotation } from '../../core/tiers/tier.js';
import type { Trace } from '../../core/traces/trace.js';
import { type TierRow, tierRows, type TraceRow, traceRows } from '../timeline/tierRows.js';
import type { Selection } from './selection.svelte.js';

/** What coding needs to know of the rest of the page. */
interface CodingSources {
  readonly document: () => AnnotationDocument | undefined;
  readonly raterId: () => string;
  readonly blind: () => boolean;
}

/** Tiers, their annotations and continuous traces, as the page shows them. In blind mode nobody else's. */
export class Coding {
  readonly rows: readonly TierRow[] = $derived.by(() => tierRows(this.sources.document(), this.onlyRater()));
  readonly traces: readonly TraceRow[] = $derived.by(() => traceRows(this.sources.document(), this.onlyRater()));
  /** The tier that keys act on; undefined while it is the segments. */
  readonly row: TierRow | undefined = $derived.by(() =>
    this.rows.find(({ tier }) => tier.id === this.selection.tierId),
  );
  readonly annotation: TierAnnotation | undefined = $derived.by(() =>
    this.row?.items.items.find(({ id }) => id === this.selection.annotationId),
  );
  readonly trace: Trace | undefined = $derived.by(() =>
    this.traces.flatMap(({ traces }) => traces).find(({ id }) => id === this.selection.traceId),
  );

  private readonly selection: Selection;
  private readonly sources: CodingSources;

  constructor(selection: Selection, sources: CodingSources) {
    this.selection = selection;
    this.sources = sources;
  }

  /** The chosen annotation where the person at the keyboard made it: nobody changes what others said. */
  get own(): TierAnnotation | undefined {
    return this.annotation?.raterId === this.sources.raterId() ? this.annotation : undefined;
  }

  private onlyRater(): string | undefined {
    return this.sources.blind() ? this.sources.raterId() : undefined;
  }
}
