/** The main figures of a report, as they stand on its first page. Distributions are named as such; a missing value is NA. */
import { quantileOfSorted } from '../statistics/quantile.js';
import { EMOTIONS } from '../recording/emotion.js';
import { MODALITIES } from '../recording/modality.js';
import type { SegmentResult } from '../recovery/estimate.js';
import { DEFAULT_REVIEW_THRESHOLD } from '../review/review.js';
import { uncertaintyOf } from '../review/uncertainty.js';
import { MICROSECONDS_PER_SECOND } from '../time/microseconds.js';
import { durationOf } from '../time/ranges.js';
import { personRows } from './personRows.js';
import type { ReportInput } from './reportInput.js';

interface Figure {
  readonly name: string;
  readonly value: string;
}

const NONE = 'NA';

function number(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return NONE;
  return value.toFixed(digits).replace('-', '−');
}

function spreadOf(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return NONE;
  return `median ${number(quantileOfSorted(sorted, 0.5))}, middle 90 % of segments ${number(quantileOfSorted(sorted, 0.05))} to ${number(quantileOfSorted(sorted, 0.95))}`;
}

const isRecovered = ({ use }: SegmentResult): boolean => MODALITIES.some((m) => use[m].state === 'recovered');

/** Share of the estimated time by the model's label, the largest first. */
function labelShares(input: ReportInput, results: ReadonlyMap<string, SegmentResult>): string {
  const seconds = new Map<string, number>();
  let total = 0;
  for (const segment of input.analysis.segments) {
    const label = results.get(segment.id)?.estimate?.label;
    if (label === undefined) continue;
    const length = durationOf(segment.range) / MICROSECONDS_PER_SECOND;
    seconds.set(label, (seconds.get(label) ?? 0) + length);
    total += length;
  }
  if (total === 0) return NONE;
  const order = [...seconds].sort(
    ([a, x], [b, y]) => y - x || EMOTIONS.findIndex((e) => e === a) - EMOTIONS.findIndex((e) => e === b),
  );
  return order.map(([label, time]) => `${label} ${Math.round((time / total) * 100)} %`).join(', ');
}

function changedByRecovery(results: readonly SegmentResult[]): string {
  const recovered = results.filter((result) => result.estimate && isRecovered(result));
  const known = recovered.filter(({ estimate }) => estimate?.ablations?.recovery);
  const changed = known.filter(({ estimate }) => estimate?.ablations?.recovery?.label !== estimate?.label).length;
  if (recovered.length === 0) return 'nothing was recovered';
  const using = `${recovered.length === 1 ? '1 segment uses' : `${recovered.length} segments use`} recovered input`;
  if (known.length === 0) return using;
  return `${using}; without it ${changed} of ${known.length} would get another label`;
}

function reviewed(input: ReportInput): string {
  const threshold = input.reviewThreshold ?? DEFAULT_REVIEW_THRESHOLD;
  const due = input.analysis.results.filter((result) => uncertaintyOf(result).total >= threshold).length;
  const outcomes = [...personRows(input.labels, input.reviews ?? []).values()].flatMap((people) =>
    people.flatMap(({ outcome }) => outcome ?? []),
  );
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  const raters = new Set(input.labels.map(({ raterId }) => raterId)).size;
  return (
    `${due} of ${input.analysis.results.length} segments at or above the review threshold of ${threshold}; ` +
    `${count('accepted')} accepted, ${count('corrected')} corrected, ${count('skipped')} skipped; ` +
    `${input.labels.length === 1 ? '1 label' : `${input.labels.length} labels`} of ${raters === 1 ? '1 person' : `${raters} people`}`
  );
}

/** Names and values in the order in which they are shown. */
export function reportFigures(input: ReportInput): readonly Figure[] {
  const { analysis } = input;
  const results = new Map(analysis.results.map((result) => [result.segmentId, result]));
  const estimates = analysis.results.flatMap(({ estimate }) => estimate ?? []);
  const doubts = analysis.results.map(uncertaintyOf);
  const analysed = analysis.segments.filter(({ id }) => results.has(id));
  const seconds = analysed.reduce((sum, { range }) => sum + durationOf(range), 0) / MICROSECONDS_PER_SECOND;
  return [
    {
      name: 'Segments',
      value: `${analysed.length} analysed, ${number(seconds, 1)} s; ${analysed.length - estimates.length} without an estimate`,
    },
    { name: 'Sentiment score, −3 to +3', value: spreadOf(estimates.map(({ score }) => score.value)) },
    {
      name: `Width of the ${Math.round(analysis.intervalLevel * 100)} % intervals`,
      value: spreadOf(estimates.map(({ score }) => score.high - score.low)),
    },
    { name: 'Model’s label, share of time', value: labelShares(input, results) },
    { name: 'Recovery', value: changedByRecovery(analysis.results) },
    { name: 'Input doubt, 0 to 1', value: spreadOf(doubts.map(({ input: doubt }) => doubt)) },
    { name: 'Recovery doubt, 0 to 1', value: spreadOf(doubts.flatMap(({ recovery }) => recovery ?? [])) },
    { name: 'Prediction doubt, 0 to 1', value: spreadOf(doubts.flatMap(({ prediction }) => prediction ?? [])) },
    { name: 'Review', value: reviewed(input) },
  ];
}
