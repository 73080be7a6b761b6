/** What the view of agreement says in words. */
import type { AgreementFigures, ComparisonFigures } from '../../core/agreement/agreement.js';
import { type AgreementOptions, INTERVAL_LEVEL, TRACE_BLOCK } from '../../core/agreement/agreementOptions.js';
import type { Basis, Measure } from '../../core/agreement/rating.js';
import type { StatisticName, StatisticValue } from '../../core/agreement/statistics.js';
import { isContinuous } from '../../core/agreement/topic.js';
import { toSeconds } from '../../core/time/microseconds.js';
import { plain } from '../words.js';

/** The statistic that stands for a measure where there is room for one. */
export function headlineOf({ raters, measure }: ComparisonFigures): StatisticName {
  if (raters.length > 2) return measure === 'label' ? 'krippendorff_alpha_nominal' : 'icc_2_1';
  return measure === 'label' ? 'cohen_kappa' : 'ccc';
}

export function statisticOf(
  { statistics }: Pick<ComparisonFigures, 'statistics'>,
  name: StatisticName,
): StatisticValue | undefined {
  return statistics.find((statistic) => statistic.name === name);
}

/** `0.412 to 0.633`; empty where there is none. */
export function intervalText({ low, high }: StatisticValue): string {
  return low === undefined || high === undefined ? '' : `${plain(low, 3)} to ${plain(high, 3)}`;
}

export const BASIS_WORDS: Readonly<Record<Basis, string>> = { segment: 'Events', time: 'Time' };
export const MEASURE_WORDS: Readonly<Record<Measure, string>> = { label: 'Labels', score: 'Scores' };

export const ratersText = (raters: readonly string[]) =>
  raters.length === 2 ? raters.join(' and ') : `all ${raters.length}: ${raters.join(', ')}`;

function unitText({ topic, basis, sameSegments }: ComparisonFigures, options: AgreementOptions): string {
  const { unit, tolerance, minOverlap } = options;
  if (isContinuous(topic)) {
    const lag = options.takeLagOff
      ? 'stated reaction lags taken off'
      : 'times as recorded, with the reaction lags in them';
    return `Value of each trace at the middle of units of ${toSeconds(unit)} s, ${lag}`;
  }
  const near = `edges may differ by ${toSeconds(tolerance)} s`;
  if (basis === 'time') {
    const sentence = `Time-based: units of ${toSeconds(unit)} s`;
    return tolerance > 0 ? `${sentence}, tolerance ${toSeconds(tolerance)} s` : `${sentence}, no tolerance`;
  }
  if (sameSegments) return 'Event-based: both judged the same segments';
  const overlap = `Event-based: annotations matched by at least ${Math.round(minOverlap * 100)} % overlap`;
  return tolerance > 0 ? `${overlap}, or ${near}` : overlap;
}

/** What was counted and how: stands beside every figure. */
export function settingText(comparison: ComparisonFigures, { options }: AgreementFigures): string {
  const { n, clusters, topic, raters, onlyOne, basis } = comparison;
  const drawn = isContinuous(topic) ? `blocks of ${toSeconds(TRACE_BLOCK)} s` : 'annotations';
  const alone = raters.length === 2 ? raters.map((rater, index) => `${onlyOne[index] ?? 0} by ${rater} only`) : [];
  const counts = [`n = ${n}`, ...(basis === 'time' ? [`in ${clusters} ${drawn}`] : []), ...alone].join(', ');
  const intervals =
    options.draws === 0
      ? 'No intervals.'
      : `Intervals ${INTERVAL_LEVEL * 100} %, percentile bootstrap of whole ${isContinuous(topic) ? drawn : 'segments or annotations'}, ${options.draws} draws, seed ${options.seed}.`;
  return `${unitText(comparison, options)}. ${counts}. ${intervals}`;
}
