/**
 * Statistics of a table of counts: row = label of rater A, column = label of rater B. A statistic that is not defined
 * is NaN here; `whyUndefined` turns that into a sentence before anybody sees it.
 */

/** Square table of counts; counts may be fractions where a unit is shared between cells. */
export interface ContingencyTable {
  /** Number of labels. */
  readonly size: number;
  /** Row by row, `size * size` counts. */
  readonly counts: ArrayLike<number>;
}

/** A table that is filled again for every draw. */
export interface DrawnTable extends ContingencyTable {
  readonly counts: Float64Array;
}

export function emptyTable(size: number): DrawnTable {
  return { size, counts: new Float64Array(size * size) };
}

/** Sums of rows and columns and of everything. */
export interface Margins {
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
  readonly total: number;
  /** Sum of the diagonal. */
  readonly agreed: number;
}

/** Plain arrays, as this is done for every draw of a bootstrap and typed ones are dear to make. */
export function marginsOf({ size, counts }: ContingencyTable): Margins {
  const rows = Array<number>(size).fill(0);
  const columns = Array<number>(size).fill(0);
  let [total, agreed] = [0, 0];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const count = counts[row * size + column]!;
      rows[row]! += count;
      columns[column]! += count;
      total += count;
    }
    agreed += counts[row * size + row]!;
  }
  return { rows, columns, total, agreed };
}

/** The table of one label against all others: size 2, the label first. */
export function oneAgainstRest({ size, counts }: ContingencyTable, label: number, margins: Margins): ContingencyTable {
  const both = counts[label * size + label]!;
  const onlyA = margins.rows[label]! - both;
  const onlyB = margins.columns[label]! - both;
  return { size: 2, counts: [both, onlyA, onlyB, margins.total - both - onlyA - onlyB] };
}

/** Share of units with the same label. */
export function rawAgreement(_: ContingencyTable, { agreed, total }: Margins): number {
  return agreed / total;
}

/** Whether a rater used one label only; such a rater cannot agree beyond chance. */
function isConstant(sums: ArrayLike<number>, total: number): boolean {
  for (let label = 0; label < sums.length; label += 1) if (sums[label] === total) return true;
  return false;
}

function chanceAgreement({ rows, columns, total }: Margins): number {
  let sum = 0;
  for (let label = 0; label < rows.length; label += 1) sum += rows[label]! * columns[label]!;
  return sum / (total * total);
}

function hasKappa({ rows, columns, total }: Margins): boolean {
  return total > 0 && !isConstant(rows, total) && !isConstant(columns, total);
}

/**
 * Cohen's kappa (Cohen 1960). NaN where a rater used one label only: the formula then gives 0 or 0/0 whatever the
 * agreement.
 */
export function cohenKappa(_: ContingencyTable, margins: Margins): number {
  if (!hasKappa(margins)) return Number.NaN;
  const expected = chanceAgreement(margins);
  return (margins.agreed / margins.total - expected) / (1 - expected);
}

/** The largest kappa that the two raters' label frequencies allow (Cohen 1960). */
export function kappaMax(table: ContingencyTable, margins: Margins): number {
  if (!hasKappa(margins)) return Number.NaN;
  const { rows, columns, total } = margins;
  let possible = 0;
  for (let label = 0; label < table.size; label += 1) possible += Math.min(rows[label]!, columns[label]!);
  const expected = chanceAgreement(margins);
  return (possible / total - expected) / (1 - expected);
}

/**
 * Gwet's AC1 (Gwet 2008), for all labels of the table, used in it or not: chance agreement is the sum of p(1 - p) over
 * the labels' mean shares, divided by their number less one. NaN for fewer than two labels.
 */
export function gwetAc1(table: ContingencyTable, { rows, columns, total, agreed }: Margins): number {
  if (table.size < 2 || total === 0) return Number.NaN;
  let chance = 0;
  for (let label = 0; label < table.size; label += 1) {
    const share = (rows[label]! + columns[label]!) / (2 * total);
    chance += share * (1 - share);
  }
  chance /= table.size - 1;
  return (agreed / total - chance) / (1 - chance);
}

/** Krippendorff's alpha for labels and two raters (Krippendorff 2011), from their table. NaN where one label is used. */
export function alphaOfTable(table: ContingencyTable, { rows, columns, total, agreed }: Margins): number {
  const values = 2 * total;
  let expected = values * values;
  for (let label = 0; label < table.size; label += 1) expected -= (rows[label]! + columns[label]!) ** 2;
  return expected > 0 ? 1 - (2 * (total - agreed) * (values - 1)) / expected : Number.NaN;
}

/** Prevalence index of a table of size 2: (both yes - both no) / n (Byrt, Bishop & Carlin 1993). */
export function prevalenceIndex({ size, counts }: ContingencyTable): number {
  if (size !== 2) return Number.NaN;
  const [a, b, c, d] = counts as unknown as readonly [number, number, number, number];
  return (a - d) / (a + b + c + d);
}

/** Bias index of a table of size 2: how much more often A than B said yes, as a share of n (Byrt et al. 1993). */
export function biasIndex({ size, counts }: ContingencyTable): number {
  if (size !== 2) return Number.NaN;
  const [a, b, c, d] = counts as unknown as readonly [number, number, number, number];
  return (b - c) / (a + b + c + d);
}

/** Specific agreement on the first label of a table of size 2: 2a / (2a + b + c) (Fleiss 1975). */
export function specificAgreement({ size, counts }: ContingencyTable): number {
  if (size !== 2) return Number.NaN;
  const [a, b, c] = counts as unknown as readonly [number, number, number];
  return (2 * a) / (2 * a + b + c);
}

/**
 * Kappa of a table whose last row and column hold annotations without a counterpart (Holle & Rein 2015, EasyDIAg).
 * Nothing can be unmatched on both sides, so the expected counts are those of independence with that one cell empty
 * (quasi-independence, Goodman 1968): the limit of the iterative proportional fitting of the paper. For one empty cell it is
 * e_ij = r_i c_j (N - r_0 - c_0) / ((N - r_0)(N - c_0)), with r_0 and c_0 the unmatched of either rater; where all are
 * unmatched the fitting itself would approach it ever more slowly.
 * NaN where a rater has one label only and nothing is unmatched, or there are no labels at all.
 */
export function kappaWithUnmatched({ size, counts }: ContingencyTable, margins: Margins): number {
  const { rows, columns, total } = margins;
  if (size < 2 || !hasKappa(margins)) return Number.NaN;
  const none = size - 1;
  const [onlyA, onlyB] = [columns[none]!, rows[none]!];
  let observed = 0;
  let products = 0;
  for (let label = 0; label < none; label += 1) {
    observed += counts[label * size + label]!;
    products += rows[label]! * columns[label]!;
  }
  const expected = products === 0 ? 0 : (products * (total - onlyA - onlyB)) / ((total - onlyB) * (total - onlyA));
  return expected === total ? Number.NaN : (observed - expected) / (total - expected);
}
