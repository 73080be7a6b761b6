/** Two raters' labels: table, statistics and intervals of one set of units. */
import type { AgreementUnit } from './agreementUnit.js';
import { bootstrapIntervals, type BootstrapInterval, type Resampling } from './bootstrap.js';
import { denseClusters } from './clusters.js';
import {
  alphaOfTable,
  biasIndex,
  cohenKappa,
  type ContingencyTable,
  emptyTable,
  gwetAc1,
  kappaMax,
  kappaWithUnmatched,
  marginsOf,
  oneAgainstRest,
  prevalenceIndex,
  rawAgreement,
  specificAgreement,
} from './contingency.js';
import { statisticValue, type StatisticName, type StatisticValue } from './statistics.js';

type TableStatistic = readonly [name: StatisticName, compute: (table: ContingencyTable) => number];

const OVERALL: readonly TableStatistic[] = [
  ['raw_agreement', rawAgreement],
  ['cohen_kappa', cohenKappa],
  ['kappa_max', kappaMax],
  ['gwet_ac1', gwetAc1],
  ['krippendorff_alpha_nominal', alphaOfTable],
  ['prevalence_index', prevalenceIndex],
  ['bias_index', biasIndex],
];

const PER_LABEL: readonly TableStatistic[] = [
  ['cohen_kappa', cohenKappa],
  ['specific_agreement', specificAgreement],
  ['raw_agreement', rawAgreement],
  ['kappa_max', kappaMax],
  ['gwet_ac1', gwetAc1],
  ['prevalence_index', prevalenceIndex],
  ['bias_index', biasIndex],
];

export interface LabelStatistics {
  readonly label: string;
  readonly statistics: readonly StatisticValue[];
}

export interface LabelComparison {
  readonly table: ContingencyTable;
  readonly statistics: readonly StatisticValue[];
  readonly perLabel: readonly LabelStatistics[];
}

/** Names of what is compared, for sentences. */
export interface Names {
  readonly raters: readonly string[];
  readonly labels: readonly string[];
}

/** Cells that the units add to, with the dense number of their cluster. */
interface Cells {
  readonly clusters: number;
  readonly cluster: Uint32Array;
  readonly cell: Uint32Array;
  readonly weight: Float64Array;
}

/** @param size labels, and one more for "unmatched" where a missing label counts as one. */
function cellsOf(units: readonly AgreementUnit[], size: number): Cells {
  const dense = denseClusters(units);
  const cluster: number[] = [];
  const cell: number[] = [];
  const weight: number[] = [];
  for (const [index, unit] of units.entries()) {
    const [a = size - 1, b = size - 1] = unit.labels;
    const parts: readonly (readonly [number, number])[] = unit.tolerated
      ? [
          [a * size + a, unit.weight / 2],
          [b * size + b, unit.weight / 2],
        ]
      : [[a * size + b, unit.weight]];
    for (const [place, share] of parts) {
      cluster.push(dense.of[index]!);
      cell.push(place);
      weight.push(share);
    }
  }
  return {
    clusters: dense.count,
    cluster: Uint32Array.from(cluster),
    cell: Uint32Array.from(cell),
    weight: Float64Array.from(weight),
  };
}

function fillTable(table: ContingencyTable, cells: Cells, drawn?: Float64Array): ContingencyTable {
  const { counts } = table;
  const { cluster, cell, weight } = cells;
  counts.fill(0);
  for (let index = 0; index < cell.length; index += 1) {
    counts[cell[index]!]! += weight[index]! * (drawn === undefined ? 1 : drawn[cluster[index]!]!);
  }
  return table;
}

function evaluate(table: ContingencyTable): number[] {
  const values = OVERALL.map(([, compute]) => compute(table));
  for (let label = 0; label < table.size; label += 1) {
    const own = oneAgainstRest(table, label);
    for (const [, compute] of PER_LABEL) values.push(compute(own));
  }
  return values;
}

/**
 * Statistics of units that both raters labelled.
 * @param names the two raters, and the labels that any rater used, in the order of their indices.
 */
export function* compareLabels(
  units: readonly AgreementUnit[],
  names: Names,
  resampling: Pick<Resampling, 'draws' | 'key'>,
): Generator<void, LabelComparison> {
  const size = names.labels.length;
  const cells = cellsOf(units, size);
  const table = fillTable(emptyTable(size), cells);
  const draw = emptyTable(size);
  const intervals = yield* intervalsOf(cells.clusters, resampling, (drawn) => evaluate(fillTable(draw, cells, drawn)));
  const values = evaluate(table);
  let place = 0;
  const take = (statistics: readonly TableStatistic[], own: ContingencyTable, ownLabels: readonly string[]) =>
    statistics.map(([name]) => {
      const value = values[place]!;
      const interval = intervals[place];
      place += 1;
      const why = () => whyUndefined(name, own, { raters: names.raters, labels: ownLabels });
      return statisticValue(name, value, interval, why);
    });
  const statistics = take(OVERALL, table, names.labels);
  const perLabel = names.labels.map((label, index) => ({
    label,
    statistics: take(PER_LABEL, oneAgainstRest(table, index), [label, `anything but ${label}`]),
  }));
  return { table, statistics, perLabel };
}

/** Kappa of all annotations, those without a counterpart among them. */
export function* compareWithUnmatched(
  units: readonly AgreementUnit[],
  names: Names,
  resampling: Pick<Resampling, 'draws' | 'key'>,
): Generator<void, StatisticValue> {
  const size = names.labels.length + 1;
  const cells = cellsOf(units, size);
  const draw = emptyTable(size);
  const intervals = yield* intervalsOf(cells.clusters, resampling, (drawn) => [
    kappaWithUnmatched(fillTable(draw, cells, drawn)),
  ]);
  const table = fillTable(emptyTable(size), cells);
  const why = () =>
    whyUndefined('kappa_with_unmatched', table, { ...names, labels: [...names.labels, 'no annotation'] });
  return statisticValue('kappa_with_unmatched', kappaWithUnmatched(table), intervals[0], why);
}

/** Intervals of all statistics; with fewer than two clusters there is nothing to draw from. */
export function* intervalsOf(
  clusters: number,
  { draws, key }: Pick<Resampling, 'draws' | 'key'>,
  statistics: (drawn: Float64Array) => readonly number[],
): Generator<void, readonly BootstrapInterval[]> {
  if (draws === 0) return [];
  if (clusters < 2) {
    const why = 'No interval: all units lie in one annotation, so there is nothing to draw from.';
    return clusters === 0 ? [] : statistics(new Float64Array(clusters).fill(1)).map(() => ({ why }));
  }
  return yield* bootstrapIntervals({ clusters, draws, key }, statistics);
}

/** The sentence that stands where a statistic of a table has no value. */
function whyUndefined(name: StatisticName, table: ContingencyTable, { raters, labels }: Names): string {
  const { rows, columns, total } = marginsOf(table);
  const [a = 'The first rater', b = 'the second rater'] = raters;
  if (total === 0) return `Not defined: there is no unit that both ${a} and ${b} rated here.`;
  if (name === 'prevalence_index' || name === 'bias_index') {
    return 'Not defined for more than two labels; it is given for each label.';
  }
  if (name === 'specific_agreement') return `Not defined: neither ${a} nor ${b} used this label here.`;
  const only = (sums: Float64Array) => labels[sums.findIndex((sum) => sum === total)];
  const [onlyA, onlyB] = [only(rows), only(columns)];
  if (onlyA !== undefined && onlyA === onlyB) {
    return `Not defined: both raters used only “${onlyA}” here, so there is nothing to tell from chance.`;
  }
  if (name === 'gwet_ac1') return 'Not defined: only one label was used in all of the material.';
  const [who, what] = onlyA === undefined ? [b, onlyB] : [a, onlyA];
  return `Not defined: ${who} used only “${what ?? ''}” here; a rater who does not distinguish cannot agree beyond chance.`;
}
