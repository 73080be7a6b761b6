/**
 * Brings a co-worker's work on a recording into one's own. What only one side has is taken from it; what both sides have
 * and say differently is a conflict that a person decides.
 */
import type { AnnotationDocument } from '../document/annotationDocument.js';
import type { RaterLabel } from '../labels/label.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { Segment } from '../segments/segment.js';
import { microseconds } from '../time/microseconds.js';
import { orderByStart } from '../time/orderByStart.js';
import { mergeFields } from './mergeFields.js';
import { canonical, type Choice, CHOICES, type Conflict, freeId, rangeKey, same, type Step } from './mergeParts.js';
import { mergeTiers } from './mergeTiers.js';

/** How many items come from the other side without a question. */
export interface MergeCounts {
  readonly segments: number;
  readonly marks: number;
  readonly labels: number;
  /** Proposals of mine that the other side had reviewed. */
  readonly reviews: number;
  /** Annotations on tiers and continuous ratings. */
  readonly annotations: number;
  /** Entries of further lists. */
  readonly others: number;
}

export interface DocumentMerge {
  readonly recordingId: string;
  readonly counts: MergeCounts;
  readonly conflicts: readonly Conflict[];
  /** The merged document under the choices; a conflict without a choice stays mine. */
  readonly apply: (choices: Readonly<Record<string, Choice>>) => AnnotationDocument;
}

/** Everybody who made something on either side. */
function ratersOf(...documents: readonly AnnotationDocument[]): Set<string> {
  const made = documents.flatMap(({ labels, annotations = [], traces = [] }) => [...labels, ...annotations, ...traces]);
  return new Set(made.map(({ raterId }) => raterId));
}

class Merge {
  readonly steps: Step[] = [];
  counts: MergeCounts = { segments: 0, marks: 0, labels: 0, reviews: 0, annotations: 0, others: 0 };
  /** Their segment ids as they are called on my side. */
  readonly idOf = new Map<string, string>();
  document: AnnotationDocument;
  readonly mine: AnnotationDocument;
  readonly theirs: AnnotationDocument;
  /** How raters of the other side are called when both labels are kept. */
  readonly suffix: string;

  constructor(mine: AnnotationDocument, theirs: AnnotationDocument, suffix: string) {
    this.mine = mine;
    this.theirs = theirs;
    this.suffix = suffix;
    this.document = mine;
  }

  add(what: keyof MergeCounts, number = 1): void {
    this.counts = { ...this.counts, [what]: this.counts[what] + number };
  }

  run(): void {
    // decoding may find more of a file than its headers promise, so one side can know a longer recording
    const duration = microseconds(Math.max(this.mine.duration, this.theirs.duration));
    this.document = { ...this.mine, duration };
    this.segments();
    this.labels();
    this.marks();
    for (const merge of [mergeTiers, mergeFields]) merge(this);
  }

  private segments(): void {
    const byId = new Map(this.mine.segments.map((segment) => [segment.id, segment]));
    const byRange = new Map(this.mine.segments.map((segment) => [rangeKey(segment), segment]));
    const taken = new Set(byId.keys());
    const added: Segment[] = [];
    for (const theirs of this.theirs.segments) {
      const own = byId.get(theirs.id);
      const twin = own && rangeKey(own) === rangeKey(theirs) ? own : byRange.get(rangeKey(theirs));
      const mine = twin ?? own;
      if (!mine) {
        const id = freeId(theirs.id, taken);
        this.idOf.set(theirs.id, id);
        added.push({ ...theirs, id });
        this.add('segments');
        continue;
      }
      this.idOf.set(theirs.id, mine.id);
      if (same({ ...mine, id: '', origin: '' }, { ...theirs, id: '', origin: '' })) continue;
      this.segmentConflict(mine, { ...theirs, id: mine.id }, taken);
    }
    this.document = { ...this.document, segments: orderByStart([...this.document.segments, ...added]) };
  }

  private segmentConflict(mine: Segment, theirs: Segment, taken: Set<string>): void {
    const moved = rangeKey(mine) !== rangeKey(theirs);
    const id = moved ? freeId(theirs.id, taken) : theirs.id;
    this.steps.push({
      conflict: {
        key: `segment ${mine.id}`,
        kind: 'segment',
        what: `segment ${mine.id}`,
        mine: segmentWords(mine),
        theirs: segmentWords(theirs),
        choices: moved ? CHOICES : ['mine', 'theirs'],
      },
      take: (document, choice) => {
        const segments =
          choice === 'both'
            ? [...document.segments, { ...theirs, id }]
            : document.segments.map((segment) => (segment.id === mine.id ? theirs : segment));
        return { ...document, segments: orderByStart(segments) };
      },
    });
  }

  /** How a rater of the other side is called beside mine of that name; the same name gives the same answer. */
  readonly otherName = (raterId: string): string => {
    this.raters ??= ratersOf(this.mine, this.theirs);
    const name = this.others.get(raterId) ?? freeId(`${raterId}-${this.suffix}`.slice(0, 70), this.raters);
    this.others.set(raterId, name);
    return name;
  };
  private raters: Set<string> | undefined;
  private readonly others = new Map<string, string>();

  private labels(): void {
    const placeOf = (label: RaterLabel) => canonical(placeOfLabel(label));
    const known = new Map(this.mine.labels.map((label) => [placeOf(label), label]));
    const added: RaterLabel[] = [];
    for (const label of this.theirs.labels) {
      const theirs = { ...label, segmentId: this.idOf.get(label.segmentId) ?? label.segmentId };
      const mine = known.get(placeOf(theirs));
      if (!mine) {
        added.push(theirs);
        this.add('labels');
      } else if (!same({ ...mine, modifiedUtc: '' }, { ...theirs, modifiedUtc: '' })) this.labelConflict(mine, theirs);
    }
    this.document = { ...this.document, labels: [...this.document.labels, ...added] };
  }

  private labelConflict(mine: RaterLabel, theirs: RaterLabel): void {
    const what = `label of ${mine.raterId} for ${mine.segmentId}`;
    this.steps.push({
      conflict: {
        key: canonical(placeOfLabel(mine)),
        kind: 'label',
        what,
        mine: labelWords(mine),
        theirs: labelWords(theirs),
        choices: CHOICES,
      },
      take: (document, choice) => ({
        ...document,
        labels:
          choice === 'both'
            ? [...document.labels, { ...theirs, raterId: this.otherName(theirs.raterId) }]
            : document.labels.map((label) => (label === mine ? theirs : label)),
      }),
    });
  }

  private marks(): void {
    const content = ({ id: _id, note: _note, review: _review, severity: _severity, ...rest }: CorruptionMark) =>
      canonical(rest);
    const known = new Map(this.mine.marks.map((mark) => [content(mark), mark]));
    const taken = new Set(this.mine.marks.map((mark) => mark.id));
    const added: CorruptionMark[] = [];
    const reviewed = new Map<string, CorruptionMark>();
    for (const theirs of this.theirs.marks) {
      const mine = known.get(content(theirs));
      if (!mine) {
        added.push({ ...theirs, id: freeId(theirs.id, taken) });
        this.add('marks');
      } else if (same({ ...mine, id: '' }, { ...theirs, id: '' }) || theirs.review === 'proposed') continue;
      else if (mine.review === 'proposed') {
        reviewed.set(mine.id, { ...theirs, id: mine.id });
        this.add('reviews');
      } else this.markConflict(mine, { ...theirs, id: mine.id });
    }
    const marks = this.document.marks.map((mark) => reviewed.get(mark.id) ?? mark);
    this.document = { ...this.document, marks: orderByStart([...marks, ...added]) };
  }

  private markConflict(mine: CorruptionMark, theirs: CorruptionMark): void {
    this.steps.push({
      conflict: {
        key: `mark ${mine.id}`,
        kind: 'mark',
        what: `mark ${mine.id}, ${mine.modality} ${mine.kind}`,
        mine: markWords(mine),
        theirs: markWords(theirs),
        choices: ['mine', 'theirs'],
      },
      take: (document) => ({ ...document, marks: document.marks.map((mark) => (mark.id === mine.id ? theirs : mark)) }),
    });
  }
}

/** What tells two labels of one person apart: everything that is no judgement. */
function placeOfLabel({
  label: _label,
  score: _score,
  note: _note,
  modifiedUtc: _utc,
  ...place
}: RaterLabel): Record<string, unknown> {
  return Object.fromEntries(Object.entries(place).filter(([key]) => PLACE_KEYS.has(key)));
}
const PLACE_KEYS = new Set(['segmentId', 'raterId', 'tierId', 'tier']);

const seconds = (time: number): string => (time / 1e6).toFixed(3);
const segmentWords = ({ range, text }: Segment): string =>
  `${seconds(range.start)} to ${seconds(range.end)} s${text === undefined ? '' : `, “${text.slice(0, 80)}”`}`;
const labelWords = ({ label, score, note }: RaterLabel): string =>
  [
    label,
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(note === undefined ? [] : [`“${note.slice(0, 80)}”`]),
  ].join(', ');
const markWords = ({ review, severity, note }: CorruptionMark): string =>
  [review, `severity ${severity}`, ...(note === '' ? [] : [`“${note.slice(0, 80)}”`])].join(', ');
/**
 * Compares two documents of one recording.
 * @param suffix added to a rater's name where both sides' labels are kept, `R1-anna`; letters, digits, dots, hyphens.
 */
export function mergeDocuments(mine: AnnotationDocument, theirs: AnnotationDocument, suffix: string): DocumentMerge {
  const merge = new Merge(mine, theirs, suffix);
  merge.run();
  const { steps, counts, document } = merge;
  return {
    recordingId: mine.recordingId,
    counts,
    conflicts: steps.map(({ conflict }) => conflict),
    apply: (choices) =>
      steps.reduce((made, { conflict, take }) => {
        const choice = choices[conflict.key] ?? 'mine';
        return choice === 'mine' ? made : take(made, choice);
      }, document),
  };
}
