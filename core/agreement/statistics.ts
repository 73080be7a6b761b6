/** Names of the statistics, what they are, and their sources: for tables, tooltips and the codebook. */

export interface StatisticDescription {
  readonly title: string;
  readonly meaning: string;
}

/** Every statistic by its name in agreement.csv. */
export const STATISTICS = {
  raw_agreement: { title: 'Raw agreement', meaning: 'Share of units with the same label' },
  cohen_kappa: { title: 'Cohen’s kappa', meaning: 'Agreement beyond chance, Cohen 1960' },
  kappa_with_unmatched: {
    title: 'Kappa with unmatched',
    meaning: 'Kappa where annotations without a counterpart count as disagreements, Holle & Rein 2015',
  },
  kappa_max: {
    title: 'Kappa maximum',
    meaning: 'Largest kappa that the two raters’ label frequencies allow, Cohen 1960',
  },
  gwet_ac1: { title: 'Gwet’s AC1', meaning: 'Agreement beyond chance that withstands rare labels, Gwet 2008' },
  krippendorff_alpha_nominal: {
    title: 'Krippendorff’s α, nominal',
    meaning: 'Agreement beyond chance for any number of raters and missing values, Krippendorff 2011',
  },
  specific_agreement: {
    title: 'Specific agreement',
    meaning: 'Of the uses of the label by either rater, the share in which both used it: 2a/(2a+b+c)',
  },
  prevalence_index: {
    title: 'Prevalence index',
    meaning: 'Both used the label less both did not, as a share of n; Byrt, Bishop & Carlin 1993',
  },
  bias_index: {
    title: 'Bias index',
    meaning: 'How much more often the first rater used the label, as a share of n; Byrt, Bishop & Carlin 1993',
  },
  fleiss_kappa: {
    title: 'Fleiss’ kappa',
    meaning: 'Agreement beyond chance of three or more raters, units rated by all; Fleiss 1971',
  },
  ccc: { title: 'Concordance (CCC)', meaning: 'Concordance correlation coefficient, Lin 1989' },
  icc_2_1: {
    title: 'ICC(2,1)',
    meaning: 'Reliability of one rater: two-way random effects, absolute agreement; Shrout & Fleiss 1979',
  },
  icc_2_k: {
    title: 'ICC(2,k)',
    meaning: 'Reliability of the raters’ mean: two-way random effects, absolute agreement; Shrout & Fleiss 1979',
  },
  pearson: { title: 'Pearson’s r', meaning: 'Linear correlation' },
  spearman: { title: 'Spearman’s ρ', meaning: 'Correlation of ranks, ties at their middle rank' },
  krippendorff_alpha_ordinal: {
    title: 'Krippendorff’s α, ordinal',
    meaning: 'Agreement beyond chance in the order of scores, Krippendorff 2011',
  },
  krippendorff_alpha_interval: {
    title: 'Krippendorff’s α, interval',
    meaning: 'Agreement beyond chance in squared differences, Krippendorff 2011',
  },
  rmse: { title: 'RMSE', meaning: 'Root mean square difference, in points of the scale' },
  mean_difference: {
    title: 'Mean difference',
    meaning: 'Mean of first less second rater, in points of the scale; Bland & Altman 1986',
  },
  limits_of_agreement: {
    title: 'Limits of agreement, ±',
    meaning:
      '1.96 standard deviations of the differences around their mean, in points of the scale; Bland & Altman 1986',
  },
  best_lag: {
    title: 'Best lag, s',
    meaning: 'Shift of the second rater at which the correlation is largest; positive where the second rater is later',
  },
  pearson_at_best_lag: { title: 'Pearson’s r at best lag', meaning: 'Linear correlation at the best lag' },
} as const satisfies Record<string, StatisticDescription>;
export type StatisticName = keyof typeof STATISTICS;

/** A statistic of one comparison. Without a value, or without an interval, `why` says why. */
export interface StatisticValue {
  readonly name: StatisticName;
  readonly value?: number;
  readonly low?: number;
  readonly high?: number;
  readonly why?: string;
}

/**
 * Puts value and interval together.
 * @param interval absent where no draws were made.
 */
export function statisticValue(
  name: StatisticName,
  value: number,
  interval: { readonly low: number; readonly high: number } | { readonly why: string } | undefined,
  whyUndefined: () => string,
): StatisticValue {
  if (!Number.isFinite(value)) return { name, why: whyUndefined() };
  return { name, value, ...interval };
}
