/** agreement.csv and agreement_matrix.csv: columns and rows, for the report and for the command line. */
import { column, type ReportColumn } from '../report/column.js';
import type { CsvCell } from '../report/csv.js';
import { formatSeconds } from '../time/format.js';
import type { AgreementFigures, ComparisonFigures } from './agreement.js';
import { INTERVAL_LEVEL } from './agreementOptions.js';
import { STATISTICS, type StatisticName, type StatisticValue } from './statistics.js';
import { STRATA } from './strata.js';
import { isContinuous, partsOfTopic, TOPIC_KINDS } from './topic.js';

const STATISTIC_NAMES = Object.keys(STATISTICS) as StatisticName[];
const STRATUM_IDS = STRATA.map(({ id }) => id);

const recordingId = column('recording_id', 'id', 'Recording; NA where several were compared together', {
  optional: true,
});
const raters = column('raters', 'text', 'Raters compared, the first one first, with spaces between');
const basis = column('basis', 'category', 'What counts as one unit: a segment or pair of annotations, or a time unit', {
  values: ['segment', 'time'],
});
const stratum = column(
  'stratum',
  'category',
  'Part of the material: all; all_observed clean; any_damaged a modality degraded, recovered or missing; or one state of one modality',
  { values: STRATUM_IDS },
);

const topicColumns = [
  column('topic', 'category', 'What was rated: segments, a trace of valence or arousal, or a tier with a vocabulary', {
    values: TOPIC_KINDS,
  }),
  column('tier', 'text', 'Name of the tier; NA for what is none', { optional: true }),
];

/** Columns of agreement.csv. */
export const AGREEMENT_COLUMNS: readonly ReportColumn[] = [
  recordingId,
  column('recordings', 'integer', 'Number of recordings compared together', { min: 1 }),
  raters,
  column('measure', 'category', 'What is compared', { values: ['label', 'score'] }),
  basis,
  column(
    'matching',
    'category',
    'same_segments: the raters judged the same segments; overlap: each set boundaries of their own; same_time: values of traces at the same instants',
    { values: ['same_segments', 'overlap', 'same_time'] },
  ),
  stratum,
  column('label', 'text', 'The label against all others; NA for all labels together', { optional: true }),
  column('statistic', 'category', STATISTIC_NAMES.map((name) => `${name}: ${STATISTICS[name].meaning}`).join('; '), {
    values: STATISTIC_NAMES,
  }),
  column('value', 'number', 'Its value; NA where it is not defined, for the reason in why', { optional: true }),
  column('ci_low', 'number', 'Lower end of the bootstrap interval', { optional: true }),
  column('ci_high', 'number', 'Upper end of the bootstrap interval', { optional: true }),
  column('ci_level', 'number', 'Level of the interval', { unit: 'share', min: 0, max: 1, decimals: 2 }),
  column('n', 'integer', 'Units that at least two of the raters rated', { min: 0 }),
  column(
    'clusters',
    'integer',
    'Segments, pairs of annotations, annotations, or 10 s blocks of a trace that the bootstrap draws',
    { min: 0 },
  ),
  column('only_first', 'integer', 'Units that only the first rater rated; NA for three or more', {
    min: 0,
    optional: true,
  }),
  column('only_second', 'integer', 'Units that only the second rater rated; NA for three or more', {
    min: 0,
    optional: true,
  }),
  column('unit_s', 'time', 'Length of a time unit; NA for segments', { unit: 's', optional: true }),
  column('tolerance_s', 'time', 'Time by which boundaries may differ; NA where segments are the same', {
    unit: 's',
    optional: true,
  }),
  column('min_overlap', 'number', 'Smallest overlap of matching annotations, share of the longer one; NA elsewhere', {
    unit: 'share',
    min: 0,
    max: 1,
    optional: true,
  }),
  column('draws', 'integer', 'Bootstrap draws of whole clusters, with replacement', { min: 0 }),
  column('seed', 'integer', 'Seed of the draws'),
  column('why', 'text', 'Why there is no value or no interval', { optional: true }),
  ...topicColumns,
  column(
    'reaction_lag',
    'category',
    'Whether the reaction lags that raters of traces stated were taken off their times; NA for what is no trace',
    { values: ['as_recorded', 'taken_off'], optional: true },
  ),
];

/** Columns of agreement_matrix.csv. */
export const AGREEMENT_MATRIX_COLUMNS: readonly ReportColumn[] = [
  recordingId,
  column('rater_a', 'id', 'First rater'),
  column('rater_b', 'id', 'Second rater'),
  basis,
  stratum,
  column('label_a', 'text', 'Label of the first rater'),
  column('label_b', 'text', 'Label of the second rater'),
  column('units', 'number', 'Units with this pair of labels; halves where a unit agrees within the tolerance', {
    min: 0,
    decimals: 1,
  }),
  ...topicColumns,
];

type Row = readonly CsvCell[];

function topicCells({ topic }: ComparisonFigures): Row {
  const { kind, tier } = partsOfTopic(topic);
  return [kind, tier];
}

/** What all rows of a comparison begin and end with. */
function frame(comparison: ComparisonFigures, { options }: AgreementFigures, recordings: readonly string[]) {
  const { basis, onlyOne, raters } = comparison;
  const [first, second] = raters.length === 2 ? onlyOne : [];
  const continuous = isContinuous(comparison.topic);
  const withTolerance = !comparison.sameSegments && !continuous && raters.length === 2;
  return {
    head: [
      recordings.length === 1 ? recordings[0] : undefined,
      recordings.length,
      raters.join(' '),
      comparison.measure,
      basis,
      continuous ? 'same_time' : comparison.sameSegments ? 'same_segments' : 'overlap',
      comparison.stratum,
    ] satisfies Row,
    tail: [
      INTERVAL_LEVEL,
      comparison.n,
      comparison.clusters,
      first,
      second,
      basis === 'time' ? formatSeconds(options.unit) : undefined,
      withTolerance ? formatSeconds(options.tolerance) : undefined,
      withTolerance && basis === 'segment' ? options.minOverlap : undefined,
      options.draws,
      options.seed,
    ] satisfies Row,
    end: [
      ...topicCells(comparison),
      continuous ? (options.takeLagOff ? 'taken_off' : 'as_recorded') : undefined,
    ] satisfies Row,
  };
}

/**
 * Rows of agreement.csv: one per comparison and statistic, then those of each label.
 * @param recordings ids of all recordings that were rated.
 */
export function* agreementRows(agreement: AgreementFigures, recordings: readonly string[]): Generator<Row> {
  for (const comparison of agreement.comparisons) {
    const { head, tail, end } = frame(comparison, agreement, recordings);
    const row = (label: string | undefined, statistic: StatisticValue): Row => [
      ...head,
      label,
      statistic.name,
      statistic.value,
      statistic.low,
      statistic.high,
      ...tail,
      statistic.why,
      ...end,
    ];
    for (const statistic of comparison.statistics) yield row(undefined, statistic);
    for (const { label, statistics } of comparison.perLabel) {
      for (const statistic of statistics) yield row(label, statistic);
    }
  }
}

/** Rows of agreement_matrix.csv: one per cell of each pair's table, empty cells too. */
export function* agreementMatrixRows(agreement: AgreementFigures, recordings: readonly string[]): Generator<Row> {
  for (const comparison of agreement.comparisons) {
    const { table, labels, raters, basis, stratum } = comparison;
    if (!table) continue;
    const recording = recordings.length === 1 ? recordings[0] : undefined;
    for (const [row, labelA] of labels.entries()) {
      for (const [column, labelB] of labels.entries()) {
        const count = table.counts[row * table.size + column];
        const [a, b] = raters;
        yield [recording, a, b, basis, stratum, labelA, labelB, count, ...topicCells(comparison)];
      }
    }
  }
}
