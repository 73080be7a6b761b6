/** Data of published worked examples, and ratings made from them. */
import type { RaterTrack, Rating } from '../../../core/agreement/rating.js';
import { fromSeconds } from '../../../core/time/microseconds.js';

const GAP = Number.NaN;

/** Cohen (1960), two judges' diagnoses of 200 patients; kappa .492, largest kappa .831. */
export const COHEN_1960 = [
  [88, 14, 18],
  [10, 40, 10],
  [2, 6, 12],
];

/** Fleiss (1971), table 1: 30 patients, six psychiatrists each; columns are five diagnoses; kappa .430. */
export const FLEISS_1971 = [
  '00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031',
  '00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006',
]
  .join(' ')
  .split(' ')
  .map((row) => [...row].map(Number));

/**
 * Krippendorff (2011), "Computing Krippendorff's alpha-reliability": four observers, twelve units, some missing;
 * nominal .743, ordinal .815, interval .849.
 */
export const KRIPPENDORFF_2011 = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
  [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
];

/** The three-coder example with half of the values missing that accompanies alpha; nominal .691, interval .811. */
export const THREE_CODERS = [
  [GAP, GAP, GAP, GAP, GAP, 3, 4, 1, 2, 1, 1, 3, 3, GAP, 3],
  [1, GAP, 2, 1, 3, 3, 4, 3, GAP, GAP, GAP, GAP, GAP, GAP, GAP],
  [GAP, GAP, 2, 1, 3, 4, 4, GAP, 2, 1, 1, 3, 3, GAP, 4],
];

/** Gwet (2008): 125 subjects, high agreement, rare trait; kappa -.023, AC1 .941. */
export const GWET_2008 = [
  [118, 5],
  [2, 0],
];

/** Sim & Wright (2005), table 1: two clinicians, 39 patients; kappa .67, prevalence index .28, bias index .05. */
export const SIM_WRIGHT_2005 = [
  [22, 2],
  [4, 11],
];

/** Shrout & Fleiss (1979), table 2: six targets, four judges; ICC(2,1) .29, ICC(2,4) .62. */
export const SHROUT_FLEISS_1979 = [
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
];

/**
 * Bland & Altman (1986), table 1, first measurements: peak flow of 17 people by two meters; r .94, mean difference -2.1,
 * standard deviation 38.8. Steichen & Cox (1998) give Lin's concordance of them as .943.
 */
export const BLAND_ALTMAN_1986 = {
  wright: [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
  mini: [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451],
};

/** Siegel (1956), ranks of twelve students on authoritarianism and status striving; Spearman's rho .82. */
export const SIEGEL_1956 = {
  authoritarianism: [2, 6, 5, 1, 10, 9, 8, 3, 4, 12, 7, 11],
  striving: [3, 4, 2, 1, 8, 11, 10, 6, 7, 12, 5, 9],
};

const second = (index: number) => ({ start: fromSeconds(index), end: fromSeconds(index + 1) });
const segment = (index: number) => ({
  recordingId: 'rec-000000000001',
  segmentId: `s${String(index).padStart(5, '0')}`,
  range: second(index),
});

/** Two raters of one-second segments whose labels give the table. */
export function tracksOfTable(table: readonly (readonly number[])[], labels: readonly string[]): RaterTrack[] {
  const a: Rating[] = [];
  const b: Rating[] = [];
  for (const [row, counts] of table.entries()) {
    for (const [column, count] of counts.entries()) {
      for (let repeat = 0; repeat < count; repeat += 1) {
        const place = segment(a.length);
        a.push({ ...place, label: labels[row]! });
        b.push({ ...place, label: labels[column]! });
      }
    }
  }
  return [track('R1', a), track('R2', b)];
}

/** Raters of one-second segments with these values, NaN for none. */
export function tracksOfValues(rows: readonly (readonly number[])[], measure: 'label' | 'score'): RaterTrack[] {
  return rows.map((values, rater) =>
    track(
      `R${rater + 1}`,
      values.flatMap((value, index) => {
        if (Number.isNaN(value)) return [];
        return [{ ...segment(index), ...(measure === 'label' ? { label: `l${value}` } : { score: value }) }];
      }),
    ),
  );
}

function track(raterId: string, ratings: readonly Rating[]): RaterTrack {
  return { raterId, raterType: 'human', ratings };
}
