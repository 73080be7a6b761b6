/** Takes out of a report what its options leave out: before any table is made, so that no table can forget it. */
import type { RaterLabel } from '../labels/label.js';
import type { CorruptionMark } from '../marks/mark.js';
import type { Problem } from '../problems/problem.js';
import type { Segment } from '../segments/segment.js';
import { codingOf } from '../tiers/coding.js';
import type { TierAnnotation } from '../tiers/tier.js';
import type { ReportInput } from './reportInput.js';
import type { ReportOptions } from './reportOptions.js';

/** Absolute paths of Unix (two steps or more), Windows and file URLs, up to a character that ends them in a sentence. */
const PATHS = /(?:\bfile:\/\/|\b[A-Za-z]:[\\/]|\\\\|(?<![\w.])\/(?=[^\s/]+\/))[^\s"'`<>|;,()]*[^\s"'`<>|;,().:]/g;

/** Text without the given names and without anything that looks like an absolute path. */
export function withoutPlaces(text: string, names: readonly string[]): string {
  const known = [...new Set(names)].filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
  const named = known.reduce((result, name) => result.replaceAll(name, '[file]'), text);
  return named.replace(PATHS, '[file]');
}

function withoutText(segment: Segment): Segment {
  const copy: { -readonly [K in keyof Segment]: Segment[K] } = { ...segment };
  delete copy.text;
  delete copy.speaker;
  return copy;
}

function withoutSegmentNote(segment: Segment): Segment {
  const copy: { -readonly [K in keyof Segment]: Segment[K] } = { ...segment };
  delete copy.note;
  return copy;
}

function withoutLabelNote(label: RaterLabel): RaterLabel {
  const copy: { -readonly [K in keyof RaterLabel]: RaterLabel[K] } = { ...label };
  delete copy.note;
  return copy;
}

/** Notes of detectors are findings, not remarks. */
function withoutMarkNote(mark: CorruptionMark): CorruptionMark {
  return mark.source === 'human' ? { ...mark, note: '' } : mark;
}

/** What raters may have typed freely: notes, and values of tiers without a scheme, which can be words or remarks. */
function withoutFreeText(annotation: TierAnnotation, isFree: boolean, { notes, transcripts }: ReportOptions) {
  const copy: { -readonly [K in keyof TierAnnotation]: TierAnnotation[K] } = { ...annotation };
  if (!notes) delete copy.note;
  if (isFree && !(notes && transcripts)) delete copy.value;
  return copy;
}

/** Coding beside the segments as the report may show it. */
function codingShown(input: ReportInput, options: ReportOptions, raters: ReadonlyMap<string, string> | undefined) {
  const { tiers = [], annotations = [], traces = [] } = input;
  const shown = <T extends { readonly raterId: string }>(item: T): T => ({
    ...item,
    raterId: raters?.get(item.raterId) ?? item.raterId,
  });
  const free = new Set(tiers.filter(({ schemeId }) => schemeId === undefined).map(({ id }) => id));
  return codingOf({
    ...input,
    annotations: annotations.map((one) => shown(withoutFreeText(one, free.has(one.tierId), options))),
    traces: traces.map(shown),
  });
}

/** Everybody whose id the report would show. */
function raterIds({ labels, reviews = [], annotations = [], traces = [], analysis }: ReportInput): string[] {
  const ofMarks = analysis.marks.flatMap(({ raterId, reviewedBy }) => [raterId ?? [], reviewedBy ?? []].flat());
  const made = [labels, reviews, annotations, traces].flatMap((list) => list.map(({ raterId }) => raterId));
  return [...made, ...ofMarks];
}

/** `R1`, `R2`, … in order of id; ids that are such pseudonyms already stay as they are. */
function raterPseudonyms(shown: readonly string[]): ReadonlyMap<string, string> {
  const ids = [...new Set(shown)].sort();
  const taken = new Set(ids.filter((id) => /^R\d+$/.test(id)));
  const result = new Map<string, string>();
  let next = 1;
  for (const id of ids) {
    if (taken.has(id)) continue;
    while (taken.has(`R${next}`)) next += 1;
    taken.add(`R${next}`);
    result.set(id, `R${next}`);
  }
  return result;
}

/** `S1`, `S2`, … in order of id. */
function speakerPseudonyms(segments: readonly Segment[]): ReadonlyMap<string, string> {
  const ids = [...new Set(segments.flatMap(({ speaker }) => (speaker === undefined ? [] : [speaker])))].sort();
  return new Map(ids.map((id, index) => [id, `S${index + 1}`]));
}

/** The input as the report may show it. */
export function withhold(input: ReportInput, options: ReportOptions, names: readonly string[] = []): ReportInput {
  const raters = options.raterNames ? undefined : raterPseudonyms(raterIds(input));
  const speakers = options.raterNames ? undefined : speakerPseudonyms(input.analysis.segments);
  const segmentOf = (whole: Segment): Segment => {
    const segment = options.notes ? whole : withoutSegmentNote(whole);
    if (!options.transcripts) return withoutText(segment);
    const speaker = segment.speaker === undefined ? undefined : speakers?.get(segment.speaker);
    return speaker === undefined ? segment : { ...segment, speaker };
  };
  const labelOf = (label: RaterLabel): RaterLabel => {
    const shown = options.notes ? label : withoutLabelNote(label);
    return { ...shown, raterId: raters?.get(label.raterId) ?? label.raterId };
  };
  const markOf = (whole: CorruptionMark): CorruptionMark => {
    const mark = options.notes ? whole : withoutMarkNote(whole);
    const { raterId, reviewedBy } = mark;
    return {
      ...mark,
      ...(raterId === undefined ? {} : { raterId: raters?.get(raterId) ?? raterId }),
      ...(reviewedBy === undefined ? {} : { reviewedBy: raters?.get(reviewedBy) ?? reviewedBy }),
    };
  };
  const problemOf = (problem: Problem): Problem => ({
    ...problem,
    message: withoutPlaces(problem.message, names),
    tip: withoutPlaces(problem.tip, names),
  });
  const problems = (list: readonly Problem[]) => (options.fileNames ? list : list.map(problemOf));
  const { analysis } = input;
  const result: { -readonly [K in keyof ReportInput]: ReportInput[K] } = {
    ...input,
    labels: input.labels.map(labelOf),
    ...codingShown(input, options, raters),
    ...(input.reviews
      ? {
          reviews: input.reviews.map((review) => ({
            ...review,
            raterId: raters?.get(review.raterId) ?? review.raterId,
          })),
        }
      : {}),
    problems: problems(input.problems),
    analysis: {
      ...analysis,
      segments: analysis.segments.map(segmentOf),
      marks: analysis.marks.map(markOf),
      problems: problems(analysis.problems),
    },
  };
  if (!options.fileNames) delete result.sourceFile;
  return result;
}
