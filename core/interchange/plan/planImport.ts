import type { AnnotationDocument } from '../../document/annotationDocument.js';
import type { RaterLabel } from '../../labels/label.js';
import type { CorruptionMark } from '../../marks/mark.js';
import type { Problem } from '../../problems/problem.js';
import type { Segment } from '../../segments/segment.js';
import { orderByStart } from '../../time/orderByStart.js';
import type { AnnotationSet } from '../annotationSet.js';
import type { ImportChoices } from '../importChoices.js';
import { ReadingReport } from '../reading.js';
import { planLabels } from './planLabels.js';
import { planMarks } from './planMarks.js';
import { planSegments } from './planSegments.js';
import { planTiers } from './planTiers.js';
import { planSegmentRemarks } from './remarks.js';

/** What an import would do. */
export interface ImportPlan {
  /** The document after it; the same object when nothing would change. */
  readonly document: AnnotationDocument;
  readonly counts: {
    /** Segments that replace the ones before; 0 where these stay. */
    readonly segments: number;
    readonly cues: number;
    readonly labels: number;
    readonly marks: number;
    /** Annotations on tiers beside the segments. */
    readonly annotations: number;
    /** Labels given here that would go, because their segments go or the file has a label of the same rater. */
    readonly labelsRemoved: number;
  };
  /** Every annotation that would not be taken or would be changed, with line and reason. */
  readonly problems: readonly Problem[];
}

const labelKey = ({ segmentId, raterId }: RaterLabel): string => JSON.stringify([segmentId, raterId]);

/** Kinds of people's own that come with the marks and are not known here yet. */
function newKinds({ markKinds = [] }: AnnotationDocument, marks: readonly CorruptionMark[]): string[] {
  const own = new Set(marks.flatMap(({ ownKind }) => ownKind ?? []));
  return [...own].filter((kind) => !markKinds.includes(kind));
}

/** Labels whose segment is still what it was: the same id with the same times. */
function lastingLabels(document: AnnotationDocument, segments: readonly Segment[]): readonly RaterLabel[] {
  if (segments === document.segments) return document.labels;
  const before = new Map(document.segments.map((segment) => [segment.id, segment.range]));
  const same = new Set(
    segments.flatMap(({ id, range }) => {
      const old = before.get(id);
      return old?.start === range.start && old.end === range.end ? [id] : [];
    }),
  );
  return document.labels.filter(({ segmentId }) => same.has(segmentId));
}

/**
 * Works out what an import would make of a document, as one edit: segments and transcript first, then labels by the
 * segments they cover, then marks. Nothing is changed; the caller applies `document`, or not.
 */
export function planImport(
  document: AnnotationDocument,
  set: AnnotationSet,
  choices: ImportChoices,
  now: Date,
): ImportPlan {
  const report = new ReadingReport();
  const { segments: bare, cues, replacesSegments } = planSegments(set, choices, document, report);
  const segments = planSegmentRemarks(set, choices, document, bare, report);
  const imported = planLabels(set, choices, segments, now, report);
  const marks = planMarks(set, choices, document, report);
  const tiers = planTiers(set, choices, document, now, report);
  const replaced = new Set(imported.map(labelKey));
  const kept = lastingLabels(document, segments).filter((label) => !replaced.has(labelKey(label)));
  const labelsRemoved = document.labels.length - kept.length;
  const takesCues = cues !== document.cues;
  const remarks = segments !== bare || tiers.remarks;
  const changes = replacesSegments || takesCues || remarks || imported.length + marks.length + tiers.annotations > 0;
  const ownKinds = newKinds(document, marks);
  const problems = report.problems();
  const next: AnnotationDocument = {
    ...tiers.document,
    segments,
    cues,
    labels: [...kept, ...imported],
    marks: orderByStart([...document.marks, ...marks]),
    ...(ownKinds.length > 0 ? { markKinds: [...(document.markKinds ?? []), ...ownKinds] } : {}),
    transcriptProblems: takesCues ? problems : document.transcriptProblems,
  };
  return {
    document: changes ? next : document,
    counts: {
      segments: replacesSegments ? segments.length : 0,
      cues: takesCues ? cues.length : 0,
      labels: imported.length,
      marks: marks.length,
      annotations: tiers.annotations,
      labelsRemoved,
    },
    problems,
  };
}
