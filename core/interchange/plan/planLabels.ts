import type { RaterLabel } from '../../labels/label.js';
import { EMOTIONS } from '../../recording/emotion.js';
import type { Segment } from '../../segments/segment.js';
import type { AnnotationSet, Tier } from '../annotationSet.js';
import { parseEmotion } from '../emotionWords.js';
import type { ImportChoices } from '../importChoices.js';
import type { ReadingReport } from '../reading.js';
import { itemsOf, oneLine, tellItem, tiersAs, type ChosenItem } from './chosenItems.js';
import { MAX_NOTE } from './remarks.js';
import { matchSegments } from './matchSegments.js';

/** Values of a role for each segment of one rater; what belongs to no segment is told. */
function valuesOf(tiers: readonly Tier[], segments: readonly Segment[], report: ReadingReport) {
  const { bySegment, unused } = matchSegments(segments, itemsOf(tiers));
  for (const item of unused) {
    const what = `"${oneLine(item.value).slice(0, 40)}" covers half of no segment, or another one covers more; not taken.`;
    tellItem(report, item, 'warning', 'no_segment', what, 'Labels belong to whole segments; move a boundary.');
  }
  return bySegment;
}

function readScore(item: ChosenItem | undefined, report: ReadingReport): number | undefined {
  if (!item) return undefined;
  const text = item.value.trim().replace(',', '.');
  const score = /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  if (score >= -3 && score <= 3) return score;
  const what = `"${item.value.slice(0, 40)}" is no score from -3 to 3; not taken.`;
  tellItem(report, item, 'error', 'score_malformed', what, 'Correct the value.');
  return undefined;
}

/** The tiers of one rater, by what they say. */
interface RaterTiers {
  readonly labels: Tier[];
  readonly scores: Tier[];
  readonly notes: Tier[];
}

function tiersByRater(set: AnnotationSet, choices: ImportChoices): Map<string, RaterTiers> {
  const raters = new Map<string, RaterTiers>();
  for (const role of ['labels', 'scores', 'notes'] as const) {
    for (const { tier, choice } of tiersAs(set, choices, role)) {
      const rater = raters.get(choice.raterId) ?? { labels: [], scores: [], notes: [] };
      rater[role].push(tier);
      raters.set(choice.raterId, rater);
    }
  }
  return raters;
}

/** Scores and notes hang on a label; those without one are told. */
function tellLoose(
  found: ReadonlyMap<Segment, ChosenItem>,
  labelled: ReadonlySet<Segment>,
  report: ReadingReport,
): void {
  const told = new Set<ChosenItem>();
  for (const [segment, item] of found) {
    if (labelled.has(segment) || told.has(item)) continue;
    told.add(item);
    const what = `the rater gave segment ${segment.id} no label that was taken; not taken.`;
    tellItem(report, item, 'warning', 'no_label', what, 'Import the labels together with scores and notes.');
  }
}

function labelsOfRater(
  raterId: string,
  tiers: RaterTiers,
  segments: readonly Segment[],
  now: Date,
  report: ReadingReport,
): RaterLabel[] {
  const labels = valuesOf(tiers.labels, segments, report);
  const scores = valuesOf(tiers.scores, segments, report);
  const notes = valuesOf(tiers.notes, segments, report);
  const refused = new Set<ChosenItem>();
  const labelled = new Set<Segment>();
  const taken = [...labels].flatMap(([segment, item]): RaterLabel[] => {
    const label = parseEmotion(item.value);
    if (label === undefined) {
      if (refused.has(item)) return [];
      refused.add(item);
      const what = `"${oneLine(item.value).slice(0, 40)}" is no label that is known here; not taken.`;
      tellItem(report, item, 'error', 'unknown_label', what, `Known are ${EMOTIONS.join(', ')}.`);
      return [];
    }
    labelled.add(segment);
    const score = readScore(scores.get(segment), report);
    const note = notes.get(segment)?.value.slice(0, MAX_NOTE);
    return [
      {
        segmentId: segment.id,
        raterId,
        label,
        ...(score === undefined ? {} : { score }),
        ...(note === undefined ? {} : { note }),
        modifiedUtc: now.toISOString(),
      },
    ];
  });
  tellLoose(scores, labelled, report);
  tellLoose(notes, labelled, report);
  return taken;
}

/** Labels of all raters of a file for the segments, at most one per segment and rater. */
export function planLabels(
  set: AnnotationSet,
  choices: ImportChoices,
  segments: readonly Segment[],
  now: Date,
  report: ReadingReport,
): RaterLabel[] {
  return [...tiersByRater(set, choices)].flatMap(([raterId, tiers]) =>
    labelsOfRater(raterId, tiers, segments, now, report),
  );
}
