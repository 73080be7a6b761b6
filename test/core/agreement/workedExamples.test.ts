/**
 * Each statistic on a published worked example. The published figure is rounded; the figure with more digits beside it
 * comes from an independent implementation (statsmodels 0.15, krippendorff 0.9, irrCAC 0.4, pingouin 0.6, scipy 1.12).
 */
import { describe, expect, it } from 'vitest';
import { type Agreement, agreementOf, type Comparison } from '../../../core/agreement/agreement.js';
import { DEFAULT_AGREEMENT_OPTIONS } from '../../../core/agreement/agreementOptions.js';
import type { RaterTrack } from '../../../core/agreement/rating.js';
import type { StatisticName } from '../../../core/agreement/statistics.js';
import {
  BLAND_ALTMAN_1986,
  COHEN_1960,
  FLEISS_1971,
  GWET_2008,
  KRIPPENDORFF_2011,
  SHROUT_FLEISS_1979,
  SIEGEL_1956,
  SIM_WRIGHT_2005,
  THREE_CODERS,
  tracksOfTable,
  tracksOfValues,
} from './publishedExamples.js';

const run = (tracks: readonly RaterTrack[]): Agreement =>
  agreementOf({ tracks, states: [], options: { ...DEFAULT_AGREEMENT_OPTIONS, draws: 0 } });

/** The comparison of all raters on segments. */
function whole(tracks: readonly RaterTrack[]): Comparison {
  const found = run(tracks).comparisons.find((c) => c.basis === 'segment' && c.raters.length === tracks.length);
  return found!;
}
const value = (comparison: Comparison, name: StatisticName) =>
  comparison.statistics.find((statistic) => statistic.name === name)?.value;
const transpose = (rows: readonly (readonly number[])[]) =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!));

describe('published worked examples', () => {
  it('Cohen 1960, two judges and three diagnoses: kappa .492, largest kappa .831, raw agreement .70', () => {
    const comparison = whole(tracksOfTable(COHEN_1960, ['personality disorder', 'neurosis', 'psychosis']));
    expect(comparison.n).toBe(200);
    expect(value(comparison, 'cohen_kappa')).toBeCloseTo(0.49152542372881347, 12);
    expect(value(comparison, 'kappa_max')).toBeCloseTo(0.8305084745762712, 12);
    expect(value(comparison, 'raw_agreement')).toBeCloseTo(0.7, 12);
  });

  it('Fleiss 1971, 30 psychiatric patients and six psychiatrists: kappa .430', () => {
    const raters = FLEISS_1971.map((counts) => counts.flatMap((count, label) => Array<number>(count).fill(label)));
    expect(raters.every((row) => row.length === 6)).toBe(true);
    const comparison = whole(tracksOfValues(transpose(raters), 'label'));
    expect(value(comparison, 'fleiss_kappa')).toBeCloseTo(0.43024452006014074, 12);
  });

  it('Krippendorff 2011, four observers with missing values: nominal .743, ordinal .815, interval .849', () => {
    const labels = whole(tracksOfValues(KRIPPENDORFF_2011, 'label'));
    expect(value(labels, 'krippendorff_alpha_nominal')).toBeCloseTo(0.743421052631579, 12);
    const scores = whole(tracksOfValues(KRIPPENDORFF_2011, 'score'));
    expect(value(scores, 'krippendorff_alpha_ordinal')).toBeCloseTo(0.8153875037548814, 12);
    expect(value(scores, 'krippendorff_alpha_interval')).toBeCloseTo(0.8491071428571428, 12);
  });

  it('Krippendorff, three coders with half of the values missing: nominal .691, interval .811', () => {
    const labels = whole(tracksOfValues(THREE_CODERS, 'label'));
    expect(value(labels, 'krippendorff_alpha_nominal')).toBeCloseTo(0.691358024691358, 12);
    const scores = whole(tracksOfValues(THREE_CODERS, 'score'));
    expect(value(scores, 'krippendorff_alpha_interval')).toBeCloseTo(0.8108448928121059, 12);
    expect(value(scores, 'krippendorff_alpha_ordinal')).toBeCloseTo(0.8067214199413153, 12);
  });

  it('Gwet 2008, high agreement on a rare trait: AC1 .941 where kappa is -.023', () => {
    const comparison = whole(tracksOfTable(GWET_2008, ['+', '-']));
    expect(value(comparison, 'gwet_ac1')).toBeCloseTo(0.94078, 5);
    expect(value(comparison, 'cohen_kappa')).toBeCloseTo(-0.02339, 5);
  });

  it('Sim & Wright 2005, two clinicians: kappa .67, largest .89, prevalence index .28, bias index .05 (Byrt 1993)', () => {
    const tracks = tracksOfTable(SIM_WRIGHT_2005, ['yes', 'no']);
    const { labels, perLabel } = whole(tracks);
    const yes = perLabel[labels.indexOf('yes')]!.statistics;
    const figure = (name: StatisticName) => yes.find((statistic) => statistic.name === name)?.value;
    expect(figure('cohen_kappa')).toBeCloseTo(2 / 3, 12);
    expect(figure('kappa_max')).toBeCloseTo(8 / 9, 12);
    expect(figure('prevalence_index')).toBeCloseTo(0.28205128, 8);
    expect(figure('bias_index')).toBeCloseTo(-0.05128205, 8);
    expect(figure('specific_agreement')).toBeCloseTo(44 / 50, 12);
  });

  it('Shrout & Fleiss 1979, six targets and four judges: ICC(2,1) .29, ICC(2,4) .62', () => {
    const comparison = whole(tracksOfValues(transpose(SHROUT_FLEISS_1979), 'score'));
    expect(value(comparison, 'icc_2_1')).toBeCloseTo(0.289764, 6);
    expect(value(comparison, 'icc_2_k')).toBeCloseTo(0.620051, 6);
  });

  it('Lin 1989 on the peak flow data of Bland & Altman 1986: CCC .943, r .94, difference -2.1, 1.96 x 38.8', () => {
    const comparison = whole(tracksOfValues([BLAND_ALTMAN_1986.wright, BLAND_ALTMAN_1986.mini], 'score'));
    expect(value(comparison, 'ccc')).toBeCloseTo(0.9427424314274845, 10);
    expect(value(comparison, 'pearson')).toBeCloseTo(0.9432794468909461, 10);
    expect(value(comparison, 'mean_difference')).toBeCloseTo(-2.1176470588235294, 10);
    expect(value(comparison, 'limits_of_agreement')).toBeCloseTo(1.96 * 38.76512987360738, 8);
    expect(value(comparison, 'rmse')).toBeCloseTo(Math.sqrt(38.76512987360738 ** 2 * (16 / 17) + (36 / 17) ** 2), 8);
  });

  it('Siegel 1956, ranks of twelve students: Spearman .82', () => {
    const comparison = whole(tracksOfValues([SIEGEL_1956.authoritarianism, SIEGEL_1956.striving], 'score'));
    expect(value(comparison, 'spearman')).toBeCloseTo(0.8181818181818183, 12);
  });

  it('Spearman with ties: scipy gives .878', () => {
    const comparison = whole(
      tracksOfValues(
        [
          [1, 2, 2, 3, 5, 5, 5],
          [2, 1, 3, 3, 4, 6, 5],
        ],
        'score',
      ),
    );
    expect(value(comparison, 'spearman')).toBeCloseTo(0.8779838352573822, 12);
  });

  it('time-based kappa of units of 1 s on one-second segments is that of Cohen 1960', () => {
    const tracks = tracksOfTable(COHEN_1960, ['a', 'b', 'c']);
    const time = run(tracks).comparisons.find((comparison) => comparison.basis === 'time')!;
    expect(time.n).toBe(2_000);
    expect(value(time, 'cohen_kappa')).toBeCloseTo(0.49152542372881347, 12);
  });
});
