/** Review of many proposals at once, by a threshold on the detectors' confidence. */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import { reviewed } from './editMarks.js';
import type { CorruptionMark, MarkKind } from './mark.js';

/** Open proposals of one kind, divided by the threshold. */
export interface KindCounts {
  readonly kind: MarkKind;
  /** Confidence at or above the threshold. */
  readonly above: number;
  readonly below: number;
  /** Without a confidence: no threshold can decide about them. */
  readonly unknown: number;
}

/** What a bulk review decides about: open proposals of some kinds. */
export interface BulkChoice {
  /** Confidence, 0 to 1; proposals at it count as above. */
  readonly threshold: number;
  readonly kinds: ReadonlySet<MarkKind>;
}

/** What becomes of the proposals on each side; undefined leaves them open. */
export interface BulkDecision {
  readonly above?: 'confirmed' | 'rejected';
  readonly below?: 'confirmed' | 'rejected';
}

const isOpen = (mark: CorruptionMark): boolean => mark.review === 'proposed';

/** Open proposals by kind, in order of name. */
export function countProposals(marks: readonly CorruptionMark[], threshold: number): readonly KindCounts[] {
  const counts = new Map<MarkKind, { above: number; below: number; unknown: number }>();
  for (const mark of marks) {
    if (!isOpen(mark)) continue;
    const count = counts.get(mark.kind) ?? { above: 0, below: 0, unknown: 0 };
    if (mark.confidence === undefined) count.unknown += 1;
    else if (mark.confidence >= threshold) count.above += 1;
    else count.below += 1;
    counts.set(mark.kind, count);
  }
  return [...counts].map(([kind, count]) => ({ kind, ...count })).sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

/** Decides about all open proposals of the chosen kinds in one edit; the same document when there are none. */
export function reviewInBulk(
  document: AnnotationDocument,
  { threshold, kinds }: BulkChoice,
  decision: BulkDecision,
  raterId: string,
): AnnotationDocument {
  let changed = 0;
  const marks = document.marks.map((mark) => {
    if (!isOpen(mark) || mark.confidence === undefined || !kinds.has(mark.kind)) return mark;
    const review = mark.confidence >= threshold ? decision.above : decision.below;
    if (review === undefined) return mark;
    changed += 1;
    return reviewed(mark, review, raterId);
  });
  return changed === 0 ? document : { ...document, marks };
}
