/** Sentiment metrics of one availability pattern; labels and predictions in [-3, 3]. */
export interface SentimentCell {
  /** Negative against positive, zero labels dropped; a share. */
  readonly acc2: number;
  /** F1 weighted by support, negative against positive; a share. */
  readonly f1: number;
  /** Seven classes, rounded to the nearest integer with ties to even; a share. */
  readonly acc7: number;
  readonly mae: number;
  /** Pearson's r; NaN when one side is constant. */
  readonly corr: number;
}

const LIMIT = 3;

/**
 * The metrics that the missing-modality literature reports for CMU-MOSI and CMU-MOSEI.
 * @param labels human labels, `predictions` of the same length.
 */
export function sentimentCell(labels: readonly number[], predictions: readonly number[]): SentimentCell {
  const counts = [0, 0, 0, 0];
  let [exact, distance] = [0, 0];
  labels.forEach((label, i) => {
    const prediction = predictions[i] ?? Number.NaN;
    distance += Math.abs(label - prediction);
    if (seventh(label) === seventh(prediction)) exact++;
    if (label === 0) return;
    const at = (label > 0 ? 2 : 0) + (prediction > 0 ? 1 : 0);
    counts[at] = (counts[at] ?? 0) + 1;
  });
  const [trueNegative = 0, falsePositive = 0, falseNegative = 0, truePositive = 0] = counts;
  const [negatives, positives] = [trueNegative + falsePositive, falseNegative + truePositive];
  const f1 = (hits: number, support: number, predicted: number): number =>
    support + predicted === 0 ? 0 : (2 * hits) / (support + predicted);
  const weighted =
    f1(trueNegative, negatives, trueNegative + falseNegative) * negatives +
    f1(truePositive, positives, truePositive + falsePositive) * positives;
  return {
    acc2: (trueNegative + truePositive) / (negatives + positives),
    f1: weighted / (negatives + positives),
    acc7: exact / labels.length,
    mae: distance / labels.length,
    corr: pearson(labels, predictions),
  };
}

/** Mean of each metric; correlations that do not exist are left out. */
export function meanCell(cells: readonly SentimentCell[]): SentimentCell {
  const mean = (name: keyof SentimentCell): number => {
    const values = cells.map((cell) => cell[name]).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return { acc2: mean('acc2'), f1: mean('f1'), acc7: mean('acc7'), mae: mean('mae'), corr: mean('corr') };
}

/** Clipped to [-3, 3], rounded with ties to even, as numpy does. */
function seventh(value: number): number {
  const clipped = Math.min(LIMIT, Math.max(-LIMIT, value));
  const below = Math.floor(clipped);
  if (clipped - below !== 0.5) return Math.round(clipped) + 0;
  return below % 2 === 0 ? below + 0 : below + 1;
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - meanA, (b[i] ?? Number.NaN) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return aa === 0 || bb === 0 ? Number.NaN : ab / Math.sqrt(aa * bb);
}
