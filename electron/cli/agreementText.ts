/** Agreement as text for a terminal, and as JSON. */
import type { Agreement, Comparison } from '../../core/agreement/agreement.js';
import { INTERVAL_LEVEL } from '../../core/agreement/agreementOptions.js';
import { comparedRaters } from '../../core/agreement/agreementResult.js';
import type { RaterTrack } from '../../core/agreement/rating.js';
import { isContinuous, topicWords } from '../../core/agreement/topic.js';
import { STATISTICS, type StatisticName, type StatisticValue } from '../../core/agreement/statistics.js';
import { stratumOf } from '../../core/agreement/strata.js';
import { toSeconds } from '../../core/time/microseconds.js';

/** The statistic that stands for each measure where there is room for one. */
const HEADLINE: Readonly<Record<Comparison['measure'], readonly StatisticName[]>> = {
  label: ['cohen_kappa', 'gwet_ac1', 'raw_agreement', 'fleiss_kappa', 'krippendorff_alpha_nominal'],
  score: ['ccc', 'icc_2_1', 'spearman', 'krippendorff_alpha_interval'],
};

const digits = (value: number) => value.toFixed(3);

function valueText({ value, low, high, why = '' }: StatisticValue): string {
  if (value === undefined) return `NA       ${why}`;
  const interval = low === undefined || high === undefined ? why : `${digits(low)} to ${digits(high)}`;
  return `${digits(value).padStart(7)}  ${interval}`;
}

function unitText(comparison: Comparison, { options }: Agreement): string {
  if (comparison.basis === 'time') {
    const tolerance = options.tolerance > 0 ? `, tolerance ${toSeconds(options.tolerance)} s` : '';
    return `time units of ${toSeconds(options.unit)} s${tolerance}`;
  }
  return comparison.sameSegments ? 'segments' : `annotations matched by ${options.minOverlap * 100} % overlap`;
}

function countsText({ n, clusters, topic, basis, raters, onlyOne }: Comparison): string {
  const one = raters.length === 2 ? raters.map((id, index) => `${onlyOne[index] ?? 0} by ${id} only`) : [];
  const drawn = basis === 'time' ? [`in ${clusters} ${isContinuous(topic) ? 'blocks of 10 s' : 'annotations'}`] : [];
  return [`n = ${n}`, ...drawn, ...one].join(', ');
}

function* comparisonLines(comparison: Comparison, agreement: Agreement): Generator<string> {
  const { raters, topic, measure } = comparison;
  const what = topic === 'segments' ? `${measure}s` : topicWords(topic);
  yield '';
  yield `${raters.join(' and ')}: ${what}, ${unitText(comparison, agreement)}; ${countsText(comparison)}`;
  for (const statistic of comparison.statistics) {
    yield `  ${STATISTICS[statistic.name].title.padEnd(28)}${valueText(statistic)}`;
  }
}

/** The same comparison in every stratum, by its most telling statistics. */
function* stratumLines(strata: readonly Comparison[]): Generator<string> {
  const [first] = strata;
  if (!first || strata.length < 2) return;
  const names = HEADLINE[first.measure].filter((name) => first.statistics.some((found) => found.name === name));
  yield `  ${'by modality state'.padEnd(52)}${['n', ...names.map((name) => STATISTICS[name].title)].map((title) => title.padStart(27)).join('')}`;
  for (const { stratum, n, statistics } of strata) {
    const cells = names.map((name) => {
      const { value, low, high } = statistics.find((found) => found.name === name) ?? {};
      if (value === undefined) return 'NA';
      return low === undefined || high === undefined
        ? digits(value)
        : `${digits(value)} (${digits(low)}, ${digits(high)})`;
    });
    yield `    ${stratumOf(stratum).words.padEnd(50)}${[String(n), ...cells].map((cell) => cell.padStart(27)).join('')}`;
  }
}

const sameBut = (a: Comparison, b: Comparison) =>
  a.topic === b.topic && a.measure === b.measure && a.basis === b.basis && a.raters.join('\n') === b.raters.join('\n');

/** What the command prints. */
export function agreementText(agreement: Agreement, tracks: readonly RaterTrack[]): string {
  const { comparisons, options } = agreement;
  const raters = comparedRaters(tracks).map(
    ({ raterId, raterType, ratings }) => `${raterId} (${raterType}, ${ratings})`,
  );
  const lines = [
    `raters: ${raters.join(', ')}`,
    options.draws > 0
      ? `intervals: ${INTERVAL_LEVEL * 100} %, percentile bootstrap of whole segments, annotations or 10 s blocks of traces, ${options.draws} draws, seed ${options.seed}`
      : 'intervals: none asked for',
  ];
  for (const whole of comparisons.filter(({ stratum }) => stratum === 'all')) {
    lines.push(...comparisonLines(whole, agreement));
    lines.push(...stratumLines(comparisons.filter((comparison) => sameBut(comparison, whole))));
  }
  return `${lines.join('\n')}\n`;
}

/** Everything but the single units, with what was chosen. */
export function agreementJson({ options, comparisons }: Agreement, recordings: readonly string[]): string {
  const seconds = {
    unit_s: toSeconds(options.unit),
    tolerance_s: toSeconds(options.tolerance),
    max_lag_s: toSeconds(options.maxLag),
    take_lag_off: options.takeLagOff,
  };
  const { minOverlap, draws, seed } = options;
  return `${JSON.stringify(
    {
      schema: 'lacuna.agreement/2',
      recordings,
      options: { ...seconds, min_overlap: minOverlap, draws, seed, ci_level: INTERVAL_LEVEL },
      comparisons: comparisons.map(
        ({ raters, topic, labels, measure, basis, stratum, n, clusters, onlyOne, ...rest }) => ({
          raters,
          topic,
          measure,
          basis,
          matching: isContinuous(topic) ? 'same_time' : rest.sameSegments ? 'same_segments' : 'overlap',
          stratum,
          n,
          clusters,
          rated_by_one_only: onlyOne,
          statistics: rest.statistics,
          per_label: rest.perLabel,
          ...(rest.table ? { labels, matrix: rows(rest.table) } : {}),
        }),
      ),
    },
    null,
    2,
  )}\n`;
}

function rows({ size, counts }: NonNullable<Comparison['table']>): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from(counts).slice(row * size, (row + 1) * size));
}
