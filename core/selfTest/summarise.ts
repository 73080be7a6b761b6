import { intervalsOf } from '../agreement/bootstrap.js';
import { MODALITIES } from '../recording/modality.js';
import type { DescriptorFigures, Figure, SelfTestCase, SelfTestPart } from './selfTest.js';
import { FEWEST_FOR_INTERVALS } from './selfTest.js';

const DRAWS = 1000;
/** Fewest segments for a comparison with the constant. */
const FEWEST_FOR_CONSTANT = 5;

/** One number per case, NaN where it is not defined. */
interface Column {
  readonly values: Float64Array;
}

/** Weighted mean of the defined values; NaN when none is drawn. */
function meanOf({ values }: Column, weights: Float64Array): number {
  let sum = 0;
  let count = 0;
  values.forEach((value, place) => {
    const weight = weights[place]!;
    if (Number.isNaN(value) || weight === 0) return;
    sum += weight * value;
    count += weight;
  });
  return count === 0 ? Number.NaN : sum / count;
}

interface Quantity {
  readonly name: string;
  readonly unit: string;
  readonly error: Column;
  readonly constant: Column;
  readonly covered: Column;
  readonly n: number;
}

/**
 * Summarises a self-test by modality and by what it was recovered from, largest first within a modality. Intervals are
 * 95 % percentile bootstraps over segments. Yields often, so that a cancellation can be heard.
 * @param key names the draws; the same key and cases give the same intervals.
 */
export function* summariseSelfTest(
  cases: readonly SelfTestCase[],
  key: string,
): Generator<undefined, SelfTestPart[], void> {
  const parts: SelfTestPart[] = [];
  for (const modality of MODALITIES) {
    const ofModality = cases.filter((item) => item.modality === modality);
    const patterns = [...new Set(ofModality.map(({ from }) => from))].sort();
    const groups = patterns.map((from) => ofModality.filter((item) => item.from === from));
    groups.sort((a, b) => b.length - a.length);
    for (const group of groups) parts.push(yield* summarise(group, `${key}/${modality}/${group[0]!.from}`));
  }
  return parts;
}

function* summarise(cases: readonly SelfTestCase[], key: string): Generator<undefined, SelfTestPart, void> {
  const { modality, from } = cases[0]!;
  const n = cases.length;
  const quantities = quantitiesOf(cases);
  const columns = {
    scoreChange: column(cases, ({ full, hidden }) => Math.abs(hidden.score.value - full.score.value)),
    scoreChangeDropped: column(cases, ({ full, hidden }) =>
      Math.abs((hidden.ablations?.recovery?.score.value ?? Number.NaN) - full.score.value),
    ),
    labelStays: column(cases, ({ full, hidden }) => (hidden.label === full.label ? 1 : 0)),
    labelStaysDropped: column(cases, ({ full, hidden }) => {
      const dropped = hidden.ablations?.recovery?.label;
      return dropped === undefined ? Number.NaN : dropped === full.label ? 1 : 0;
    }),
    scoreCovered: column(cases, ({ full, hidden }) =>
      full.score.value >= hidden.score.low && full.score.value <= hidden.score.high ? 1 : 0,
    ),
  };
  // the mean of one or two others is no constant to be measured against
  const relative = (weights: Float64Array): number =>
    n < FEWEST_FOR_CONSTANT ? Number.NaN : relativeError(quantities, weights);
  const statistics: ((weights: Float64Array) => number)[] = [
    ...Object.values(columns).map((item) => (weights: Float64Array) => meanOf(item, weights)),
    relative,
    ...quantities.flatMap(({ error, constant, covered }) =>
      [error, constant, covered].map((item) => (weights: Float64Array) => meanOf(item, weights)),
    ),
  ];
  const figures = yield* figuresOf(statistics, n, key);
  const [scoreChange, scoreChangeDropped, labelStays, labelStaysDropped, scoreCovered, relativeFigure] = figures;
  const descriptors = quantities.map(({ name, unit, n: measured }, place): DescriptorFigures => {
    const [error, constant, covered] = figures.slice(6 + place * 3, 9 + place * 3);
    return { name, unit, n: measured, error: error!, constant: constant!, covered: covered! };
  });
  const isDefined = (figure: Figure | undefined): figure is Figure =>
    figure !== undefined && !Number.isNaN(figure.value);
  return {
    modality,
    from,
    n,
    descriptors,
    ...(isDefined(relativeFigure) ? { relativeError: relativeFigure } : {}),
    scoreChange: scoreChange!,
    ...(isDefined(scoreChangeDropped) ? { scoreChangeDropped } : {}),
    labelStays: labelStays!,
    ...(isDefined(labelStaysDropped) ? { labelStaysDropped } : {}),
    scoreCovered: scoreCovered!,
  };
}

/** Median over the quantities of error by constant's error; quantities that never vary tell nothing. */
function relativeError(quantities: readonly Quantity[], weights: Float64Array): number {
  const ratios = quantities
    .map(({ error, constant }) => meanOf(error, weights) / meanOf(constant, weights))
    .filter((ratio) => Number.isFinite(ratio));
  ratios.sort((a, b) => a - b);
  const middle = ratios.length / 2;
  return ((ratios[Math.ceil(middle) - 1] ?? Number.NaN) + (ratios[Math.floor(middle)] ?? Number.NaN)) / 2;
}

function* figuresOf(
  statistics: readonly ((weights: Float64Array) => number)[],
  n: number,
  key: string,
): Generator<undefined, Figure[], void> {
  const all = (weights: Float64Array): number[] => statistics.map((statistic) => statistic(weights));
  const values = all(new Float64Array(n).fill(1));
  if (n < FEWEST_FOR_INTERVALS) return values.map((value) => ({ value }));
  const classOf = Uint32Array.from({ length: n }, (_, place) => place);
  const intervals = yield* intervalsOf({ classOf, classes: n }, { draws: DRAWS, key }, all);
  return values.map((value, place) => {
    const interval = intervals[place];
    return interval !== undefined && 'low' in interval ? { value, ...interval } : { value };
  });
}

function column(cases: readonly SelfTestCase[], of: (item: SelfTestCase) => number): Column {
  return { values: Float64Array.from(cases, of) };
}

/** Every quantity that was measured in at least two segments; with one there is no constant to compare with. */
function quantitiesOf(cases: readonly SelfTestCase[]): Quantity[] {
  const names = [...new Set(cases.flatMap(({ descriptors }) => descriptors.map(({ recovered }) => recovered.name)))];
  return names.flatMap((name) => {
    const found = cases.map(({ descriptors }) => descriptors.find(({ recovered }) => recovered.name === name));
    const known = found.filter((item) => item !== undefined);
    if (known.length < 2) return [];
    const sum = known.reduce((total, { measured }) => total + measured, 0);
    const values = (of: (item: (typeof known)[number]) => number): Column => ({
      values: Float64Array.from(found, (item) => (item === undefined ? Number.NaN : of(item))),
    });
    return [
      {
        name,
        unit: known[0]!.recovered.unit,
        n: known.length,
        error: values(({ recovered, measured }) => Math.abs(recovered.mean - measured)),
        // the mean of the others: a segment must not know itself
        constant: values(({ measured }) => Math.abs((sum - measured) / (known.length - 1) - measured)),
        covered: values(({ recovered, measured }) => (measured >= recovered.low && measured <= recovered.high ? 1 : 0)),
      },
    ];
  });
}
