/** Two raters' labels: table, statistics and intervals of one set of units. */
import type { AgreementUnit } from './agreementUnit.js';
import { type Draws, intervalsOf } from './bootstrap.js';
import { classSizes, type Resampling } from './clusterDraws.js';
import { denseClusters } from './clusters.js';
import {
  alphaOfTable,
  biasIndex,
  cohenKappa,
  type ContingencyTable,
  type DrawnTable,
  emptyTable,
  gwetAc1,
  kappaMax,
  kappaWithUnmatched,
  type Margins,
  marginsOf,
  oneAgainstRest,
  prevalenceIndex,
  rawAgreement,
  specificAgreement,
} from './contingency.js';
import { statisticValue, type StatisticName, type StatisticValue } from './statistics.js';

type TableStatistic = readonly [name: StatisticName, compute: (table: ContingencyTable, margins: Margins) => number];

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

/** What clusters add to the table. Clusters that add the same are one class: with few labels there are few classes. */
interface Cells extends Resampling {
  /** How many clusters each class has. */
  readonly sizes: Float64Array;
  /** Parts of the classes: which class adds how much to which cell. */
  readonly owner: Uint32Array;
  readonly cell: Uint32Array;
  readonly weight: Float64Array;
}

type Part = readonly [cell: number, weight: number];

/** @param size labels, and one more for "unmatched" where a missing label counts as one. */
function partsOf(unit: AgreementUnit, size: number): readonly Part[] {
  const [a = size - 1, b = size - 1] = unit.labels;
  if (!unit.tolerated) return [[a * size + b, unit.weight]];
  return [
    [a * size + a, unit.weight / 2],
    [b * size + b, unit.weight / 2],
  ];
}

function cellsOf(units: readonly AgreementUnit[], size: number): Cells {
  const dense = denseClusters(units);
  const parts = Array.from({ length: dense.count }, (): Part[] => []);
  for (const [index, unit] of units.entries()) parts[dense.of[index]!]!.push(...partsOf(unit, size));
  const numbers = new Map<string, number>();
  const distinct: (readonly Part[])[] = [];
  const classOf = Uint32Array.from(parts, (list) => {
    const signature = list.map(([cell, weight]) => `${cell}:${weight}`).join(' ');
    let number = numbers.get(signature);
    if (number === undefined) {
      number = distinct.push(list) - 1;
      numbers.set(signature, number);
    }
    return number;
  });
  const flat = distinct.flatMap((list, owner) => list.map(([cell, weight]) => ({ owner, cell, weight })));
  const resampling = { classOf, classes: distinct.length };
  return {
    ...resampling,
    sizes: classSizes(resampling),
    owner: Uint32Array.from(flat, ({ owner }) => owner),
    cell: Uint32Array.from(flat, ({ cell }) => cell),
    weight: Float64Array.from(flat, ({ weight }) => weight),
  };
}

/** @param drawn how often each class was drawn; `sizes` for the material itself. */
function fillTable(table: DrawnTable, { owner, cell, weight }: Cells, drawn: Float64Array): ContingencyTable {
  const { counts } = table;
  counts.fill(0);
  for (let index = 0; index < cell.length; index += 1) counts[cell[index]!]! += weight[index]! * drawn[owner[index]!]!;
  return table;
}

function evaluate(table: ContingencyTable): number[] {
  const margins = marginsOf(table);
  const values = OVERALL.map(([, compute]) => compute(table, margins));
  for (let label = 0; label < table.size; label += 1) {
    const own = oneAgainstRest(table, label, margins);
    const ownMargins = marginsOf(own);
    for (const [, compute] of PER_LABEL) values.push(compute(own, ownMargins));
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
  resampling: Draws,
): Generator<undefined, LabelComparison> {
  const size = names.labels.length;
  const cells = cellsOf(units, size);
  yield;
  const table = fillTable(emptyTable(size), cells, cells.sizes);
  const draw = emptyTable(size);
  const intervals = yield* intervalsOf(cells, resampling, (drawn) => evaluate(fillTable(draw, cells, drawn)));
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
  const margins = marginsOf(table);
  const statistics = take(OVERALL, table, names.labels);
  const perLabel = names.labels.map((label, index) => ({
    label,
    statistics: take(PER_LABEL, oneAgainstRest(table, index, margins), [label, `anything but ${label}`]),
  }));
  return { table, statistics, perLabel };
}

/** Kappa of all annotations, those without a counterpart among them. */
export function* compareWithUnmatched(
  units: readonly AgreementUnit[],
  names: Names,
  resampling: Draws,
): Generator<undefined, StatisticValue> {
  const size = names.labels.length + 1;
  const cells = cellsOf(units, size);
  const draw = emptyTable(size);
  const kappa = (of: ContingencyTable) => kappaWithUnmatched(of, marginsOf(of));
  const intervals = yield* intervalsOf(cells, resampling, (drawn) => [kappa(fillTable(draw, cells, drawn))]);
  const table = fillTable(emptyTable(size), cells, cells.sizes);
  const why = () =>
    whyUndefined('kappa_with_unmatched', table, { ...names, labels: [...names.labels, 'no annotation'] });
  return statisticValue('kappa_with_unmatched', kappa(table), intervals[0], why);
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
  const only = (sums: ArrayLike<number>) => labels[Array.from(sums).indexOf(total)];
  const [onlyA, onlyB] = [only(rows), only(columns)];
  if (onlyA !== undefined && onlyA === onlyB) {
    return `Not defined: both raters used only “${onlyA}” here, so there is nothing to tell from chance.`;
  }
  if (name === 'gwet_ac1') return 'Not defined: only one label was used in all of the material.';
  const [who, what] = onlyA === undefined ? [b, onlyB] : [a, onlyA];
  return `Not defined: ${who} used only “${what ?? ''}” here; a rater who does not distinguish cannot agree beyond chance.`;
}
